import { PageConfig } from '@jupyterlab/coreutils';
import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { operation } from '../../__tests__/builders';
import {
  diskStatus,
  GB,
  scanResult,
  scanStatus,
  smallTree
} from '../../__tests__/diskBuilders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { button, happens, render } from '../../__tests__/render';
import type { ScanStatus } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import type { CiManager } from '../../model/manager';
import { Explorer } from '../explorer';
import { UsageView } from '../usageView';

const SCANNED = scanResult(smallTree(), {
  consumers: [
    {
      kind: 'conda_environment',
      name: 'train',
      uri: 'file:///anaconda/envs',
      bytes: 20 * GB,
      files: 1,
      modified_at: null,
      shared_bytes: 0
    },
    {
      kind: 'conda_packages',
      name: '/anaconda/pkgs',
      uri: 'file:///anaconda/pkgs',
      bytes: 40 * GB,
      files: 1,
      modified_at: null,
      shared_bytes: 0
    }
  ],
  directories: 1200,
  unreadable: ['/root'],
  unreadable_count: 3,
  skipped_mounts: ['/mnt'],
  bytes_before: 96 * GB,
  before_at: '2026-03-01T12:00:00Z'
});

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;

async function drawn(status: ScanStatus): Promise<HTMLElement> {
  server = new FakeServer()
    .on('GET disk', () => diskStatus())
    .on('GET disk/scan', () => status)
    .on('GET operations', () => ({ items: [], warning: null }));
  ({ manager } = managerOf(server));
  const explorer = new Explorer(manager.scan);
  const host = await render(
    <UsageView manager={manager} explorer={explorer} commands={commands} />
  );
  await happens(() =>
    Promise.all([manager.scan.refresh(), manager.disk.refresh()])
  );
  return host;
}

function rows(host: HTMLElement): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>('.jp-ci-entry')];
}

async function key(name: string, given: KeyboardEventInit = {}): Promise<void> {
  await happens(() => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true, ...given })
    );
  });
}

beforeEach(() => {
  commands = new CommandRegistry();
});

