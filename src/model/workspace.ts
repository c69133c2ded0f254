/**
 * Which workspace the server works in and what may be done there; no DOM, no words for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { Workspace } from '../api/types';
import type { IWorkspaceModel, WorkspaceState } from '../tokens';
import { Coalescer } from './coalescer';

/** The instance that this Jupyter server runs on, or null where it runs elsewhere. */
export function ownMachine(state: WorkspaceState): string | null {
  return state.status === 'known' ? state.value.this_instance : null;
}

/**
 * The workspace status as the server last told it.
 */
export class WorkspaceModel implements IWorkspaceModel {
  constructor(private readonly _client: CiManagerClient) {}

  get state(): WorkspaceState {
    return this._state;
  }

  get isReady(): boolean {
    return (
      this._state.status === 'known' && this._state.value.state === 'ready'
    );
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  refresh(options: { readonly force?: boolean } = {}): Promise<void> {
    return this._fetches.run(options.force);
  }

  async list(signal?: AbortSignal): Promise<readonly Workspace[]> {
    const answer = await this._client.workspaces(signal ? { signal } : {});
    return answer.items;
  }

  async select(id: string): Promise<void> {
    const value = await this._client.selectWorkspace(id);
    this._choices += 1;
    this._become({ status: 'known', value });
  }

  private async _fetch(force: boolean): Promise<void> {
    const choices = this._choices;
    try {
      const value = await this._client.workspace({ refresh: force });
      // Another one may have been chosen since the question was asked.
      if (choices === this._choices) {
        this._become({ status: 'known', value });
      }
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      // A workspace that was ready stays on screen: its list says that it is stale, and why.
      if (!this.isReady) {
        this._become({ status: 'failed', failure });
      }
    }
  }

  private _become(state: WorkspaceState): void {
    this._state = state;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  /** How often a workspace was chosen here. */
  private _choices = 0;
  private readonly _fetches = new Coalescer(force => this._fetch(force));
  private _state: WorkspaceState = { status: 'loading' };
}
