import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';

import { diskStatus, filesystem, fullDisk } from '../../__tests__/diskBuilders';
import { FakeServer, managerOf, refusal } from '../../__tests__/fakeServer';
import type { Answer } from '../../__tests__/fakeServer';
import { button, happens, render } from '../../__tests__/render';
import { CommandIDs } from '../../commands/ids';
import { DiskSection } from '../diskSection';

async function drawn(answer: () => Answer): Promise<{
  readonly host: HTMLElement;
  readonly server: FakeServer;
  readonly refresh: () => Promise<void>;
  readonly commands: CommandRegistry;
}> {
  const server = new FakeServer().on('GET disk', answer);
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const host = await render(
    <DiskSection disk={manager.disk} commands={commands} />
  );
  const refresh = (): Promise<void> => happens(() => manager.disk.refresh());
  await refresh();
  return { host, server, refresh, commands };
}

describe('the section about the disk', () => {
  it('has a meter that says everything to those who hear it', async () => {
    const { host } = await drawn(() => diskStatus());
    const meter = host.querySelector('[role="meter"]');
    expect(meter?.getAttribute('aria-label')).toBe('OS disk');
    expect(meter?.getAttribute('aria-valuetext')).toBe(
      '97 of 120 GB used, 23 GB free, full in ≈ 6 days'
    );
    expect(meter?.getAttribute('aria-valuenow')).toBe('81');
  });

  it('marks the thresholds where they are on the bar', async () => {
    const { host } = await drawn(() => diskStatus());
    const marks = [...host.querySelectorAll<HTMLElement>('.jp-ci-threshold')];
    expect(marks.map(each => each.title)).toEqual([
      'Below 5 GB free stop and restart are held back',
      'Critically low below 1 GB free'
    ]);
  });

  it('says on a laptop whose disk it is', async () => {
    const { host } = await drawn(() =>
      diskStatus({ machine: 'other', instance: null })
    );
    expect(host.textContent).toContain('not of the instances above');
  });

  it('says what is at risk, why, and how full it is', async () => {
    const { host } = await drawn(fullDisk);
    expect(host.textContent).toContain('The idle shutdown after 60 minutes.');
    expect(host.textContent).toContain('400 MB free · critically low');
    expect(host.textContent).toContain('Only 400 MB are left.');
  });

  it('says of a mount that hangs that it does, and shows no bar', async () => {
    const { host } = await drawn(() =>
      diskStatus({
        filesystems: [
          filesystem(),
          filesystem({
            mount_point: '/share',
            roles: ['share'],
            level: 'unknown',
            total_bytes: null,
            used_bytes: null,
            available_bytes: null,
            full_in_seconds: null,
            error: 'It did not answer within 2 s.'
          })
        ]
      })
    );
    const share = host.querySelector('[data-mount-point="/share"]');
    expect(share?.textContent).toContain('It did not answer within 2 s.');
    expect(share?.querySelector('[role="meter"]')).toBeNull();
  });

  it('announces that the disk has become critical, and not what it found first', async () => {
    const { host, server, refresh } = await drawn(() => diskStatus());
    const live = host.querySelector('[aria-live]');
    expect(live?.textContent).toBe('');
    server.on('GET disk', fullDisk);
    await refresh();
    expect(live?.textContent).toBe('The disk is nearly full.');
  });

  it('leads out of a failure', async () => {
    const { host, server } = await drawn(() => refusal(500, 'Broken'));
    expect(host.textContent).toContain('Broken!');
    server.on('GET disk', () => diskStatus());
    await happens(async () => {
      button(host, 'Retry').click();
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    expect(host.textContent).toContain('97 of 120 GB');
  });

  it('offers to show what uses it, and to clean up', async () => {
    const { host, commands } = await drawn(() => diskStatus());
    const open = vi.fn();
    const clean = vi.fn();
    commands.addCommand(CommandIDs.openDiskUsage, { execute: open });
    commands.addCommand(CommandIDs.cleanUp, { execute: clean });
    await happens(() => {
      button(host, 'What uses it?').click();
      button(host, 'Clean up…').click();
    });
    expect(open).toHaveBeenCalledOnce();
    expect(clean).toHaveBeenCalledOnce();
  });
});
