import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { diskStatus, fullDisk } from '../../__tests__/diskBuilders';
import { FakeServer, managerOf } from '../../__tests__/fakeServer';
import { CommandIDs } from '../../commands/ids';
import type { CiManager } from '../../model/manager';
import { warnOfRisks } from '../riskWarning';

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;
let warning: IDisposable;

async function measured(answer: () => object): Promise<void> {
  server.on('GET disk', answer);
  await manager.disk.refresh();
}

beforeEach(() => {
  Notification.dismiss();
  server = new FakeServer();
  ({ manager } = managerOf(server));
  commands = new CommandRegistry();
  warning = warnOfRisks(manager, commands, nullTranslator.load(''));
});

afterEach(() => {
  warning.dispose();
  manager.dispose();
});

describe('a warning ahead of time', () => {
  it('is given once while something is at risk, and taken back when it is over', async () => {
    await measured(() => diskStatus());
    expect(Notification.manager.count).toBe(0);
    await measured(fullDisk);
    await measured(fullDisk);
    expect(Notification.manager.notifications).toMatchObject([
      {
        type: 'warning',
        message:
          'Little is left on the disk: The idle shutdown after 60 minutes.'
      }
    ]);
    await measured(() => diskStatus());
    expect(Notification.manager.count).toBe(0);
  });

  it('that was dismissed comes back only with the next danger', async () => {
    await measured(fullDisk);
    Notification.dismiss();
    await measured(fullDisk);
    expect(Notification.manager.count).toBe(0);
    await measured(() => diskStatus());
    await measured(fullDisk);
    expect(Notification.manager.count).toBe(1);
  });

  it('leads to the cleanup', async () => {
    const cleanUp = vi.fn();
    commands.addCommand(CommandIDs.cleanUp, { execute: cleanUp });
    await measured(fullDisk);
    const [action] =
      Notification.manager.notifications[0]?.options.actions ?? [];
    action?.callback(new MouseEvent('click'));
    expect(cleanUp).toHaveBeenCalledOnce();
  });

  it('is not given to who wants no notifications', async () => {
    manager.preferences.set('notifications', 'none');
    await measured(fullDisk);
    expect(Notification.manager.count).toBe(0);
  });
});
