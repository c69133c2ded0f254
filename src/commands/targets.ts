/**
 * On which instances a command acts: the named one, the picked ones, or one to be chosen. No DOM.
 */
import type { InstanceAction } from '../api/types';
import { instanceRow } from '../model/listing';
import { canRun } from '../model/permissions';
import type { InstanceRow } from '../model/rows';
import type { ICiManager } from '../tokens';

/**
 * The arguments of commands that act on instances.
 */
export interface ITargetArgs {
  readonly name?: string;
  /** A key was pressed on the active row: it is meant, and with it the picked ones it is among. */
  readonly focused?: boolean;
}

/** What a command's arguments say, whoever gave them. */
export function targetArgs(args: {
  readonly [key: string]: unknown;
}): ITargetArgs {
  const { name, focused } = args;
  return typeof name === 'string' ? { name } : { focused: focused === true };
}

/** The row of an instance, or null when there is none of that name. */
export function rowOf(manager: ICiManager, name: string): InstanceRow | null {
  const instance = manager.instances.find(name);
  const { state } = manager.instances;
  if (instance === null || state.status !== 'ready') {
    return null;
  }
  return instanceRow(manager, instance, state.sizes);
}

/** The rows that a command is about: the named one, else the picked ones. */
export function targetsOf(
  manager: ICiManager,
  args: ITargetArgs
): readonly InstanceRow[] {
  return namesOf(manager, args)
    .map(name => rowOf(manager, name))
    .filter((row): row is InstanceRow => row !== null);
}

/** The one row to open: the named one, the one under the focus, or the only one that is picked. */
export function rowToOpen(
  manager: ICiManager,
  args: ITargetArgs
): InstanceRow | null {
  const { active } = manager.selection;
  if (args.name === undefined && args.focused === true && active !== null) {
    return rowOf(manager, active);
  }
  const [first, ...others] = targetsOf(manager, args);
  return first === undefined || others.length > 0 ? null : first;
}

function namesOf(manager: ICiManager, args: ITargetArgs): readonly string[] {
  const { names, active } = manager.selection;
  if (args.name !== undefined) {
    return [args.name];
  }
  return args.focused === true && active !== null && !names.has(active)
    ? [active]
    : [...names];
}

/** The names of the instances that an action can be asked of now. */
export function candidates(
  manager: ICiManager,
  action: InstanceAction
): readonly string[] {
  const { state } = manager.instances;
  if (state.status !== 'ready') {
    return [];
  }
  return state.items
    .map(({ name }) => rowOf(manager, name))
    .filter((row): row is InstanceRow => row !== null)
    .filter(row => canRun(action, row, manager.workspace.state).allowed)
    .map(row => row.name);
}
