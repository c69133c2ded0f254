import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  workspaceStatus
} from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { button, happens } from '../../__tests__/render';
import type { ErrorBody, Instance } from '../../api/types';
import type { CiManager } from '../../model/manager';
import { CommandIDs } from '../ids';
import { addInstanceCommands } from '../instanceCommands';

const STOP = 'POST instances/ds-amy/stop';

const FULL: ErrorBody = {
  code: 'InstanceDiskFull',
  message: 'StopCompute is not allowed when ComputeInstance disk is full.',
  hint: null,
  details: null,
  request_id: 'r-1'
};

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;
const cleanUp = vi.fn();

async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 30));
}

async function begin(
  given: Partial<Instance> = {},
  own: string | null = null
): Promise<void> {
  server = new FakeServer()
    .on('GET workspace', () => workspaceStatus({ this_instance: own }))
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () => instanceList([instance('ds-amy', given)]));
  ({ manager } = managerOf(server));
  await manager.refresh();
  commands = new CommandRegistry();
  commands.addCommand(CommandIDs.cleanUp, { execute: cleanUp });
  addInstanceCommands({ commands, manager, trans: nullTranslator.load('') });
}

async function stop(): Promise<void> {
  await happens(async () => {
    void commands.execute(CommandIDs.stop, { name: 'ds-amy' });
    await settle();
  });
}

function dialog(): HTMLElement | null {
  return document.querySelector('.jp-Dialog');
}

async function press(label: string): Promise<void> {
  await happens(async () => {
    button(dialog() ?? document.body, label).click();
    await settle();
  });
}

function held(): Response {
  return refusal(409, 'DiskNearlyFull', { message: '0.4 GB are free.' });
}

beforeEach(() => {
  cleanUp.mockReset();
  Notification.dismiss();
});

afterEach(async () => {
  await happens(async () => {
    document
      .querySelector<HTMLElement>('.jp-Dialog-footer .jp-mod-reject')
      ?.click();
    await settle();
  });
  manager.dispose();
});

describe('a stop that is held back because the disk is nearly full', () => {
  it('says what would happen and what it would cost', async () => {
    await begin();
    server.on(STOP, held);
    await stop();
    expect(dialog()?.getAttribute('aria-label')).toBe(
      'The disk of ds-amy is nearly full'
    );
    expect(dialog()?.textContent).toContain('0.4 GB are free.');
    expect(dialog()?.textContent).toContain(
      'Azure refuses to stop an instance whose disk is full; ds-amy would go on costing $0.18/h.'
    );
    expect(Notification.manager.count).toBe(0);
  });

  it('is sent again, meant, with “Stop anyway”', async () => {
    await begin();
    server.on(STOP, url =>
      url.searchParams.get('anyway') === '1'
        ? json(operation('o1'), 202)
        : held()
    );
    await stop();
    await press('Stop anyway');
    expect(dialog()).toBeNull();
    expect(server.count(STOP)).toBe(2);
    expect(manager.operations.items[0]?.id).toBe('o1');
  });

  it('is not sent again when it is cancelled', async () => {
    await begin();
    server.on(STOP, held);
    await stop();
    await press('Cancel');
    expect(server.count(STOP)).toBe(1);
  });

  it('leads to the cleanup when this machine is the instance', async () => {
    await begin({}, 'ds-amy');
    server.on(STOP, held);
    await stop();
    await press('Stop');
    expect(document.activeElement?.textContent).toBe('Clean up…');
    await press('Clean up…');
    expect(cleanUp).toHaveBeenCalledOnce();
  });

  it('leads to the JupyterLab of another instance, where it has to be cleaned up', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    await begin({
      applications: [
        { display_name: 'Jupyter', endpoint_uri: 'https://j.test/' },
        { display_name: 'Jupyter Lab', endpoint_uri: 'https://lab.test/' }
      ]
    });
    server.on(STOP, held);
    await stop();
    const link = dialog()?.querySelector('a');
    expect(link?.textContent).toBe('Open Jupyter Lab on ds-amy');
    await press('Clean up…');
    expect(open.mock.calls[0]?.[0]).toBe('https://lab.test/');
    expect(cleanUp).not.toHaveBeenCalled();
  });

  it('follows no address that a browser tab must not be opened with', async () => {
    await begin({
      applications: [
        { display_name: 'Jupyter Lab', endpoint_uri: 'javascript:alert(1)' }
      ]
    });
    server.on(STOP, held);
    await stop();
    expect(dialog()?.querySelector('a')).toBeNull();
    expect(dialog()?.textContent).toContain('by SSH');
    expect(dialog()?.textContent).not.toContain('Clean up…');
  });
});

describe('a stop that Azure refuses', () => {
  it('later asks the same question', async () => {
    await begin();
    server.on(STOP, () => json(operation('o1'), 202));
    await stop();
    expect(dialog()).toBeNull();
    await happens(async () => {
      manager.operations.apply(
        operation('o1', { state: 'failed', revision: 2, error: FULL })
      );
      await settle();
    });
    expect(dialog()?.getAttribute('aria-label')).toBe(
      'Azure refused: the disk of ds-amy is full'
    );
    expect(dialog()?.textContent).toContain('StopCompute is not allowed');
    expect(dialog()?.textContent).toContain('Try again');
  });

  it('asks nothing about operations of others', async () => {
    await begin();
    await happens(async () => {
      manager.operations.apply(
        operation('o2', { state: 'failed', revision: 2, error: FULL })
      );
      await settle();
    });
    expect(dialog()).toBeNull();
  });

  it('for another reason gives a notification, as ever', async () => {
    await begin();
    server.on(STOP, () => refusal(409, 'WrongState'));
    await stop();
    expect(dialog()).toBeNull();
    expect(Notification.manager.count).toBe(1);
  });
});
