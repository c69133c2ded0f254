/**
 * What the list shows: instances and operations joined, filtered and ordered; no DOM.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import { isActive } from './operations';
import { RowOrder } from './rowOrder';
import { comparator, isMine, matches } from './rows';
import type { InstanceRow, Row } from './rows';
import type { Instance, VmSize } from '../api/types';
import type { ICiManager, Sort } from '../tokens';

/**
 * The rows of one list.
 */
export class Listing implements IDisposable {
  constructor(private readonly _manager: ICiManager) {
    const { instances, operations, actions, preferences } = _manager;
    instances.changed.connect(this._update, this);
    operations.changed.connect(this._update, this);
    actions.changed.connect(this._update, this);
    preferences.changed.connect(this._onPreferencesChanged, this);
    this._sort = preferences.values.sort;
    this._update();
  }

  /** The rows that match, in order. */
  get rows(): readonly Row[] {
    return this._rows;
  }

  /** How many rows there are without any filter. */
  get total(): number {
    return this._total;
  }

  /** Words that a row must have. */
  get query(): string {
    return this._query;
  }
  set query(value: string) {
    this._query = value;
    this._update();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Put rows where the sort wants them, also those that are on screen already. */
  rearrange(): void {
    this._order.reset();
    this._update();
  }

  private _onPreferencesChanged(): void {
    const { sort } = this._manager.preferences.values;
    if (sort !== this._sort) {
      this._sort = sort;
      this._order.reset();
    }
    this._update();
  }

  private _update(): void {
    const all = joinRows(this._manager);
    const { onlyMine } = this._manager.preferences.values;
    const shown = all.filter(
      row => (!onlyMine || isMine(row)) && matches(row, this._query)
    );
    this._total = all.length;
    this._rows = this._order.arrange(shown, comparator(this._sort));
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _order = new RowOrder<Row>();
  private _isDisposed = false;
  private _query = '';
  private _rows: readonly Row[] = [];
  private _sort: Sort;
  private _total = 0;
}

/** What is known of an instance from all models, in one row. */
export function instanceRow(
  manager: ICiManager,
  instance: Instance,
  sizes: Readonly<Record<string, VmSize>>
): InstanceRow {
  return {
    kind: 'instance',
    name: instance.name,
    instance,
    size: sizes[instance.vm_size] ?? null,
    operation: manager.operations.activeOn(instance.name),
    pending: manager.actions.pending.get(instance.name) ?? null
  };
}

function joinRows(manager: ICiManager): Row[] {
  const { instances, operations } = manager;
  const { state } = instances;
  if (state.status !== 'ready') {
    return [];
  }
  const rows: Row[] = state.items.map(instance =>
    instanceRow(manager, instance, state.sizes)
  );
  for (const operation of operations.items) {
    if (
      operation.kind === 'instance.create' &&
      isActive(operation) &&
      operation.workspace_id === state.workspaceId &&
      instances.find(operation.target) === null
    ) {
      rows.push({ kind: 'requested', name: operation.target, operation });
    }
  }
  return rows;
}
