/**
 * The VM sizes of the region; fetched when a view asks, kept while it is fresh; no DOM.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { ISizesModel, SizesState } from '../tokens';
import { Coalescer } from './coalescer';

/**
 * VM sizes with prices and quota, as the server last told them.
 */
export class SizesModel implements ISizesModel {
  constructor(private readonly _client: CiManagerClient) {}

  get state(): SizesState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  refresh(options: { readonly force?: boolean } = {}): Promise<void> {
    return this._fetches.run(options.force);
  }

  /** Forget what is known, because the workspace is another one. */
  reset(): void {
    this._become({ status: 'loading' });
  }

  private async _fetch(force: boolean): Promise<void> {
    try {
      const value = await this._client.sizes({ refresh: force });
      this._become({ status: 'ready', value });
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this._become({ status: 'failed', failure });
    }
  }

  private _become(state: SizesState): void {
    this._state = state;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _fetches = new Coalescer(force => this._fetch(force));
  private _state: SizesState = { status: 'loading' };
}
