import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { OperationNotifications, SETTLE_MS } from '../notifications';
import type { CiManager } from '../model/manager';
import { operation } from './builders';
import { FakeServer, managerOf } from './fakeServer';

let manager: CiManager;

/** Until what is due has been shown. */
function settle(): void {
  vi.advanceTimersByTime(SETTLE_MS);
}

let notifications: OperationNotifications;

function shown(): { readonly type: string; readonly message: string }[] {
  return Notification.manager.notifications.map(({ type, message }) => ({
    type,
    message
  }));
}

const FAILED = operation('o1', {
  state: 'failed',
  revision: 3,
  error: {
    code: 'QuotaExceeded',
    message: 'No cores left.',
    hint: 'Choose a smaller size.',
    details: null,
    request_id: 'r-1'
  }
});

describe('notifications', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    Notification.dismiss();
    ({ manager } = managerOf(new FakeServer()));
    notifications = new OperationNotifications(
      manager,
      nullTranslator.load(''),
      () => undefined
    );
  });
  afterEach(() => {
    notifications.dispose();
    vi.useRealTimers();
  });

  it('are one for each operation, updated in place until its end', () => {
    manager.operations.adopt(operation('o1', { progress: 0.1 }));
    manager.operations.apply(
      operation('o1', { revision: 2, progress: 0.5, message: 'Half way' })
    );
    settle();
    expect(Notification.manager.notifications).toMatchObject([
      {
        type: 'in-progress',
        message: 'Stop ds-amy: Half way',
        options: { progress: 0.5 }
      }
    ]);
    manager.operations.apply(
      operation('o1', { revision: 3, state: 'succeeded', message: 'Stopped' })
    );
    settle();
    expect(shown()).toEqual([
      { type: 'success', message: 'Stop ds-amy: Stopped' }
    ]);
  });

  it('tell only the end of what ends at once', () => {
    const emitted = vi.spyOn(Notification.manager, 'notify');
    manager.operations.adopt(operation('o1'));
    manager.operations.apply(FAILED);
    settle();
    expect(shown().map(each => each.type)).toEqual(['error']);
    expect(emitted).toHaveBeenCalledTimes(1);
    emitted.mockRestore();
  });

  it('are not given for what another tab has started', () => {
    manager.operations.apply(operation('o1'));
    manager.operations.apply(FAILED);
    settle();
    expect(shown()).toEqual([]);
  });

  it('tell a failure with message, code and hint, also when the progress was dismissed', () => {
    manager.operations.adopt(operation('o1'));
    settle();
    Notification.dismiss();
    manager.operations.apply(operation('o1', { revision: 2 }));
    settle();
    expect(shown()).toEqual([]);
    manager.operations.apply(FAILED);
    settle();
    expect(shown()).toEqual([
      {
        type: 'error',
        message:
          'Stop ds-amy: No cores left. (QuotaExceeded)\nChoose a smaller size.'
      }
    ]);
  });

  it('end with an operation that is gone without an end', async () => {
    const server = new FakeServer().on('GET operations', () => ({
      items: [],
      warning: null
    }));
    const { manager: another } = managerOf(server);
    const followed = new OperationNotifications(
      another,
      nullTranslator.load(''),
      () => undefined
    );
    another.operations.adopt(operation('o1'));
    settle();
    expect(shown().map(each => each.type)).toEqual(['in-progress']);
    await another.operations.refresh();
    expect(shown()).toEqual([]);
    followed.dispose();
  });

  it('give way to the dialog that asks what to do about a full disk', () => {
    manager.operations.adopt(operation('o1'));
    settle();
    expect(shown().map(each => each.type)).toEqual(['in-progress']);
    manager.operations.apply(
      operation('o1', {
        state: 'failed',
        revision: 2,
        error: {
          code: 'InstanceDiskFull',
          message: 'Its disk is full.',
          hint: null,
          details: null,
          request_id: null
        }
      })
    );
    settle();
    expect(shown()).toEqual([]);
  });

  it('are of failures only where that is set', () => {
    manager.preferences.set('notifications', 'failures');
    manager.operations.adopt(operation('o1'));
    settle();
    expect(shown()).toEqual([]);
    manager.operations.apply(FAILED);
    settle();
    expect(shown().map(each => each.type)).toEqual(['error']);
  });

  it('are none where that is set', () => {
    manager.preferences.set('notifications', 'none');
    manager.operations.adopt(operation('o1'));
    manager.operations.apply(FAILED);
    settle();
    expect(shown()).toEqual([]);
  });
});
