import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  stopped,
  vmSize,
  workspaceStatus
} from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { button, happens, render, type } from '../../__tests__/render';
import type { Instance, InstanceDetails } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { EMPTY_SPEC } from '../../model/specs';
import { newSchedule } from '../../schedules/timetable';
import { DetailsDocument } from '../detailsDocument';
import { DetailsView } from '../detailsView';
import { ResizeView } from '../resizeDialog';
import { ResizeForm } from '../resizeForm';
import { details } from './builders';

interface IDrawn {
  readonly host: HTMLElement;
  readonly server: FakeServer;
  readonly executed: { readonly id: string; readonly args: unknown }[];
  readonly resized: Instance[];
}

async function settle(): Promise<void> {
  await happens(() => new Promise(resolve => setTimeout(resolve, 20)));
}

async function drawn(
  of: InstanceDetails,
  prepare: (server: FakeServer) => void = () => undefined,
  listed: readonly Instance[] = [of.instance]
): Promise<IDrawn> {
  const { name } = of.instance;
  const server = new FakeServer()
    .on('GET workspace', () => workspaceStatus())
    .on('GET instances', () => instanceList(listed))
    .on('GET operations', () => ({
      items: [],
      persistent: true,
      warning: null
    }))
    .on(`GET instances/${name}`, () => of)
    .on('GET time-zones', () => ({ items: ['UTC'], local: 'UTC' }))
    .on('POST schedules/preview', () => ({
      firings: [['2026-11-24T18:00:00Z']],
      problems: []
    }));
  prepare(server);
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const executed: { id: string; args: unknown }[] = [];
  for (const id of [...Object.values(CommandIDs), 'terminal:create-new']) {
    commands.addCommand(id, {
      execute: args => {
        executed.push({ id, args });
      }
    });
  }
  const resized: Instance[] = [];
  await manager.refresh();
  const host = await render(
    <DetailsView
      document={new DetailsDocument(manager, name)}
      manager={manager}
      commands={commands}
      onResize={each => {
        resized.push(each);
      }}
      onLike={() => Promise.resolve()}
    />
  );
  await settle();
  return { host, server, executed, resized };
}

async function press(host: HTMLElement, label: string): Promise<void> {
  await happens(async () => {
    button(host, label).click();
    await new Promise(resolve => setTimeout(resolve, 20));
  });
}

function card(host: HTMLElement, title: string): HTMLElement {
  const found = [...host.querySelectorAll<HTMLElement>('.jp-ci-card')].find(
    each => each.querySelector('h3')?.textContent === title
  );
  if (found === undefined) {
    throw new Error(`There is no card “${title}” in ${host.innerHTML}`);
  }
  return found;
}

