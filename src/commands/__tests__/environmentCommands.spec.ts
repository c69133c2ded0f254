import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { ServiceManager } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import {
  environment,
  environmentDetails,
  environmentServer,
  kernel
} from '../../__tests__/environmentBuilders';
import { managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import type { WizardWidget } from '../../environments/wizardWidget';
import type { CiManager } from '../../model/manager';
import { addEnvironmentCommands } from '../environmentCommands';
import { addEnvironmentFileCommand } from '../environmentFileCommand';
import { CommandIDs } from '../ids';
import { addKernelCommands } from '../kernelCommands';
import { addTerminalCommand } from '../terminalCommand';

const trans = nullTranslator.load('');

function browserWith(names: readonly string[]): IFileBrowserFactory {
  return {
    tracker: {
      currentWidget: {
        selectedItems: () =>
          names.map(name => ({ name, path: name, type: 'file' })).values()
      }
    }
  } as unknown as IFileBrowserFactory;
}

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;
let added: Widget[];
let menuOn: string | null;
let sent: unknown[];

beforeEach(async () => {
  server = environmentServer(
    [environment('train'), environment('lab', { is_server: true })],
    [
      kernel('fine'),
      kernel('gone', { state: 'stale' }),
      kernel('theirs', { state: 'stale', removable: false })
    ]
  ).on('GET environments/id-train', () =>
    environmentDetails(environment('train'))
  );
  ({ manager } = managerOf(server));
  await manager.environments.refresh();
  await manager.kernels.refresh();
  commands = new CommandRegistry();
  added = [];
  menuOn = null;
  sent = [];
  const context = {
    commands,
    manager,
    trans,
    shell: {
      add: (widget: Widget) => added.push(widget),
      activateById: () => undefined
    } as unknown as JupyterFrontEnd.IShell,
    restorer: null,
    underMenu: () => menuOn
  };
  addEnvironmentCommands(context);
  addKernelCommands(context);
  addTerminalCommand(context, {
    terminals: {
      isAvailable: () => true,
      startNew: () =>
        Promise.resolve({
          name: '3',
          connectionStatus: 'connected',
          send: (message: unknown) => sent.push(message),
          dispose: () => undefined
        })
    } as unknown as ServiceManager.IManager['terminals']
  });
});

async function wizardFrom(args: object): Promise<WizardWidget> {
  await commands.execute(CommandIDs.createEnvironment, { ...args });
  return added[0] as WizardWidget;
}

describe('the wizard', () => {
  it('begins with a file', async () => {
    const { wizard } = await wizardFrom({ path: 'project/conda-lock.yml' });
    expect(wizard.draft).toMatchObject({
      source: 'lock',
      file: {
        name: 'conda-lock.yml',
        path: 'project/conda-lock.yml',
        content: null
      }
    });
  });

  it('begins where it was left', async () => {
    const first = await wizardFrom({});
    first.wizard.choose({ name: 'mine', specs: ['numpy'] });
    first.wizard.go('kernel');
    const { memory } = first.wizard;
    await commands.execute(CommandIDs.createEnvironment, {
      id: first.id,
      memory: JSON.parse(JSON.stringify(memory)) as never
    });
    const second = added[1] as WizardWidget;
    expect(second.id).toBe(first.id);
    expect(second.wizard.memory).toEqual(memory);
    expect(second.wizard.step).toBe('kernel');
  });

  it('begins with a copy, and a name that is free', async () => {
    await commands.execute(CommandIDs.duplicateEnvironment, {
      environment: 'id-train'
    });
    await vi.waitFor(() => {
      expect(added).toHaveLength(1);
    });
    expect((added[0] as WizardWidget).wizard.draft).toMatchObject({
      source: 'clone',
      cloneOf: 'id-train',
      name: 'train-2'
    });
  });
});

describe('a command on an environment', () => {
  it('takes the one that the menu was opened on', async () => {
    menuOn = 'id-train';
    await commands.execute(CommandIDs.openEnvironment);
    expect(added.map(({ id }) => id)).toEqual(['jp-ci-environment-id-train']);
    await commands.execute(CommandIDs.openEnvironment);
    expect(added).toHaveLength(1);
  });

  it('asks which one where nothing names one', async () => {
    const ask = vi.spyOn(InputDialog, 'getItem').mockResolvedValue({
      value: '/envs/train',
      button: { accept: true }
    } as Awaited<ReturnType<typeof InputDialog.getItem>>);
    await commands.execute(CommandIDs.openEnvironment, { isPalette: true });
    expect(ask.mock.calls[0]?.[0]).toMatchObject({
      items: ['/envs/train', '/envs/lab']
    });
    expect(added).toHaveLength(1);
    ask.mockRestore();
  });

  it('cannot delete the one that Jupyter runs in, and says why', () => {
    const args = { environment: 'id-lab' };
    expect(commands.isEnabled(CommandIDs.deleteEnvironment, args)).toBe(false);
    expect(commands.caption(CommandIDs.deleteEnvironment, args)).toBe(
      'This Jupyter server runs in it.'
    );
    expect(
      commands.isEnabled(CommandIDs.deleteEnvironment, {
        environment: 'id-train'
      })
    ).toBe(true);
  });
});

describe('a terminal', () => {
  it('gets the line that activates, and is opened', async () => {
    const open = vi.fn();
    commands.addCommand('terminal:open', { execute: open });
    await commands.execute(CommandIDs.environmentTerminal, {
      environment: 'id-train'
    });
    expect(sent).toEqual([
      { type: 'stdin', content: [' eval "$(activate)"\r'] }
    ]);
    expect(open.mock.calls[0]?.[0]).toEqual({ name: '3' });
  });

  it('is not opened for an environment that is gone', async () => {
    server.on('GET environments/id-train', () =>
      refusal(404, 'EnvironmentNotFound')
    );
    const open = vi.fn();
    commands.addCommand('terminal:open', { execute: open });
    const before = Notification.manager.count;
    await commands.execute(CommandIDs.environmentTerminal, {
      environment: 'id-train'
    });
    expect(open).not.toHaveBeenCalled();
    expect(Notification.manager.count).toBe(before + 1);
  });
});

describe('kernels that cannot start', () => {
  it('are removed after asking, but for those of others', async () => {
    server.on('DELETE kernels/gone', () => new Response(null, { status: 204 }));
    const changed = vi.fn();
    manager.kernels.specsChanged.connect(changed);
    const done = commands.execute(CommandIDs.removeStaleKernels);
    const dialog = await vi.waitFor(() => {
      const found = document.querySelector('.jp-Dialog');
      expect(found).not.toBeNull();
      return found as HTMLElement;
    });
    expect(dialog.textContent).toContain('Remove kernel “Python (gone)”?');
    dialog.querySelector<HTMLElement>('.jp-mod-warn')?.click();
    await done;
    expect(server.count('DELETE kernels/gone')).toBe(1);
    expect(server.count('DELETE kernels/theirs')).toBe(0);
    expect(changed).toHaveBeenCalledOnce();
  });
});

describe('the file browser’s menu', () => {
  it.each([
    [['environment.yml'], true],
    [['notes.txt'], false],
    [['environment.yml', 'requirements.txt'], false],
    [[], false]
  ])('of %j has the wizard: %s', (names, visible) => {
    addEnvironmentFileCommand(
      { commands, manager, trans },
      browserWith(names),
      { get: () => Promise.reject(new Error('It is not read for a menu.')) }
    );
    expect(commands.isVisible(CommandIDs.environmentFromFile)).toBe(visible);
  });

  it.each([
    ['environment.yml', 'name: "train.2"  # ours\nchannels: []', 'train.2'],
    ['environment.yml', 'dependencies:\n- name: x', ''],
    ['requirements.txt', 'name: x', '']
  ])('of %s with %j proposes the name %j', async (file, content, name) => {
    addEnvironmentFileCommand(
      { commands, manager, trans },
      browserWith([file]),
      { get: () => Promise.resolve({ content } as Contents.IModel) }
    );
    await commands.execute(CommandIDs.environmentFromFile);
    const widget = added[0] as WizardWidget | undefined;
    expect(widget?.wizard.draft.name).toBe(name);
    expect(widget?.wizard.draft.file?.path).toBe(file);
  });
});
