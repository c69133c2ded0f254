import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';

import {
  environment,
  environmentDetails,
  environmentServer,
  kernel,
  plan,
  planned,
  work
} from '../../__tests__/environmentBuilders';
import { json, managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { button, happens, render, type } from '../../__tests__/render';
import type { Environment, Kernel } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import { EnvironmentDocument } from '../environmentDocument';
import { EnvironmentView } from '../environmentView';

async function drawn(
  of: Environment,
  kernels: readonly Kernel[] = [],
  prepare: (server: FakeServer) => void = () => undefined
): Promise<{
  readonly host: HTMLElement;
  readonly server: FakeServer;
  readonly commands: CommandRegistry;
}> {
  const server = environmentServer([of], kernels).on(
    `GET environments/${of.id}`,
    () => environmentDetails(of)
  );
  prepare(server);
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const document = new EnvironmentDocument(manager, of.id);
  const host = await render(
    <EnvironmentView
      document={document}
      manager={manager}
      commands={commands}
    />
  );
  await happens(async () => {
    await Promise.all([
      manager.environments.refresh(),
      manager.kernels.refresh(),
      manager.operations.refresh()
    ]);
    await new Promise(resolve => setTimeout(resolve, 10));
  });
  return { host, server, commands };
}

async function press(host: HTMLElement, label: string): Promise<void> {
  await happens(async () => {
    button(host, label).click();
    await new Promise(resolve => setTimeout(resolve, 20));
  });
}

function packageNames(host: HTMLElement): string[] {
  return [...host.querySelectorAll('.jp-ci-table tbody th')].map(
    each => each.firstChild?.textContent ?? ''
  );
}

describe('the page about an environment', () => {
  it('puts changes together, reviews them, and makes them at once', async () => {
    const { host, server } = await drawn(environment('train'), [], each =>
      each
        .on('GET environments/plan/plan-1', () =>
          plan({
            packages: [
              planned('pandas'),
              planned('openssl', { action: 'remove', download_bytes: null }),
              planned('numpy', { action: 'update', from_version: '1.0' })
            ]
          })
        )
        .on('POST environments/id-train/packages', () =>
          json(work('change-1', { kind: 'environment.change' }), 202)
        )
    );
    await press(host, 'Update numpy');
    await press(host, 'Remove openssl');
    await type(
      host.querySelector('input[type="search"]') as HTMLInputElement,
      'pandas'
    );
    await press(host, 'Add');
    await press(host, 'Review');
    expect(host.textContent).toContain('1.0 → 2.0');
    await press(host, 'Make the changes');
    expect(server.bodies.pop()).toEqual({
      install: ['pandas'],
      update: ['numpy'],
      update_all: false,
      remove: ['openssl'],
      pip: [],
      pip_remove: [],
      channels: []
    });
    expect(host.querySelector('.jp-ci-tray')).toBeNull();
    expect(host.textContent).toContain('Downloading');
    expect(button(host, 'Update all').title).toBe('Work on it is under way.');
  });

  it('removes with pip what pip has installed', async () => {
    const { host, server } = await drawn(environment('train'), [], each =>
      each.on('POST environments/id-train/packages', () =>
        refusal(409, 'EnvironmentBusy', { message: 'Somebody is at it.' })
      )
    );
    await press(host, 'Remove rich');
    await press(host, 'Review');
    await press(host, 'Make the changes');
    expect(server.bodies.pop()).toMatchObject({ pip_remove: ['rich'] });
    expect(host.textContent).toContain('Somebody is at it.');
    expect(host.querySelector('.jp-ci-tray')?.textContent).toContain('rich');
  });

  it('takes a change back where it was made', async () => {
    const { host } = await drawn(environment('train'));
    await press(host, 'Remove numpy');
    expect(host.querySelector('.jp-ci-tray')).not.toBeNull();
    await press(host, 'Leave numpy as it is');
    expect(host.querySelector('.jp-ci-tray')).toBeNull();
  });

  it('filters by name and by what was asked for', async () => {
    const { host } = await drawn(environment('train'));
    expect(packageNames(host)).toEqual(['numpy', 'openssl', 'rich']);
    await type(
      host.querySelector('.jp-ci-table-tools input') as HTMLInputElement,
      'SS'
    );
    expect(packageNames(host)).toEqual(['openssl']);
    await type(
      host.querySelector('.jp-ci-table-tools input') as HTMLInputElement,
      ''
    );
    await happens(() => {
      host
        .querySelector<HTMLElement>('.jp-ci-table-tools input[type="checkbox"]')
        ?.click();
    });
    expect(packageNames(host)).toEqual(['numpy']);
  });

  it('says of the environment that Jupyter runs in why it stays as it is', async () => {
    const { host } = await drawn(environment('lab', { is_server: true }));
    expect(host.textContent).toContain('This Jupyter server runs in it.');
    expect(button(host, 'Delete…').getAttribute('aria-disabled')).toBe('true');
    expect(button(host, 'Remove numpy').getAttribute('aria-disabled')).toBe(
      'true'
    );
    expect(button(host, 'Duplicate…').getAttribute('aria-disabled')).toBe(
      'false'
    );
  });

  it('shows the work that someone else has begun', async () => {
    const { host } = await drawn(
      environment('train', { operation_id: 'other' }),
      [],
      each =>
        each.on('GET operations', () => ({
          items: [work('other', { message: 'Linking scipy' })],
          warning: null
        }))
    );
    expect(host.textContent).toContain('Linking scipy');
  });

  it('says that it is gone when someone has removed it', async () => {
    const { host } = await drawn(environment('train'), [], each =>
      each.on('GET environments/id-train', () =>
        refusal(404, 'EnvironmentNotFound', { message: 'It is not there.' })
      )
    );
    expect(host.textContent).toContain('It is not there.');
  });

  it('has its own kernels with what came of their check', async () => {
    const of = environment('train');
    const { host, commands } = await drawn(of, [
      kernel('mine', {
        prefix: of.prefix,
        check: {
          ok: true,
          checked_at: '2026-03-02T12:00:00Z',
          message: 'It works.',
          interpreter: '/envs/train/bin/python',
          version: 'Python 3.12.1',
          start_seconds: 2.14,
          execute_seconds: 0.02
        }
      }),
      kernel('other')
    ]);
    const check = vi.fn();
    commands.addCommand(CommandIDs.checkKernel, { execute: check });
    const kernels = [...host.querySelectorAll('.jp-ci-kernel')];
    expect(kernels).toHaveLength(1);
    expect(kernels[0]?.textContent).toContain(
      'Works · Python 3.12.1 · started in 2.1 s'
    );
    await press(host, 'Check whether Python (mine) starts');
    expect(check.mock.calls[0]?.[0]).toEqual({ kernel: 'mine' });
  });

  it('teaches what a kernel is for where it has none', async () => {
    const { host, commands } = await drawn(environment('train'));
    const register = vi.fn();
    commands.addCommand(CommandIDs.registerKernel, { execute: register });
    expect(host.textContent).toContain('No notebook can use it yet');
    await press(host, 'Add a kernel…');
    expect(register.mock.calls[0]?.[0]).toEqual({ environment: 'id-train' });
  });
});
