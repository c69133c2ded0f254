import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';

import {
  environment,
  environmentList,
  environmentServer,
  kernel,
  MB,
  plan,
  work
} from '../../__tests__/environmentBuilders';
import { json, managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { button, happens, render, type } from '../../__tests__/render';
import type { CiManager } from '../../model/manager';
import { Wizard } from '../wizard';
import type { IWizardMemory } from '../wizard';
import { WizardView } from '../wizardView';

interface IDrawn {
  readonly host: HTMLElement;
  readonly wizard: Wizard;
  readonly manager: CiManager;
  readonly commands: CommandRegistry;
  readonly onDone: () => void;
}

async function drawn(
  server: FakeServer,
  memory: Partial<IWizardMemory> = {}
): Promise<IDrawn> {
  const { manager } = managerOf(server);
  const commands = new CommandRegistry();
  const wizard = new Wizard(manager, memory);
  const onDone = vi.fn();
  const host = await render(
    <WizardView
      wizard={wizard}
      manager={manager}
      commands={commands}
      onDone={onDone}
    />
  );
  await happens(() =>
    Promise.all([manager.environments.refresh(), manager.kernels.refresh()])
  );
  return { host, wizard, manager, commands, onDone };
}

async function press(host: HTMLElement, label: string): Promise<void> {
  await happens(async () => {
    button(host, label).click();
    await new Promise(resolve => setTimeout(resolve, 20));
  });
}

function field(host: HTMLElement, label: string): HTMLInputElement {
  const found = [...host.querySelectorAll('label')].find(
    each => each.textContent === label
  );
  return host.querySelector(
    `[id="${found?.htmlFor ?? ''}"]`
  ) as HTMLInputElement;
}

const REVIEWED: Partial<IWizardMemory> = {
  step: 'review',
  draft: {
    ...new Wizard(managerOf(environmentServer()).manager).draft,
    name: 'train'
  }
};

describe('the wizard', () => {
  it('goes from the source to the review, and asks for what was chosen', async () => {
    const server = environmentServer([environment('old')]).on(
      'POST environments',
      () => json(work('make-1'), 202)
    );
    const { host } = await drawn(server);
    await press(host, 'Continue');
    expect(host.querySelector('h2')?.textContent).toBe('Name and place');
    expect(document.activeElement).toBe(host.querySelector('h2'));
    await type(field(host, 'Name'), 'train');
    expect(host.textContent).toContain('Goes to /envs/train');
    await press(host, 'Continue');
    await type(field(host, 'Add a package'), 'pandas>=2');
    await press(host, 'Add');
    await press(host, 'Continue');
    await press(host, 'Continue');
    expect(host.textContent).toContain('10 MB');
    expect(host.textContent).toContain('960 MB');
    await press(host, 'Create');
    expect(server.bodies.pop()).toMatchObject({
      name: 'train',
      specs: ['python', 'pandas>=2'],
      kernel: { display_name: 'Python (train)' }
    });
    expect(host.textContent).toContain('Downloading');
    expect(button(host, 'Cancel “Create environment train”')).not.toBeNull();
  });

  it('says at once what is wrong with a name, and does not go on', async () => {
    const { host, wizard } = await drawn(
      environmentServer([environment('old')])
    );
    await press(host, 'Continue');
    await type(field(host, 'Name'), 'old');
    expect(field(host, 'Name').getAttribute('aria-invalid')).toBe('true');
    expect(host.textContent).toContain('There is an environment of this name');
    await press(host, 'Continue');
    expect(wizard.step).toBe('place');
  });

  it('leads from a plan that failed to the step that can mend it', async () => {
    const server = environmentServer().on('POST environments/plan', () =>
      refusal(409, 'NoSolution', { message: 'a excludes b' })
    );
    const { host, wizard } = await drawn(server, REVIEWED);
    expect(host.querySelector('[role="alert"]')?.textContent).toContain(
      'a excludes b'
    );
    expect(button(host, 'Create').getAttribute('aria-disabled')).toBe('true');
    await press(host, 'Change: Packages');
    expect(wizard.step).toBe('packages');
  });

  it('offers to clean up where the disk cannot take it', async () => {
    const server = environmentServer().on('GET environments/plan/plan-1', () =>
      plan({
        fits: false,
        reason: 'Only 3 MB are left.',
        available_bytes: 3 * MB
      })
    );
    const { host, commands } = await drawn(server, REVIEWED);
    const cleanUp = vi.fn();
    commands.addCommand('ci-manager:clean-up', { execute: cleanUp });
    expect(host.textContent).toContain('Only 3 MB are left.');
    expect(button(host, 'Create').title).toBe('It does not fit on the disk.');
    await press(host, 'Clean up…');
    expect(cleanUp).toHaveBeenCalledOnce();
    await press(host, 'Create');
    expect(server.count('POST environments')).toBe(0);
  });

  it('says why the server did not begin', async () => {
    const server = environmentServer().on('POST environments', () =>
      refusal(409, 'EnvironmentExists', { message: 'It is there by now.' })
    );
    const { host, wizard } = await drawn(server, REVIEWED);
    await press(host, 'Create');
    expect(host.textContent).toContain('It is there by now.');
    await press(host, 'Change: Name and place');
    expect(wizard.step).toBe('place');
  });
});

describe('the work, after the page was loaded again', () => {
  const memory: Partial<IWizardMemory> = { ...REVIEWED, operation: 'make-1' };

  it('is found where it is', async () => {
    const server = environmentServer().on('GET operations', () => ({
      items: [
        work('make-1', {
          progress: 0.5,
          detail: {
            phase: 'download',
            phases: ['solve', 'download', 'link', 'kernel'],
            item: 'python',
            bytes_done: 34 * MB,
            bytes_total: 120 * MB
          }
        })
      ],
      warning: null
    }));
    const { host, manager } = await drawn(server, memory);
    await happens(() => manager.operations.refresh());
    expect(host.textContent).toContain('34 of 120 MB');
    expect(host.querySelector('[aria-current="step"]')?.textContent).toContain(
      'Download'
    );
    expect(host.querySelector('progress')?.value).toBe(0.5);
    expect(server.count('POST environments/plan')).toBe(0);
  });

  it('ends with a notebook', async () => {
    const made = environment('train');
    const server = environmentServer(
      [made],
      [kernel('train-kernel', { prefix: made.prefix })]
    ).on('GET operations', () => ({
      items: [work('make-1', { state: 'succeeded', message: 'Created' })],
      warning: null
    }));
    const { host, manager, commands, onDone } = await drawn(server, memory);
    const create = vi.fn();
    commands.addCommand('notebook:create-new', { execute: create });
    await happens(() => manager.operations.refresh());
    await press(host, 'Open a notebook with it');
    expect(create.mock.calls[0]?.[0]).toEqual({ kernelName: 'train-kernel' });
    await press(host, 'Done');
    expect(onDone).toHaveBeenCalledOnce();
  });

  it('is cancelled, and the way back is open', async () => {
    let state: 'running' | 'cancelled' = 'running';
    const server = environmentServer()
      .on('GET operations', () => ({
        items: [
          work('make-1', { state, revision: state === 'running' ? 1 : 2 })
        ],
        warning: null
      }))
      .on('DELETE operations/make-1', () => {
        state = 'cancelled';
        return new Response(null, { status: 204 });
      });
    const { host, wizard, manager } = await drawn(server, memory);
    await happens(() => manager.operations.refresh());
    await press(host, 'Cancel “Create environment train”');
    expect(host.textContent).toContain('Cancelled');
    await press(host, 'Back to the review');
    expect(wizard.operationId).toBeNull();
    expect(wizard.draft.name).toBe('train');
  });

  it('that the server has forgotten is said to be so', async () => {
    const { host, manager } = await drawn(environmentServer(), memory);
    await happens(() => manager.operations.refresh());
    expect(host.textContent).toContain('knows nothing of this work');
  });
});

describe('what is written down of a wizard', () => {
  it('leaves out the contents of long files', () => {
    const { manager } = managerOf(environmentServer());
    const wizard = new Wizard(manager);
    wizard.choose({
      source: 'file',
      file: {
        name: 'environment.yml',
        path: null,
        content: 'x'.repeat(100_001)
      }
    });
    expect(wizard.memory.draft.file).toBeNull();
    expect(wizard.draft.file).not.toBeNull();
  });
});

describe('where nothing can create environments', () => {
  it('the wizard says so', async () => {
    const server = environmentServer().on('GET environments', () =>
      environmentList([], { engine: null, note: 'Install Miniforge.' })
    );
    const { host } = await drawn(server);
    expect(host.textContent).toContain('Nothing here can create environments');
    expect(host.textContent).toContain('Install Miniforge.');
  });
});
