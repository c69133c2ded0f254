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
    this._become({
      status: 'known',
      value: await this._client.selectWorkspace(id)
    });
  }

  private async _fetch(force: boolean): Promise<void> {
    try {
      const value = await this._client.workspace({ refresh: force });
      this._become({ status: 'known', value });
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
  private readonly _fetches = new Coalescer(force => this._fetch(force));
  private _state: WorkspaceState = { status: 'loading' };
}
