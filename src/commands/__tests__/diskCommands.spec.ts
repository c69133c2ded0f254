import type { JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { operation } from '../../__tests__/builders';
import {
  cleanupPlan,
  cleanupStep,
  diskStatus,
  GB,
  scanResult,
  scanStatus,
  smallTree
} from '../../__tests__/diskBuilders';
import { FakeServer, json, managerOf } from '../../__tests__/fakeServer';
import { happens } from '../../__tests__/render';
import type { CiManager } from '../../model/manager';
import { addDiskCommands } from '../diskCommands';
import { CommandIDs } from '../ids';

const SCAN = 'POST disk/scan';

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;
let added: Widget[];

async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 40));
}

async function execute(id: string): Promise<void> {
  await happens(async () => {
    void commands.execute(id);
    await settle();
  });
}

async function press(): Promise<void> {
  await happens(async () => {
    document
      .querySelector<HTMLElement>('.jp-Dialog-footer .jp-mod-accept')
      ?.click();
    await settle();
  });
}

/** Clean up from the plan to the end. */
async function cleanUp(): Promise<void> {
  await execute(CommandIDs.cleanUp);
  await press();
  await happens(settle);
  await press();
}

// They are loaded when they are first used, which here takes longer than any of these tests waits.
beforeAll(async () => {
  await import('../../disk/usageWidget');
  await import('../../dialogs/cleanupDialog');
});

beforeEach(() => {
  const cleaned = operation('c1', { kind: 'disk.cleanup', state: 'succeeded' });
  server = new FakeServer()
    .on('GET disk', () => diskStatus())
    .on('GET disk/scan', () => scanStatus(scanResult(smallTree())))
    .on(SCAN, () => json(operation('s', { kind: 'disk.scan' }), 202))
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('POST disk/cleanup/plan', () => cleanupPlan([cleanupStep('a')]))
    .on('POST disk/cleanup', () => json(cleaned, 202))
    .on('GET disk/cleanup', () => ({
      report: {
        operation_id: 'c1',
        dry_run: false,
        bytes_freed: GB,
        results: [
          {
            id: 'a',
            title: 'Step a',
            state: 'succeeded',
            bytes_freed: GB,
            message: '',
            error: null
          }
        ]
      }
    }));
  ({ manager } = managerOf(server));
  commands = new CommandRegistry();
  added = [];
  const shell = {
    add: (widget: Widget) => {
      added.push(widget);
    },
    activateById: () => undefined
  } as unknown as JupyterFrontEnd.IShell;
  addDiskCommands(
    { commands, manager, trans: nullTranslator.load('') },
    shell,
    null
  );
});

afterEach(() => {
  for (const widget of added) {
    widget.dispose();
  }
  manager.dispose();
});

describe('the commands of the disk', () => {
  it('open one tab, however often they are run', async () => {
    await execute(CommandIDs.openDiskUsage);
    await execute(CommandIDs.openDiskUsage);
    expect(added).toHaveLength(1);
    added[0]?.dispose();
    await execute(CommandIDs.openDiskUsage);
    expect(added).toHaveLength(2);
  });

  it('scan, and show it', async () => {
    await execute(CommandIDs.scanDisk);
    expect(added).toHaveLength(1);
    expect(server.bodies).toEqual([{ root: null, anew: false }]);
    expect(commands.isEnabled(CommandIDs.scanDisk)).toBe(false);
  });

  it('scan again after a cleanup whose result a person is looking at', async () => {
    await manager.scan.refresh();
    await execute(CommandIDs.openDiskUsage);
    await cleanUp();
    expect(document.querySelector('.jp-Dialog')).toBeNull();
    expect(server.count(SCAN)).toBe(1);
  });

  it('scan nothing after a cleanup when nobody looks at a scan', async () => {
    await manager.scan.refresh();
    await cleanUp();
    expect(server.count(SCAN)).toBe(0);
  });
});
