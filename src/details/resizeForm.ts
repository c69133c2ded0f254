/**
 * Another VM size for an instance, while it is chosen; no DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { VmSize } from '../api/types';
import type { ISubmittable } from '../dialogs/submitDialog';
import type { ICiManager } from '../tokens';

/**
 * Ready once a size is chosen that it has not, and that the quota allows.
 */
export class ResizeForm implements ISubmittable, IDisposable {
  constructor(
    private readonly _manager: ICiManager,
    readonly name: string,
    /** The size it has. */
    readonly vmSize: string,
    readonly submitLabel: string
  ) {
    void _manager.sizes.refresh();
  }

  get size(): VmSize | null {
    return this._size;
  }
  set size(value: VmSize | null) {
    this._size = value;
    this._failure = null;
    this._changed.emit();
  }

  get isReady(): boolean {
    return (
      this._size?.creatable === true &&
      this._size.name.toLowerCase() !== this.vmSize.toLowerCase()
    );
  }

  /** Why the last attempt was refused, or null. */
  get failure(): RequestFailure | null {
    return this._failure;
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

  async submit(): Promise<boolean> {
    if (this._size === null) {
      return false;
    }
    try {
      await this._manager.actions.resize(this.name, this._size.name);
      return true;
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._changed.emit();
      return false;
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _failure: RequestFailure | null = null;
  private _isDisposed = false;
  private _size: VmSize | null = null;
}
