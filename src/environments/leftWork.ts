/**
 * Notices that a person leaves a page on which work is under way, so that a notification tells its
 * end.
 */
import type { IDisposable } from '@lumino/disposable';
import { MessageLoop } from '@lumino/messaging';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

import type { Operation } from '../api/types';
import { isActive } from '../model/operations';
import type { ICiManager } from '../tokens';

/**
 * Watches one page.
 */
export class LeftWork implements IDisposable {
  /**
   * @param _current - The work that the page shows, or null.
   */
  constructor(
    private readonly _page: Widget,
    private readonly _manager: Pick<ICiManager, 'environmentWork'>,
    private readonly _current: () => Operation | null
  ) {
    MessageLoop.installMessageHook(_page, this._onMessage);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._leave();
      this._isDisposed = true;
      MessageLoop.removeMessageHook(this._page, this._onMessage);
    }
  }

  private readonly _onMessage = (_: unknown, { type }: Message): boolean => {
    if (type === 'after-hide') {
      this._leave();
    }
    return true;
  };

  private _leave(): void {
    const operation = this._current();
    // Once it is told by a notification, that goes on to follow it.
    if (
      operation !== null &&
      isActive(operation) &&
      operation.id !== this._told
    ) {
      this._told = operation.id;
      this._manager.environmentWork.leave(operation);
    }
  }

  private _isDisposed = false;
  private _told: string | null = null;
}
