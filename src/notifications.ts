/**
 * JupyterLab notifications for operations that were started in this tab: one each, updated in place.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import type { Operation } from './api/types';
import { failureText } from './notify';
import { isToldByItsScript } from './logs/scriptFailures';
import { isAboutDisk } from './model/disk';
import { isActive } from './model/operations';
import { Attention } from './panel/attention';
import type { ICiManager } from './tokens';
import { operationTitle } from './words';

/** How long a success is shown. */
const SUCCESS_MS = 5000;

/**
 * Between two changes of a notification.
 *
 * #### Notes
 * JupyterLab makes its toast a moment after the notification, and a change in between is lost: the
 * toast would spin for ever. It also spares what ends at once a flash of progress.
 */
export const SETTLE_MS = 300;

/**
 * Follows operations from their start to their end.
 *
 * #### Notes
 * Only the tab that started an operation notifies: the others show it in their panel.
 */
export class OperationNotifications implements IDisposable {
  constructor(
    private readonly _manager: ICiManager,
    private readonly _trans: TranslationBundle,
    private readonly _showPanel: () => void
  ) {
    // Who waits for a notification looks, even while the panel is closed.
    this._attention = new Attention(() => _manager.watch());
    _manager.operations.startedHere.connect(this._onStarted, this);
    _manager.operations.updated.connect(this._onUpdated, this);
    _manager.operations.changed.connect(this._onChanged, this);
  }

  get isDisposed(): boolean {
    return this._attention.isDisposed;
  }

  dispose(): void {
    for (const { timer } of this._followed.values()) {
      clearTimeout(timer);
    }
    this._followed.clear();
    this._attention.dispose();
    Signal.clearData(this);
  }

  private _onStarted(_: unknown, operation: Operation): void {
    this._followed.set(operation.id, { operation, notification: null });
    this._attention.visible = true;
    this._soon(operation.id);
  }

  private _onUpdated(_: unknown, operation: Operation): void {
    const followed = this._followed.get(operation.id);
    if (followed !== undefined) {
      followed.operation = operation;
      this._soon(operation.id);
    }
  }

  private _soon(id: string): void {
    const followed = this._followed.get(id);
    if (followed !== undefined) {
      followed.timer ??= window.setTimeout(() => {
        delete followed.timer;
        this._show(followed);
      }, SETTLE_MS);
    }
  }

  /** Let go of operations that are gone without an end: removed elsewhere, or lost by the server. */
  private _onChanged(): void {
    const known = new Set(this._manager.operations.items.map(each => each.id));
    for (const [id, { notification, timer }] of this._followed) {
      if (!known.has(id)) {
        this._followed.delete(id);
        clearTimeout(timer);
        if (notification !== null) {
          Notification.dismiss(notification);
        }
      }
    }
    this._attention.visible = this._followed.size > 0;
  }

  private _show(followed: IFollowed): void {
    const { operation, notification } = followed;
    const notice = this._noticeOf(operation);
    if (notice !== null) {
      followed.notification = this._emit(notification, notice);
    } else if (notification !== null && !isActive(operation)) {
      Notification.dismiss(notification);
    }
    if (!isActive(operation)) {
      this._followed.delete(operation.id);
    }
    this._attention.visible = this._followed.size > 0;
  }

  private _emit(id: string | null, notice: INotice): string {
    const { message, type, ...options } = notice;
    // One that was dismissed stays so, unless it has an end to tell.
    if (id !== null && (Notification.manager.has(id) || type === IN_PROGRESS)) {
      Notification.update({ id, message, type, ...options });
      return id;
    }
    return Notification.emit(message, type, options);
  }

  /** What to show, or null where the person does not want it. */
  private _noticeOf(operation: Operation): INotice | null {
    const level = this._manager.preferences.values.notifications;
    const title = operationTitle(operation.kind, operation.target, this._trans);
    const actions = [
      {
        label: this._trans.__('Show in panel'),
        callback: this._showPanel
      }
    ];
    if (level === 'none') {
      return null;
    }
    if (operation.state === 'failed' || operation.state === 'lost') {
      const { error, message } = operation;
      if (error !== null && isAboutDisk(error)) {
        // A dialog asks what to do.
        return null;
      }
      if (isToldByItsScript(operation, this._manager)) {
        return null;
      }
      const text =
        error === null ? `${title}: ${message}` : failureText(title, error);
      return { message: text, type: 'error', autoClose: false, actions };
    }
    if (level === 'failures') {
      return null;
    }
    const message = `${title}: ${operation.message}`;
    if (isActive(operation)) {
      return {
        message,
        type: IN_PROGRESS,
        autoClose: false,
        actions,
        ...(operation.progress === null ? {} : { progress: operation.progress })
      };
    }
    const type = operation.state === 'succeeded' ? 'success' : 'info';
    return { message, type, autoClose: SUCCESS_MS, actions };
  }

  private readonly _attention: Attention;
  private readonly _followed = new Map<string, IFollowed>();
}

/** An operation under way, and what is shown of it. */
interface IFollowed {
  operation: Operation;
  /** Null before the first one. */
  notification: string | null;
  /** Of the change that is due. */
  timer?: number;
}

const IN_PROGRESS = 'in-progress';

interface INotice {
  readonly message: string;
  readonly type: Notification.TypeOptions;
  readonly autoClose: number | false;
  readonly actions: Notification.IAction[];
  readonly progress?: number;
}
