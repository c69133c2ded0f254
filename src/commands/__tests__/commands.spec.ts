import { nullTranslator } from '@jupyterlab/translation';
import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, describe, expect, it } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  stopped,
  workspaceStatus
} from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import type { CiManager } from '../../model/manager';
import { CommandIDs } from '../ids';
import { addInstanceCommands } from '../instanceCommands';
import { rowToOpen } from '../targets';

const STOP = 'POST instances/on/stop';

async function commandsOn(server: FakeServer): Promise<{
  readonly commands: CommandRegistry;
  readonly manager: CiManager;
}> {
  server
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () =>
      instanceList([instance('on'), instance('also-on'), stopped('off')])
    );
  const { manager } = managerOf(server);
  await manager.refresh();
  const commands = new CommandRegistry();
  const trans = nullTranslator.load('');
  addInstanceCommands({ commands, manager, trans });
  return { commands, manager };
}

describe('a command', () => {
  beforeEach(() => {
    Notification.dismiss();
  });

  it('acts on the instance that it is told', async () => {
    const server = new FakeServer().on(STOP, () =>
      json(operation('o1', { target: 'on' }), 202)
    );
    const { commands } = await commandsOn(server);
    await commands.execute(CommandIDs.stop, { name: 'on' });
    expect(server.count(STOP)).toBe(1);
  });

  it('acts on those of the picked ones that allow it, and says how many are picked', async () => {
    const server = new FakeServer()
      .on(STOP, () => json(operation('o1', { target: 'on' }), 202))
      .on('POST instances/also-on/stop', () =>
        json(operation('o2', { target: 'also-on' }), 202)
      );
    const { commands, manager } = await commandsOn(server);
    manager.selection.select(['on', 'also-on', 'off']);
    expect(commands.label(CommandIDs.stop)).toBe('Stop 3 instances');
    await commands.execute(CommandIDs.stop);
    const posted = server.requests
      .map(each => each.route)
      .filter(route => route.startsWith('POST'));
    expect(posted.sort()).toEqual(['POST instances/also-on/stop', STOP]);
  });

  it('by a key acts on the active row when that is not among the picked ones', async () => {
    const { commands, manager } = await commandsOn(new FakeServer());
    manager.selection.select(['off']);
    manager.selection.activate('on');
    expect(commands.isEnabled(CommandIDs.stop, { focused: true })).toBe(true);
    expect(commands.isEnabled(CommandIDs.stop)).toBe(false);
  });

  it('by a key opens the active row, however many are picked', async () => {
    const { manager } = await commandsOn(new FakeServer());
    manager.selection.select(['off', 'on']);
    manager.selection.activate('on');
    expect(rowToOpen(manager, { focused: true })?.name).toBe('on');
    expect(rowToOpen(manager, {})).toBeNull();
    expect(rowToOpen(manager, { name: 'off' })?.name).toBe('off');
  });

  it('is off where the state does not allow it, with the reason as its tooltip', async () => {
    const { commands } = await commandsOn(new FakeServer());
    const args = { name: 'off' };
    expect(commands.isEnabled(CommandIDs.stop, args)).toBe(false);
    expect(commands.caption(CommandIDs.stop, args)).toContain('state');
    expect(commands.isEnabled(CommandIDs.start, args)).toBe(true);
  });

  it('deletes one at a time', async () => {
    const { commands, manager } = await commandsOn(new FakeServer());
    manager.selection.select(['on', 'off']);
    expect(commands.isEnabled(CommandIDs.delete)).toBe(false);
    manager.selection.select(['on']);
    expect(commands.isEnabled(CommandIDs.delete)).toBe(true);
  });

  it('that is refused says so with message, code and hint', async () => {
    const server = new FakeServer().on(STOP, () =>
      refusal(409, 'WrongState', { message: 'It is stopping.', hint: 'Wait.' })
    );
    const { commands } = await commandsOn(server);
    await commands.execute(CommandIDs.stop, { name: 'on' });
    expect(Notification.manager.notifications[0]).toMatchObject({
      type: 'error',
      message: 'Stop on: It is stopping. (WrongState)\nWait.'
    });
  });

  it('tells programs which arguments it takes', async () => {
    const { commands } = await commandsOn(new FakeServer());
    const { args } = await commands.describedBy(CommandIDs.start);
    expect(args).toMatchObject({
      properties: { name: { type: 'string' } }
    });
  });
});
