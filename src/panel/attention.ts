/**
 * Whether someone looks: a view that is visible, on a page that is visible.
 */
import type { IDisposable } from '@lumino/disposable';
import { MessageLoop } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

/**
 * Hold a watch while someone looks at a widget, until that is disposed.
 *
 * @param watch - Starts watching until its result is disposed.
 */
export function watchWhileVisible(
  widget: Widget,
  watch: () => IDisposable
): void {
  const attention = new Attention(watch);
  MessageLoop.installMessageHook(widget, (_, { type }) => {
    switch (type) {
      case 'after-attach':
        // The widget itself learns of this only after its hooks.
        attention.visible =
          !widget.isHidden && (widget.parent?.isVisible ?? true);
        break;
      case 'after-show':
        attention.visible = true;
        break;
      case 'after-hide':
      case 'before-detach':
        attention.visible = false;
    }
    return true;
  });
  widget.disposed.connect(() => {
    attention.dispose();
  });
}

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