describe('the page before the first scan', () => {
  it('says what a scan does, and starts one', async () => {
    const host = await drawn(scanStatus(null));
    expect(host.textContent).toContain('changes nothing');
    server.on('POST disk/scan', () =>
      json(
        operation('s', {
          kind: 'disk.scan',
          target: '/',
          message: '1 200 files',
          cancellable: true
        }),
        202
      )
    );
    await happens(async () => {
      button(host, 'Scan').click();
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    expect(host.textContent).toContain('1 200 files');
    expect(host.querySelector('progress')).not.toBeNull();
    expect(button(host, 'Cancel')).not.toBeNull();
  });

  it('says why a scan was refused', async () => {
    const host = await drawn(scanStatus(null));
    server.on('POST disk/scan', () =>
      refusal(403, 'ActionNotAllowed', { message: 'Not here.' })
    );
    await happens(async () => {
      button(host, 'Scan').click();
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    expect(host.querySelector('[role="alert"]')?.textContent).toContain(
      'Not here.'
    );
  });
});

describe('the page after a scan', () => {
  it('has the facts: totals, growth, what is missing in the sum', async () => {
    const host = await drawn(scanStatus(SCANNED));
    expect(host.querySelector('h2')?.textContent).toContain('Disk of ds-amy');
    const facts = host.querySelector('.jp-ci-scan-facts');
    expect(facts?.textContent).toContain('100 GB');
    expect(facts?.textContent).toContain('in 1 file and 1,200 folders');
    expect(facts?.textContent).toContain('grew by 4 GB');
    expect(facts?.textContent).toContain('3 folders could not be read');
    expect(facts?.textContent).toContain('and 2 more');
    expect(facts?.textContent).toContain('1 other file system');
  });

  it('has what is safe to remove first, with the sum and a button', async () => {
    const host = await drawn(scanStatus(SCANNED));
    const clean = vi.fn();
    commands.addCommand(CommandIDs.cleanUp, { execute: clean });
    const [first] = host.querySelectorAll('.jp-ci-consumers section');
    expect(first?.textContent).toContain('Safe to remove: 40 GB');
    expect(first?.textContent).not.toContain('train');
    await happens(() => {
      button(host, 'Clean up…').click();
    });
    expect(clean).toHaveBeenCalledOnce();
  });

  it('has a table with the facts of the treemap', async () => {
    const host = await drawn(scanStatus(SCANNED));
    const [anaconda, home, rest] = rows(host).map(each => each.textContent);
    expect(anaconda).toContain('60 GB');
    expect(anaconda).toContain('60%');
    expect(home).toContain('90');
    expect(rest).toContain('everything else');
    const grid = host.querySelector('[role="grid"]');
    expect(grid?.getAttribute('aria-label')).toBe('What is in /');
    expect(
      host.querySelector('.jp-ci-treemap')?.getAttribute('aria-label')
    ).toContain('the table has the same facts');
  });

  it('is walked with the keyboard alone', async () => {
    const host = await drawn(scanStatus(SCANNED));
    rows(host)[0]?.focus();
    await key('ArrowDown');
    expect(document.activeElement?.getAttribute('data-name')).toBe('home');
    await key('Enter');
    expect(document.activeElement?.getAttribute('data-name')).toBe(
      'data.parquet'
    );
    expect(host.querySelector('[aria-current="location"]')?.textContent).toBe(
      'home'
    );
    await key('Backspace');
    expect(document.activeElement?.getAttribute('data-name')).toBe('home');
    await key('Home');
    await key('Enter');
    await key('ArrowUp', { altKey: true });
    expect(document.activeElement?.getAttribute('data-name')).toBe('anaconda');
  });

  it('sorts by its columns, and says so', async () => {
    const host = await drawn(scanStatus(SCANNED));
    await happens(() => {
      host.querySelector<HTMLElement>('th button')?.click();
    });
    await happens(() => {
      host.querySelector<HTMLElement>('th button')?.click();
    });
    expect(rows(host).map(each => each.dataset['name'])).toEqual([
      'home',
      'anaconda',
      ''
    ]);
    expect(
      host.querySelector('th[aria-sort="descending"]')?.textContent
    ).toContain('Name');
  });

  it('moves an entry to the trash after asking', async () => {
    const host = await drawn(scanStatus(SCANNED));
    const ask = vi.fn();
    commands.addCommand(CommandIDs.moveToTrash, { execute: ask });
    await happens(() => {
      rows(host)[1]?.focus();
    });
    await key('Delete');
    expect(ask.mock.calls[0]?.[0]).toEqual({ uri: 'file:///home' });
  });

  it('shows in the file browser what that can show, and says why not of the rest', async () => {
    PageConfig.setOption('rootUri', 'file:///home');
    const go = vi.fn();
    commands.addCommand('filebrowser:go-to-path', { execute: go });
    const host = await drawn(scanStatus(SCANNED));
    const label = 'Show anaconda in the file browser';
    expect(button(host, label).getAttribute('aria-disabled')).toBe('true');
    expect(button(host, label).title).toContain('not below the folder');
    await happens(() => {
      button(host, 'home').click();
    });
    await happens(() => {
      button(host, 'Show data.parquet in the file browser').click();
    });
    expect(go.mock.calls[0]?.[0]).toEqual({ path: 'data.parquet' });
  });

  it('shows a consumer in the table', async () => {
    const host = await drawn(scanStatus(SCANNED));
    await happens(() => {
      button(host, '/anaconda/pkgs').click();
    });
    expect(host.querySelector('[aria-current="location"]')?.textContent).toBe(
      'pkgs'
    );
    expect(rows(host)[0]?.textContent).toContain('Conda package cache');
  });

  it('reads every folder anew when that is asked', async () => {
    const host = await drawn(scanStatus(SCANNED));
    server.on('POST disk/scan', () =>
      json(operation('s', { kind: 'disk.scan', target: '/' }), 202)
    );
    await happens(async () => {
      button(host, 'Read every folder anew').click();
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    expect(server.bodies).toEqual([{ root: '/', anew: true }]);
  });
});

describe('what is scanned again', () => {
  it('is the folder that was scanned, unless a person chooses a disk', async () => {
    const host = await drawn(
      scanStatus(
        scanResult(smallTree(), { root_uri: 'file:///home/amy/a%20b' })
      )
    );
    server.on('POST disk/scan', () => refusal(409, 'Busy'));
    const scanAgain = async (): Promise<void> => {
      await happens(async () => {
        button(host, 'Scan again').click();
        await new Promise(resolve => setTimeout(resolve, 20));
      });
    };
    await scanAgain();
    const choice = host.querySelector('select') as HTMLSelectElement;
    expect([...choice.options].map(each => each.text)).toEqual([
      'OS disk (/)',
      '/home/amy/a b'
    ]);
    await happens(() => {
      choice.value = '/';
      choice.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await scanAgain();
    expect(server.bodies).toEqual([
      { root: '/home/amy/a b', anew: false },
      { root: '/', anew: false }
    ]);
  });
});
