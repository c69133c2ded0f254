import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';

import {
  environment,
  environmentList,
  environmentServer,
  kernel,
  work
} from '../../__tests__/environmentBuilders';
import { managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { button, happens, render } from '../../__tests__/render';
import { CommandIDs } from '../../commands/ids';
import { EnvironmentsSection } from '../environmentsSection';

async function drawn(server: FakeServer): Promise<{
  readonly host: HTMLElement;
  readonly executed: ReturnType<typeof vi.fn>;
}> {
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const executed = vi.fn();
  for (const id of [
    CommandIDs.createEnvironment,
    CommandIDs.openEnvironment,
    CommandIDs.deleteEnvironment,
    CommandIDs.removeStaleKernels
  ]) {
    commands.addCommand(id, {
      execute: args => {
        executed(id, args);
      }
    });
  }
  const host = await render(
    <EnvironmentsSection manager={manager} commands={commands} />
  );
  await happens(() =>
    Promise.all([
      manager.environments.refresh(),
      manager.kernels.refresh(),
      manager.operations.refresh()
    ])
  );
  return { host, executed };
}

function rows(host: HTMLElement): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>('.jp-ci-environment')];
}

async function key(name: string): Promise<void> {
  await happens(() => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true })
    );
  });
}

describe('the section about environments', () => {
  it('says of each what it has, how big it is, and which cannot be used', async () => {
    const { host } = await drawn(
      environmentServer([
        environment('stats', { python: null, r: '4.4.1', kernels: ['ir'] }),
        environment('old', { state: 'broken', problem: 'Python is missing.' })
      ])
    );
    const [stats, old] = rows(host).map(each => each.textContent);
    expect(stats).toContain('R 4.4.1 · 132 MB · 1 kernel');
    expect(old).toContain('Broken · Python is missing.');
  });

  it('teaches what an environment is where there is none', async () => {
    const { host, executed } = await drawn(
      environmentServer([environment('lab', { is_server: true })])
    );
    expect(host.textContent).toContain('No environments of your own yet');
    await happens(() => {
      button(host, 'New environment…').click();
    });
    expect(executed.mock.calls[0]?.[0]).toBe(CommandIDs.createEnvironment);
  });

  it('is walked with the keyboard alone', async () => {
    const { host, executed } = await drawn(
      environmentServer(['a', 'b'].map(name => environment(name)))
    );
    await happens(() => {
      rows(host)[0]?.focus();
    });
    await key('ArrowDown');
    expect(document.activeElement).toBe(rows(host)[1]);
    expect(rows(host).map(each => each.tabIndex)).toEqual([-1, 0]);
    await key('Enter');
    await key('Delete');
    expect(executed.mock.calls).toEqual([
      [CommandIDs.openEnvironment, { environment: 'id-b' }],
      [CommandIDs.deleteEnvironment, { environment: 'id-b' }]
    ]);
    await key('ArrowRight');
    expect(document.activeElement?.getAttribute('aria-label')).toBe(
      'More actions for b'
    );
  });

  it('shows the work on an environment in its row', async () => {
    const { host } = await drawn(
      environmentServer([environment('train', { operation_id: 'o' })]).on(
        'GET operations',
        () => ({
          items: [work('o', { message: 'Linking scipy' })],
          warning: null
        })
      )
    );
    expect(rows(host)[0]?.textContent).toContain('Running · Linking scipy');
  });

  it('has kernels of no environment apart, and offers to remove the stale', async () => {
    const train = environment('train');
    const gone = { state: 'stale', problem: 'Its Python is gone.' } as const;
    const { host, executed } = await drawn(
      environmentServer(
        [train],
        [
          kernel('own', { prefix: train.prefix }),
          kernel('system', { removable: false }),
          kernel('gone-1', gone),
          kernel('gone-2', { ...gone, prefix: '/envs/gone' })
        ]
      )
    );
    const kernels = [...host.querySelectorAll<HTMLElement>('.jp-ci-kernel')];
    expect(kernels.map(each => each.dataset['kernel'])).toEqual([
      'gone-1',
      'gone-2',
      'system'
    ]);
    expect(kernels[0]?.textContent).toContain('Its Python is gone.');
    await happens(() => {
      button(host, 'Remove 2 kernels that cannot start…').click();
    });
    expect(executed.mock.calls[0]?.[0]).toBe(CommandIDs.removeStaleKernels);
  });

  it('leads out of a failure, and tells of kernels apart', async () => {
    const server = environmentServer().on('GET environments', () =>
      refusal(500, 'Broken')
    );
    const { host } = await drawn(server);
    expect(host.textContent).toContain('Broken!');
    server.on('GET environments', () => environmentList([environment('back')]));
    await happens(async () => {
      button(host, 'Retry').click();
      await new Promise(resolve => setTimeout(resolve, 20));
    });
    expect(rows(host)).toHaveLength(1);
  });
});
