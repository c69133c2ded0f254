import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { describe, expect, it } from 'vitest';

import { CommandIDs } from '../commands/ids';
import { RunningInstances } from '../running';
import { instance, instanceList, stopped, workspaceStatus } from './builders';
import { FakeServer, managerOf } from './fakeServer';

async function runningOn(server: FakeServer): Promise<{
  readonly running: RunningInstances;
  readonly executed: unknown[];
}> {
  server
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () =>
      instanceList([
        instance('mine'),
        instance('theirs', { mine: false }),
        stopped('off')
      ])
    );
  const { manager } = managerOf(server);
  await manager.refresh();
  const commands = new CommandRegistry();
  const executed: unknown[] = [];
  commands.addCommand(CommandIDs.stop, {
    execute: args => executed.push(args)
  });
  const trans = nullTranslator.load('');
  return {
    running: new RunningInstances(manager, commands, trans),
    executed
  };
}

describe('the section in the panel “Running”', () => {
  it('has the running instances that “Stop all” would stop: mine', async () => {
    const { running } = await runningOn(new FakeServer());
    expect(running.running().map(item => item.label())).toEqual(['mine']);
  });

  it('stops one by its command, which asks where that is needed', async () => {
    const { running, executed } = await runningOn(new FakeServer());
    running.running()[0]?.shutdown?.();
    expect(executed).toEqual([{ name: 'mine' }]);
  });

  it('stops all in one request', async () => {
    const server = new FakeServer().on('POST mine/stop', () => ({
      items: [],
      warning: null
    }));
    const { running } = await runningOn(server);
    running.shutdownAll();
    await Promise.resolve();
    expect(server.count('POST mine/stop')).toBe(1);
  });
});