describe('the page about an instance', () => {
  it('says where it is, what it has and how it is reached', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        addresses: {
          public_ip: '20.1.2.3',
          private_ip: '10.0.0.4',
          subnet_id:
            '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/net/subnets/ml'
        },
        ssh: {
          user: 'azureuser',
          host: '20.1.2.3',
          port: 50000,
          command: 'ssh azureuser@20.1.2.3 -p 50000'
        },
        os_image: { current: '23.01.1', latest: '26.11.2', outdated: true }
      })
    );
    expect(card(host, 'Compute').textContent).toContain('Standard_DS11_v2');
    expect(card(host, 'Compute').textContent).toContain(
      'Outdated: the newest is 26.11.2'
    );
    const network = card(host, 'Network and SSH');
    expect(network.textContent).toContain('net / ml');
    expect(network.textContent).toContain('ssh azureuser@20.1.2.3 -p 50000');
  });

  it('says what it has cost since it was started', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        running_cost: {
          since: new Date(Date.now() - 10 * 3600_000).toISOString(),
          hours: 10,
          amount: 1.8,
          currency: 'USD'
        }
      })
    );
    const cost = card(host, 'Cost and uptime').textContent;
    expect(cost).toContain('10 h');
    expect(cost).toMatch(/about \$1\.80 \(estimate\)/);
  });

  it('makes no figure up where Azure does not say since when it runs', async () => {
    const running = await drawn(details('ds-amy'));
    expect(card(running.host, 'Cost and uptime').textContent).toContain(
      'not known'
    );
    const off = await drawn(details('ds-bob', { instance: stopped('ds-bob') }));
    expect(card(off.host, 'Cost and uptime').textContent).toContain(
      'It is not running.'
    );
  });

  it('opens nothing that belongs to another, and says whose it is', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        instance: instance('ds-amy', {
          applications: [
            { display_name: 'Jupyter Lab', endpoint_uri: 'https://ds/lab' },
            { display_name: 'Evil', endpoint_uri: 'javascript:alert(1)' }
          ]
        }),
        applications_open: false,
        applications_note: 'Only Amy can open them.'
      })
    );
    expect(host.textContent).toContain('Only Amy can open them.');
    expect(host.querySelectorAll('a[href]')).toHaveLength(0);
  });

  it('links to what it serves, never to an address that is a script', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        instance: instance('ds-amy', {
          applications: [
            { display_name: 'Jupyter Lab', endpoint_uri: 'https://ds/lab' },
            { display_name: 'Evil', endpoint_uri: 'javascript:alert(1)' }
          ]
        })
      })
    );
    const targets = [...host.querySelectorAll('a')].map(each =>
      each.getAttribute('href')
    );
    // The second one is that of the terminal.
    expect(targets).toEqual(['https://ds/lab', 'https://ds/lab']);
  });

  it('opens a terminal of this machine where it is the instance', async () => {
    const { host, executed } = await drawn(details('ds-amy'), server =>
      server.on('GET workspace', () =>
        workspaceStatus({ this_instance: 'ds-amy' })
      )
    );
    // The state of the workspace comes with the first refresh of all.
    await settle();
    await press(host, 'Terminal');
    expect(executed).toEqual([{ id: 'terminal:create-new', args: {} }]);
  });

  it('has the log of a failed script one click away', async () => {
    const { host, executed } = await drawn(
      details('ds-amy', {
        instance: instance('ds-amy', {
          state: 'SetupFailed',
          script_outcome: {
            phase: 'creation',
            outcome: 'failed',
            exit_status: 3,
            ended_at: null,
            log: 'setup.log',
            line: 12
          }
        })
      })
    );
    await press(host, 'View log');
    expect(executed).toEqual([
      {
        id: CommandIDs.openLog,
        args: { name: 'ds-amy', log: 'setup.log', line: 12 }
      }
    ]);
  });

  it('asks for what its buttons say', async () => {
    const { host, executed } = await drawn(details('ds-amy'));
    await press(host, 'Stop ds-amy');
    await press(host, 'Delete ds-amy');
    expect(executed).toEqual([
      { id: CommandIDs.stop, args: { name: 'ds-amy' } },
      { id: CommandIDs.delete, args: { name: 'ds-amy' } }
    ]);
  });

  it('resizes only what is stopped', async () => {
    const running = await drawn(details('ds-amy'));
    expect(button(running.host, 'Resize…').title).toContain('Stop it first');
    const off = await drawn(details('ds-bob', { instance: stopped('ds-bob') }));
    await press(off.host, 'Resize…');
    expect(off.resized.map(each => each.name)).toEqual(['ds-bob']);
  });

  it('lists which actions are missing', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        access: [
          {
            action: 'computes/start/action',
            title: 'Start',
            allowed: true,
            reason: null
          },
          {
            action: 'computes/delete',
            title: 'Delete',
            allowed: false,
            reason: 'Your role has no right to it.'
          }
        ]
      })
    );
    const rows = [
      ...card(host, 'Permissions').querySelectorAll('tbody tr')
    ].map(each => each.textContent?.replace(/\s*\n\s*/g, ''));
    expect(rows).toEqual([
      'Startyescomputes/start/action',
      'DeletenoYour role has no right to it.computes/delete'
    ]);
  });

  it('shows another size’s facts only as far as it knows them', async () => {
    const { host } = await drawn(
      details('ds-amy', {
        instance: instance('ds-amy', { vm_size: 'STANDARD_NEW' }),
        vm_size: null
      })
    );
    expect(card(host, 'Compute').textContent).toContain('STANDARD_NEW');
    expect(card(host, 'Compute').textContent).toContain('Coresunknown');
  });

  it('says that it is gone', async () => {
    const { host } = await drawn(details('ds-amy'), server =>
      server.on('GET instances/ds-amy', () =>
        refusal(404, 'InstanceNotFound', { message: 'It is gone.' })
      )
    );
    expect(host.textContent).toContain('It is gone.');
  });
});

