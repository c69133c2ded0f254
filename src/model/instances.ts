/**
 * The workspace's instances as this tab last saw them; no DOM, no words for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Instance, InstanceList, VmSize } from '../api/types';
import type { IInstancesModel, InstancesState, ITransition } from '../tokens';
import { Coalescer } from './coalescer';

/**
 * All pages of the list, and how current they are.
 *
 * #### Notes
 * A failed fetch never empties a list that is known: it marks it as stale and says why.
 */
export class InstancesModel implements IInstancesModel {
  constructor(private readonly _client: CiManagerClient) {}

  get state(): InstancesState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get transitions(): ISignal<this, readonly ITransition[]> {
    return this._transitions;
  }

  find(name: string): Instance | null {
    return this._byName.get(name) ?? null;
  }

  /** Fetch the list; resolves also when that fails, which is a state. */
  refresh(options: { readonly force?: boolean } = {}): Promise<void> {
    return this._fetches.run(options.force);
  }

  /** Forget what is known, because the workspace is another one. */
  reset(): void {
    this._generation += 1;
    this._become({ status: 'loading' });
  }

  private async _fetch(force: boolean): Promise<void> {
    const generation = this._generation;
    let next: InstancesState;
    try {
      next = await this._loadAll(force);
    } catch (reason) {
      next = this._without(RequestError.failureOf(reason));
    }
    // An answer about the workspace before this one is of no use.
    if (generation !== this._generation) {
      return;
    }
    const changes = transitionsBetween(this._state, next);
    this._become(next);
    if (changes.length > 0) {
      this._transitions.emit(changes);
    }
  }

  private async _loadAll(force: boolean): Promise<InstancesState> {
    const first = await this._client.instances({ refresh: force });
    const items: Instance[] = [...first.items];
    const sizes: Record<string, VmSize> = { ...first.sizes };
    let page: InstanceList = first;
    while (page.cursor !== null) {
      page = await this._client.instances({ cursor: page.cursor });
      items.push(...page.items);
      Object.assign(sizes, page.sizes);
    }
    return {
      status: 'ready',
      workspaceId: first.workspace_id,
      items,
      sizes,
      fetchedAt: new Date(first.fetched_at),
      refreshAfterSeconds: first.refresh_after_seconds,
      stale:
        first.error === null ? null : { kind: 'refused', error: first.error }
    };
  }

  /** The state after a fetch that failed. */
  private _without(failure: RequestFailure): InstancesState {
    return this._state.status === 'ready'
      ? { ...this._state, stale: failure }
      : { status: 'failed', failure };
  }

  private _become(state: InstancesState): void {
    this._state = state;
    this._byName = new Map(
      state.status === 'ready' ? state.items.map(item => [item.name, item]) : []
    );
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _transitions = new Signal<this, readonly ITransition[]>(
    this
  );
  private readonly _fetches = new Coalescer(force => this._fetch(force));
  private _state: InstancesState = { status: 'loading' };
  private _byName: ReadonlyMap<string, Instance> = new Map();
  private _generation = 0;
}

function transitionsBetween(
  before: InstancesState,
  after: InstancesState
): ITransition[] {
  if (
    before.status !== 'ready' ||
    after.status !== 'ready' ||
    before.workspaceId !== after.workspaceId
  ) {
    return [];
  }
  const earlier = new Map(before.items.map(item => [item.name, item.state]));
  const changes: ITransition[] = [];
  for (const { name, state } of after.items) {
    if (earlier.get(name) !== state) {
      changes.push({ name, state });
    }
    earlier.delete(name);
  }
  for (const name of earlier.keys()) {
    changes.push({ name, state: null });
  }
  return changes;
}
