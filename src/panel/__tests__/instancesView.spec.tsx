import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it } from 'vitest';

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
import { button, happens, render } from '../../__tests__/render';
import { CommandIDs } from '../../commands/ids';
import { Listing } from '../../model/listing';
import type { CiManager } from '../../model/manager';
import { InstancesView } from '../instancesView';

interface IScreen {
  readonly host: HTMLElement;
  readonly manager: CiManager;
  readonly executed: { readonly id: string; readonly args: unknown }[];
}

async function screen(server: FakeServer): Promise<IScreen> {
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const executed: { id: string; args: unknown }[] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      execute: args => {
        executed.push({ id, args });
      }
    });
  }
  const host = await render(
    <InstancesView
      manager={manager}
      listing={new Listing(manager)}
      commands={commands}
    />
  );
  await happens(() => manager.refresh());
  return { host, manager, executed };
}

function readyServer(...items: Parameters<typeof instanceList>[0]): FakeServer {
  return new FakeServer()
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () => instanceList(items));
}

function row(host: Element, name: string): HTMLElement {
  const found = host.querySelector<HTMLElement>(`[data-name="${name}"]`);
  if (found === null) {
    throw new Error(`There is no row ${name}`);
  }
  return found;
}

describe('the list of instances', () => {
  it('offers the likely action of each row', async () => {
    const { host, executed } = await screen(
      readyServer(instance('on'), stopped('off'))
    );
    await happens(() => {
      button(row(host, 'on'), 'Stop on').click();
      button(row(host, 'off'), 'Start off').click();
    });
    expect(executed).toEqual([
      { id: CommandIDs.stop, args: { name: 'on' } },
      { id: CommandIDs.start, args: { name: 'off' } }
    ]);
  });

  it('says why an action is not possible, and does nothing on a click', async () => {
    const server = readyServer(instance('on')).on('GET workspace', () =>
      workspaceStatus({
        permissions: [
          {
            name: 'stop',
            allowed: false,
            denied_by: 'azure_rbac',
            reason: 'Your role lacks computes/stop/action.'
          }
        ]
      })
    );
    const { host, executed } = await screen(server);
    const stop = button(row(host, 'on'), 'Stop on');
    expect(stop.title).toContain('computes/stop/action');
    await happens(() => {
      stop.click();
    });
    expect(executed).toEqual([]);
  });

  it('shows at once that a stop was asked for, and the state only when Azure tells it', async () => {
    const server = readyServer(instance('on')).on(
      'POST instances/on/stop',
      () => json(operation('o1', { target: 'on' }), 202)
    );
    const { host, manager } = await screen(server);
    await happens(() => manager.actions.run('on', 'stop'));
    expect(row(host, 'on').textContent).toContain('Stop requested…');
    server.on('GET instances', () =>
      instanceList([
        instance('on', { state: 'Stopping', in_transition: true, actions: [] })
      ])
    );
    await happens(() => manager.refresh());
    expect(row(host, 'on').textContent).toContain('Stopping…');
  });

  it('has one row in the tab order, and moves it by the arrow keys', async () => {
    const { host } = await screen(readyServer(instance('a'), instance('b')));
    expect(host.querySelectorAll('[role=row][tabindex="0"]')).toHaveLength(1);
    await happens(() => {
      row(host, 'a').focus();
    });
    await happens(() => {
      row(host, 'a').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true })
      );
    });
    expect(document.activeElement).toBe(row(host, 'b'));
    expect(row(host, 'a').tabIndex).toBe(-1);
  });

  it('moves the focus to the next row when the row that has it is gone', async () => {
    const server = readyServer(instance('a'), instance('b'), instance('c'));
    const { host, manager } = await screen(server);
    await happens(() => {
      row(host, 'b').focus();
    });
    server.on('GET instances', () =>
      instanceList([instance('a'), instance('c')])
    );
    await happens(() => manager.refresh());
    expect(document.activeElement).toBe(row(host, 'c'));
  });

  it('does not take the focus when it is elsewhere', async () => {
    const server = readyServer(instance('a'));
    const { manager } = await screen(server);
    const elsewhere = document.body.appendChild(
      document.createElement('input')
    );
    elsewhere.focus();
    server.on('GET instances', () => instanceList([instance('b')]));
    await happens(() => manager.refresh());
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });

  it('draws a window of a long list, and says how long the whole is', async () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      instance(`ci${index}`)
    );
    const { host } = await screen(readyServer(...many));
    expect(
      host.querySelector('[role=grid]')?.getAttribute('aria-rowcount')
    ).toBe('5000');
    expect(host.querySelectorAll('[role=row]').length).toBeLessThan(60);
  });

  it('announces what changed', async () => {
    const server = readyServer(instance('a'));
    const { host, manager } = await screen(server);
    server.on('GET instances', () => instanceList([stopped('a')]));
    await happens(() => manager.refresh());
    expect(host.querySelector('[aria-live=polite]')?.textContent).toBe(
      'a is Stopped'
    );
  });
});

