/**
 * The rows of the list: what they are, which match a filter and how they are ordered. Pure.
 */
import type { Instance, InstanceAction, Operation, VmSize } from '../api/types';
import { isoDurationSeconds } from '../format';
import type { Sort, SortKey } from '../tokens';

/**
 * One row of the list.
 *
 * - `instance`: an instance that Azure lists.
 * - `requested`: one that is being created and that Azure does not list yet.
 */
export type Row =
  | {
      readonly kind: 'instance';
      readonly name: string;
      readonly instance: Instance;
      readonly size: VmSize | null;
      readonly operation: Operation | null;
      readonly pending: InstanceAction | null;
    }
  | {
      readonly kind: 'requested';
      readonly name: string;
      readonly operation: Operation;
    };

/** A row that stands for an instance. */
export type InstanceRow = Extract<Row, { kind: 'instance' }>;

/**
 * Who answers for an instance: whom it is assigned to, else who created it.
 */
export function ownerOf(instance: Instance): string | null {
  return instance.assigned_to?.name ?? instance.created_by?.name ?? null;
}

/**
 * Whether an instance is one that "stop all my running instances" stops.
 */
export function isRunning(instance: Instance): boolean {
  return instance.state === 'Running' || instance.state === 'JobRunning';
}

/** States other than those of a running instance in which its virtual machine is on. */
const ON: ReadonlySet<string> = new Set([
  'SettingUp',
  'SetupFailed',
  'UserSettingUp',
  'UserSetupFailed',
  'Restarting'
]);

/**
 * Whether the virtual machine is on, and billed by the hour.
 *
 * #### Notes
 * A script that failed leaves it on. Of the state `Unusable` nobody knows.
 */
export function isBilled(instance: Instance): boolean {
  return isRunning(instance) || ON.has(instance.state);
}

/** Whether it is on and can be stopped, which is what "stop all" stops. */
export function isStoppable(instance: Instance): boolean {
  return isBilled(instance) && instance.actions.includes('stop');
}

/**
 * Seconds that the virtual machine has been on, or null where Azure does not say.
 */
export function uptimeSeconds(instance: Instance, now: number): number | null {
  if (!isBilled(instance) || instance.state_since === null) {
    return null;
  }
  return Math.max(0, (now - Date.parse(instance.state_since)) / 1000);
}

/** Whether a row has the text in its name, state, size or owner. */
export function matches(row: Row, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return true;
  }
  const text = (
    row.kind === 'instance'
      ? [
          row.name,
          row.instance.state,
          row.instance.vm_size,
          ownerOf(row.instance) ?? ''
        ]
      : [row.name]
  )
    .join('\n')
    .toLowerCase();
  return words.every(word => text.includes(word));
}

/** Whether a row belongs to the person who is signed in. */
export function isMine(row: Row): boolean {
  // What is being created is shown to who asked for it.
  return row.kind === 'requested' || row.instance.mine;
}

/** The order of rows by a sort key; ties by name. */
export function comparator(sort: Sort): (a: Row, b: Row) => number {
  const { key, descending } = sortParts(sort);
  const sign = descending ? -1 : 1;
  return (a, b) => {
    const left = valueOf(a, key);
    const right = valueOf(b, key);
    // What is not known comes last in both directions.
    if (left === null || right === null) {
      return left === right
        ? byName(a, b)
        : Number(left === null) - Number(right === null);
    }
    return sign * compare(left, right) || byName(a, b);
  };
}

/** A sort taken apart. */
export function sortParts(sort: Sort): {
  readonly key: SortKey;
  readonly descending: boolean;
} {
  return sort.startsWith('-')
    ? { key: sort.slice(1) as SortKey, descending: true }
    : { key: sort as SortKey, descending: false };
}

function valueOf(row: Row, key: SortKey): string | number | null {
  if (row.kind === 'requested') {
    return key === 'name' ? row.name : null;
  }
  const { instance, size } = row;
  switch (key) {
    case 'name':
      return instance.name;
    case 'state':
      return instance.state;
    case 'size':
      return size?.vcpus ?? null;
    case 'owner':
      return ownerOf(instance);
    case 'uptime': {
      // The longer it runs, the earlier it began.
      return isBilled(instance) && instance.state_since !== null
        ? -Date.parse(instance.state_since)
        : null;
    }
    case 'cost':
      return size?.price?.amount_per_hour ?? null;
    case 'idle':
      return instance.idle_shutdown === null
        ? null
        : isoDurationSeconds(instance.idle_shutdown);
    case 'schedules':
      return instance.schedule_count;
  }
}

const collator = new Intl.Collator(undefined, {
  numeric: true,
  sensitivity: 'base'
});

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : collator.compare(String(a), String(b));
}

function byName(a: Row, b: Row): number {
  return collator.compare(a.name, b.name);
}