describe('schedules and idle shutdown', () => {
  const scheduled = details('ds-amy', {
    spec: {
      ...EMPTY_SPEC,
      name: 'ds-amy',
      idle_shutdown: 'PT60M',
      schedules: [newSchedule('stop', 'UTC')]
    },
    firings: [['2026-11-24T18:00:00Z', '2026-11-25T18:00:00Z']]
  });

  it('are read with the next firing', async () => {
    const { host } = await drawn(scheduled);
    const text = card(host, 'Schedules and idle shutdown').textContent;
    expect(text).toContain('after 1 h');
    expect(text).toContain('Stop Mon–Fri 18:00 (UTC)');
    expect(host.querySelectorAll('.jp-ci-firings time')).toHaveLength(1);
  });

  it('are changed in place, and only what was changed is sent', async () => {
    const { host, server } = await drawn(scheduled, each =>
      each.on('PATCH instances/ds-amy', () =>
        details('ds-amy', {
          spec: { ...EMPTY_SPEC, name: 'ds-amy', idle_shutdown: 'PT120M' }
        })
      )
    );
    await press(host, 'Change schedules and idle shutdown');
    expect(document.activeElement?.getAttribute('type')).toBe('checkbox');
    expect(button(host, 'Save').title).toBe('Nothing is changed.');
    await type(
      host.querySelector(
        '.jp-ci-idle input[type="number"]'
      ) as HTMLInputElement,
      '2'
    );
    await press(host, 'Save');
    expect(server.bodies.pop()).toEqual({ idle_shutdown: 'PT120M' });
    expect(host.textContent).toContain('after 2 h');
    expect(document.activeElement?.getAttribute('aria-label')).toBe(
      'Change schedules and idle shutdown'
    );
  });

  it('are left as they were', async () => {
    const { host, server } = await drawn(scheduled);
    await press(host, 'Change schedules and idle shutdown');
    await happens(() => {
      (
        host.querySelector('.jp-ci-idle [type="checkbox"]') as HTMLInputElement
      ).click();
    });
    await press(host, 'Cancel');
    expect(host.textContent).toContain('after 1 h');
    expect(server.count('PATCH instances/ds-amy')).toBe(0);
  });

  it('have Azure’s refusal at the field it is about', async () => {
    const { host } = await drawn(scheduled, each =>
      each.on('PATCH instances/ds-amy', () =>
        refusal(400, 'InvalidSpec', {
          message: 'Too short for Azure.',
          details: { field: 'idle_shutdown' }
        })
      )
    );
    await press(host, 'Change schedules and idle shutdown');
    await type(
      host.querySelector(
        '.jp-ci-idle input[type="number"]'
      ) as HTMLInputElement,
      '20'
    );
    await press(host, 'Save');
    expect(
      host.querySelector('.jp-ci-idle .jp-ci-says .jp-mod-bad')?.textContent
    ).toBe('Too short for Azure.');
    expect(host.querySelector('.jp-ci-problem')).toBeNull();
  });

  it('have any other refusal below them, and what was changed is kept', async () => {
    const { host } = await drawn(scheduled, each =>
      each.on('PATCH instances/ds-amy', () =>
        refusal(409, 'InstanceBusy', { message: 'Somebody is at it.' })
      )
    );
    await press(host, 'Change schedules and idle shutdown');
    const amount = host.querySelector(
      '.jp-ci-idle input[type="number"]'
    ) as HTMLInputElement;
    await type(amount, '5');
    await press(host, 'Save');
    expect(host.querySelector('.jp-ci-problem')?.textContent).toContain(
      'Somebody is at it.'
    );
    expect(amount.value).toBe('5');
  });

  it('are not saved while the server finds them wrong', async () => {
    const { host, server } = await drawn(scheduled, each =>
      each.on('POST schedules/preview', () => ({
        firings: [[]],
        problems: [
          {
            field: 'schedules.0.recurrence.week_days',
            code: 'Invalid',
            message: 'Not on these days.',
            hint: null,
            severity: 'error'
          }
        ]
      }))
    );
    await press(host, 'Change schedules and idle shutdown');
    await happens(() => new Promise(resolve => setTimeout(resolve, 400)));
    expect(host.textContent).toContain('Not on these days.');
    await press(host, 'Save');
    expect(server.count('PATCH instances/ds-amy')).toBe(0);
  });
});

describe('another VM size', () => {
  it('is chosen among those that the quota allows, and is not the one it has', async () => {
    const server = new FakeServer()
      .on('GET sizes', () => ({
        items: [
          vmSize('Standard_DS11_v2'),
          vmSize('Standard_DS12_v2'),
          vmSize('Standard_NC6', { creatable: false, reason: 'No quota.' })
        ],
        location: 'westeurope'
      }))
      .on('POST instances/ds-amy/resize', () =>
        json(operation('op', { kind: 'instance.resize' }), 202)
      );
    const { manager } = managerOf(server);
    const form = new ResizeForm(
      manager,
      'ds-amy',
      'STANDARD_DS11_V2',
      'Resize'
    );
    const host = await render(<ResizeView form={form} sizes={manager.sizes} />);
    await settle();
    const pick = async (name: string): Promise<void> => {
      await happens(() => {
        [...host.querySelectorAll<HTMLElement>('[role="option"]')]
          .find(each => each.textContent?.includes(name))
          ?.click();
      });
    };
    await pick('DS11');
    expect(form.isReady).toBe(false);
    await pick('NC6');
    expect(form.isReady).toBe(false);
    await pick('DS12');
    expect(form.isReady).toBe(true);
    expect(await form.submit()).toBe(true);
    expect(server.bodies).toEqual([{ vm_size: 'Standard_DS12_v2' }]);
    form.dispose();
  });
});
