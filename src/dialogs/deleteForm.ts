/**
 * Deleting one thing, after its name was typed; no DOM.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { ISubmittable } from './submitDialog';

/**
 * Ready once the name was typed as it is.
 */
export class DeleteForm implements ISubmittable {
  /**
   * @param _delete - Asks the server; rejects with a `RequestError`.
   */
  constructor(
    readonly name: string,
    readonly submitLabel: string,
    private readonly _delete: () => Promise<unknown>
  ) {}

  get typed(): string {
    return this._typed;
  }
  set typed(value: string) {
    this._typed = value;
    this._changed.emit();
  }

  get isReady(): boolean {
    return this._typed.trim() === this.name;
  }

  /** Why the last attempt was refused, or null. */
  get failure(): RequestFailure | null {
    return this._failure;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async submit(): Promise<boolean> {
    try {
      await this._delete();
      return true;
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._changed.emit();
      return false;
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _failure: RequestFailure | null = null;
  private _typed = '';
}