describe('in place of the list', () => {
  it('an empty workspace teaches, says what it costs, and offers a first instance', async () => {
    const { host, executed } = await screen(readyServer());
    expect(host.textContent).toContain('no automatic scale-down');
    await happens(() => {
      button(host, 'New instance…').click();
    });
    expect(executed).toEqual([{ id: CommandIDs.create, args: {} }]);
  });

  it('a missing sign-in lists what was tried, and can be retried', async () => {
    const server = readyServer(instance('a')).on('GET workspace', () =>
      workspaceStatus({
        state: 'signed_out',
        sign_in: [
          {
            credential: 'AzureCliCredential',
            succeeded: false,
            reason: 'Please run az login.'
          }
        ]
      })
    );
    const { host } = await screen(server);
    expect(host.textContent).toContain('AzureCliCredential');
    expect(host.textContent).toContain('Please run az login.');
    server.on('GET workspace', () => workspaceStatus());
    await happens(async () => {
      button(host, 'Retry').click();
      await new Promise(resolve => setTimeout(resolve, 100));
    });
    expect(row(host, 'a')).toBeTruthy();
  });

  it('no workspace is a choice of those that can be seen', async () => {
    const chosen = workspaceStatus();
    const server = readyServer(instance('a'))
      .on('GET workspace', () =>
        workspaceStatus({ state: 'no_workspace', workspace: null })
      )
      .on('GET workspaces', () => ({ items: [chosen.workspace] }))
      .on('PUT workspace', () => chosen);
    const { host, manager } = await screen(server);
    await happens(() => new Promise(resolve => setTimeout(resolve, 50)));
    await happens(async () => {
      host.querySelector<HTMLElement>('.jp-ci-workspaces button')?.click();
      await new Promise(resolve => setTimeout(resolve, 50));
    });
    expect(server.bodies).toEqual([{ id: chosen.workspace?.id }]);
    expect(manager.workspace.isReady).toBe(true);
  });

  it('a server without the extension says how to install it', async () => {
    const { host } = await screen(new FakeServer());
    expect(host.textContent).toContain('jupyter server extension list');
    expect(button(host, 'Retry')).toBeTruthy();
  });

  it('a list that could not be fetched says why, with the request id', async () => {
    const server = readyServer().on('GET instances', () =>
      refusal(503, 'AzureUnavailable', {
        message: 'Azure could not be reached.',
        hint: 'Check the proxy.',
        request_id: 'r-77'
      })
    );
    const { host } = await screen(server);
    expect(host.textContent).toContain('Azure could not be reached.');
    expect(host.textContent).toContain('Check the proxy.');
    expect(host.textContent).toContain('r-77');
  });

  it('a filter that hides everything can be taken away', async () => {
    const { host, manager } = await screen(
      readyServer(instance('a', { mine: false }))
    );
    await happens(() => {
      manager.preferences.set('onlyMine', true);
    });
    await happens(() => {
      button(host, 'Show all').click();
    });
    expect(row(host, 'a')).toBeTruthy();
  });
});

describe('above the list', () => {
  it('old rows say since when and why they are old', async () => {
    const server = readyServer(instance('a'));
    const { host, manager } = await screen(server);
    server.on('GET instances', () => {
      throw new TypeError('Failed to fetch');
    });
    await happens(() => manager.refresh());
    expect(host.querySelector('.jp-ci-banner')?.textContent).toMatch(
      /As of .+: The Jupyter server could not be reached\./
    );
    expect(row(host, 'a')).toBeTruthy();
  });

  it('a sign-in that was lost is explained while the list stays', async () => {
    const server = readyServer(instance('a'));
    const { host, manager } = await screen(server);
    server
      .on('GET workspace', () => workspaceStatus({ state: 'signed_out' }))
      .on('GET instances', () => refusal(403, 'SignInRequired'));
    await happens(() => manager.refresh());
    expect(host.textContent).toContain('Not signed in to Azure');
    expect(row(host, 'a')).toBeTruthy();
  });
});
