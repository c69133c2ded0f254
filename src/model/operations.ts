/**
 * Long-running work of this user, whoever started it; no DOM, no words for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Operation, OperationKind } from '../api/types';
import type { IOperationsModel } from '../tokens';
import { Coalescer } from './coalescer';

/**
 * Whether an operation is still going to change by itself.
 */
export function isActive(operation: Operation): boolean {
  return operation.state === 'queued' || operation.state === 'running';
}

/** Kinds of work whose tools print something worth reading. */
const WRITING_KINDS: ReadonlySet<OperationKind> = new Set([
  'script.dry_run',
  'disk.cleanup',
  'environment.create',
  'environment.change',
  'environment.remove',
  'kernel.register',
  'kernel.check'
] as const);

/**
 * Whether an operation has, or will have, a log of its own.
 */
export function writesLog({ kind }: Operation): boolean {
  return WRITING_KINDS.has(kind);
}

/** The newest operation of a kind that is under way, or null. */
export function operationUnderWay(
  operations: Pick<IOperationsModel, 'items'>,
  kind: OperationKind
): Operation | null {
  return (
    operations.items.find(each => each.kind === kind && isActive(each)) ?? null
  );
}

/**
 * The operations, fed by lists, by events and by answers to what was started here.
 */
export class OperationsModel implements IOperationsModel {
  constructor(private readonly _client: CiManagerClient) {}

  get items(): readonly Operation[] {
    return this._items;
  }

  get failure(): RequestFailure | null {
    return this._failure;
  }

  get warning(): string | null {
    return this._warning;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get updated(): ISignal<this, Operation> {
    return this._updated;
  }

  get startedHere(): ISignal<this, Operation> {
    return this._startedHere;
  }

  activeOn(name: string): Operation | null {
    return this._activeByTarget.get(name) ?? null;
  }

  refresh(): Promise<void> {
    return this._fetches.run();
  }

  /** Take in news of one operation; older revisions than the known one are dropped. */
  apply(operation: Operation): void {
    if (this._merge([operation])) {
      this._publish();
    }
  }

  /** Take in an operation that this tab has asked for. */
  adopt(operation: Operation): void {
    this.apply(operation);
    // An event may have told its end before the answer to the request was read.
    this._startedHere.emit(this._byId.get(operation.id) ?? operation);
  }

  async dismiss(id: string): Promise<void> {
    const known = this._byId.get(id);
    await this._client.dismissOperation(id);
    if (known !== undefined && isActive(known)) {
      // It was cancelled, which is an end to be told.
      await this.refresh();
      return;
    }
    this._byId.delete(id);
    this._publish();
  }

  private async _fetch(): Promise<void> {
    const known = new Set(this._byId.keys());
    try {
      const { items, warning } = await this._client.operations();
      this._failure = null;
      this._warning = warning;
      // What came in by event since the question was asked is not in this answer.
      const listed = new Set(items.map(item => item.id));
      for (const id of known) {
        if (!listed.has(id)) {
          this._byId.delete(id);
        }
      }
      this._merge(items);
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
    }
    this._publish();
  }

  private _merge(operations: readonly Operation[]): boolean {
    let merged = false;
    for (const operation of operations) {
      const known = this._byId.get(operation.id);
      if (known === undefined || known.revision < operation.revision) {
        this._byId.set(operation.id, operation);
        this._updated.emit(operation);
        merged = true;
      }
    }
    return merged;
  }

  private _publish(): void {
    this._items = [...this._byId.values()].sort((a, b) =>
      b.created_at.localeCompare(a.created_at)
    );
    this._activeByTarget = new Map(
      this._items
        .filter(item => isActive(item) && item.kind.startsWith('instance.'))
        .map(item => [item.target, item])
    );
    this._changed.emit();
  }

  private readonly _byId = new Map<string, Operation>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _updated = new Signal<this, Operation>(this);
  private readonly _startedHere = new Signal<this, Operation>(this);
  private readonly _fetches = new Coalescer(() => this._fetch());
  private _items: readonly Operation[] = [];
  private _activeByTarget: ReadonlyMap<string, Operation> = new Map();
  private _failure: RequestFailure | null = null;
  private _warning: string | null = null;
}
