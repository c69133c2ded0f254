/**
 * Whether someone looks: a view that is visible, on a page that is visible.
 */
import type { IDisposable } from '@lumino/disposable';

/**
 * Holds a watch while someone looks, and lets go of it when nobody does.
 */
export class Attention implements IDisposable {
  /**
   * @param _watch - Starts watching until its result is disposed.
   */
  constructor(private readonly _watch: () => IDisposable) {
    document.addEventListener('visibilitychange', this._update);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the view is on the page. */
  set visible(value: boolean) {
    this._visible = value;
    this._update();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    document.removeEventListener('visibilitychange', this._update);
    this._held?.dispose();
  }

  private readonly _update = (): void => {
    const looks = this._visible && !document.hidden && !this._isDisposed;
    if (looks) {
      this._held ??= this._watch();
    } else {
      this._held?.dispose();
      this._held = null;
    }
  };

  private _held: IDisposable | null = null;
  private _isDisposed = false;
  private _visible = false;
}
