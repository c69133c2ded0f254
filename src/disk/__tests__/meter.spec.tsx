import { nullTranslator } from '@jupyterlab/translation';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';

import {
  diskStatus,
  filesystem,
  fullDisk,
  GB
} from '../../__tests__/diskBuilders';
import { FakeServer, managerOf, refusal } from '../../__tests__/fakeServer';
import { happens, render } from '../../__tests__/render';
import type { DiskStatus } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { DiskMeter, meteredFilesystem } from '../meter';
import { addMeter } from '../meterItem';

const trans = nullTranslator.load('');

async function drawn(status: DiskStatus): Promise<HTMLElement> {
  const server = new FakeServer().on('GET disk', () => status);
  const { manager } = managerOf(server);
  const host = await render(
    <DiskMeter disk={manager.disk} commands={new CommandRegistry()} />
  );
  await happens(() => manager.disk.refresh());
  return host;
}

describe('the meter', () => {
  it('says how much is free, and the rest in its tooltip', async () => {
    const host = await drawn(diskStatus());
    expect(host.textContent?.trim()).toBe('23 GB free');
    expect(host.querySelector('button')?.title).toContain(
      'OS disk: 97 of 120 GB used, 23 GB free, full in ≈ 6 days'
    );
  });

  it('says in a word and a shape of its own that the disk is nearly full', async () => {
    const host = await drawn(fullDisk());
    expect(host.textContent?.trim()).toBe('400 MB free · critically low');
    expect(host.querySelector('button')?.className).toContain(
      'jp-mod-critical'
    );
    expect(host.querySelector('button')?.title).toContain('idle shutdown');
  });

  it('is about the disk in danger, whichever it is', () => {
    const temporary = filesystem({
      roles: ['temporary'],
      level: 'critical',
      available_bytes: GB / 2
    });
    expect(
      meteredFilesystem({
        status: 'known',
        stale: null,
        value: diskStatus({
          level: 'critical',
          filesystems: [filesystem(), temporary]
        })
      })
    ).toBe(temporary);
  });

  it('shows nothing where there are no figures', async () => {
    const silent = filesystem({ available_bytes: null, level: 'unknown' });
    const host = await drawn(
      diskStatus({ level: 'unknown', filesystems: [silent] })
    );
    expect(host.textContent).toBe('');
  });

  it('shows the section of the panel on a click', async () => {
    const { manager } = managerOf(
      new FakeServer().on('GET disk', () => diskStatus())
    );
    const commands = new CommandRegistry();
    const show = vi.fn();
    commands.addCommand(CommandIDs.showDisk, { execute: show });
    const host = await render(
      <DiskMeter disk={manager.disk} commands={commands} />
    );
    await happens(() => manager.disk.refresh());
    await happens(() => {
      host.querySelector('button')?.click();
    });
    expect(show).toHaveBeenCalledOnce();
  });
});

describe('the item in the status bar', () => {
  function added(server: FakeServer): {
    readonly isActive: () => boolean;
    readonly manager: ReturnType<typeof managerOf>['manager'];
    readonly dispose: () => void;
  } {
    const { manager } = managerOf(server);
    let item: IStatusBar.IItem | null = null;
    const statusBar: IStatusBar = {
      registerStatusItem: (_, given) => {
        item = given;
        return new DisposableDelegate(() => undefined);
      }
    };
    const meter = addMeter(statusBar, manager, new CommandRegistry(), trans);
    return {
      manager,
      isActive: () => item?.isActive?.() ?? true,
      dispose: () => {
        meter.dispose();
      }
    };
  }

  it('is there once there are figures', async () => {
    const server = new FakeServer().on('GET disk', () => diskStatus());
    const { manager, isActive, dispose } = added(server);
    expect(isActive()).toBe(false);
    await manager.disk.refresh();
    expect(isActive()).toBe(true);
    dispose();
  });

  it('is not there where the server has none', async () => {
    const server = new FakeServer().on('GET disk', () => refusal(403, 'No'));
    const { manager, isActive, dispose } = added(server);
    await manager.disk.refresh();
    expect(isActive()).toBe(false);
    dispose();
  });

  it('is not there, and asks nothing, when the setting is off', async () => {
    const server = new FakeServer().on('GET disk', () => diskStatus());
    const { manager, isActive, dispose } = added(server);
    await manager.disk.refresh();
    manager.preferences.set('diskMeter', false);
    expect(isActive()).toBe(false);
    dispose();
  });
});
