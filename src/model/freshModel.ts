/**
 * What models have in common that are fetched while someone watches; it knows no server and no DOM.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import { Freshness } from './freshness';

/**
 * A model with one state, which is fetched.
 */
export abstract class FreshModel<State> implements IDisposable {
  constructor(private _current: State) {}

  get state(): State {
    return this._current;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this.freshness.isDisposed;
  }

  dispose(): void {
    this.freshness.dispose();
  }

  /** Keep it fresh until the result is disposed. */
  watch(): IDisposable {
    return this.freshness.watch();
  }

  /** Fetch it now. A failure is a state of the model, which the views show. */
  async refresh(): Promise<void> {
    try {
      await this.freshness.refresh();
    } catch (reason) {
      // Any other failure is a defect, and thrown on.
      RequestError.failureOf(reason);
    }
  }

  /** Fetch, become what came, and resolve to the seconds after which to fetch again. */
  protected abstract fetch(): Promise<number>;

  protected become(state: State): void {
    this._current = state;
    this.announce();
  }

  /** Tell that something about it changed. */
  protected announce(): void {
    this._changed.emit();
  }

  protected readonly freshness = new Freshness(() => this.fetch());
  private readonly _changed = new Signal<this, void>(this);
}
