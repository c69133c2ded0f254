import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { FULL_SPEC, specServer } from '../../__tests__/specBuilders';
import type { SpecWidget } from '../../create/specWidget';
import { templateText } from '../../create/templateFiles';
import type { CiManager } from '../../model/manager';
import { EMPTY_SPEC } from '../../model/specs';
import { addCreateCommands } from '../createCommands';
import { CommandIDs } from '../ids';

const trans = nullTranslator.load('');

let server: FakeServer;
let manager: CiManager;
let commands: CommandRegistry;
let added: SpecWidget[];
let selected: string | null;
let read: ReturnType<typeof vi.fn<(path: string) => Promise<string>>>;
let restored: {
  readonly args: (widget: SpecWidget) => unknown;
}[];

beforeEach(async () => {
  server = specServer();
  ({ manager } = managerOf(server));
  await manager.refresh();
  commands = new CommandRegistry();
  added = [];
  selected = null;
  restored = [];
  read = vi.fn(() => Promise.resolve('#!/bin/bash\n'));
  addCreateCommands({
    commands,
    manager,
    trans,
    shell: {
      add: (widget: SpecWidget) => added.push(widget),
      activateById: () => undefined
    } as unknown as JupyterFrontEnd.IShell,
    restorer: {
      restore: (_: unknown, options: (typeof restored)[number]) => {
        restored.push(options);
        return Promise.resolve();
      }
    } as unknown as ILayoutRestorer,
    files: {
      read,
      write: () => Promise.resolve(),
      exists: () => Promise.resolve(false),
      choose: () => Promise.resolve(null)
    },
    editors: null,
    selectedFile: () => selected
  });
});

function form(): SpecWidget['form'] {
  const widget = added[added.length - 1];
  if (widget === undefined) {
    throw new Error('No form was opened.');
  }
  return widget.form;
}

describe('the command of the full form', () => {
  it('carries over what was filled in elsewhere', async () => {
    await commands.execute(CommandIDs.createFull, {
      name: 'train',
      size: 'Standard_DS11_v2'
    });
    expect(form().draft).toMatchObject({
      name: 'train',
      vmSize: 'Standard_DS11_v2'
    });
  });

  it('says what it takes', async () => {
    const { args } = await commands.describedBy(CommandIDs.createFull);
    expect(Object.keys(args?.['properties'] ?? {})).toEqual(
      expect.arrayContaining(['name', 'size', 'template', 'script'])
    );
  });

  it('opens a form again as the layout of the page has it', async () => {
    await commands.execute(CommandIDs.createFull, { name: 'train' });
    form().choose({ description: 'half way', more: '{' });
    const [widget] = added;
    const args = restored[0]?.args(widget as SpecWidget);
    await commands.execute(
      CommandIDs.createFull,
      JSON.parse(JSON.stringify(args)) as Record<string, string>
    );
    expect(added).toHaveLength(2);
    expect(form().draft).toEqual(widget?.form.draft);
    expect(added[1]?.id).toBe(widget?.id);
  });
});

describe('the file browser’s commands', () => {
  it.each([
    ['setup.sh', CommandIDs.createWithScript],
    ['work/Setup.SH', CommandIDs.createWithScript],
    ['gpu.ci.json', CommandIDs.createFromTemplate]
  ])('of %s is %s', (path, wanted) => {
    selected = path;
    for (const id of [
      CommandIDs.createWithScript,
      CommandIDs.createFromTemplate
    ]) {
      expect(commands.isVisible(id)).toBe(id === wanted);
    }
  });

  it.each([null, 'notes.md', 'package.json', 'ci.json', 'setup.sh.txt'])(
    'are not there for %j',
    path => {
      selected = path;
      expect(commands.isVisible(CommandIDs.createWithScript)).toBe(false);
      expect(commands.isVisible(CommandIDs.createFromTemplate)).toBe(false);
    }
  );

  it('take a script as the creation script', async () => {
    selected = 'work/setup.sh';
    await commands.execute(CommandIDs.createWithScript);
    expect(read).toHaveBeenCalledWith('work/setup.sh');
    expect(form().spec.setup_scripts).toEqual({
      creation: {
        source: 'inline',
        data: '#!/bin/bash\n',
        arguments: null,
        timeout_minutes: null
      },
      startup: null
    });
  });

  it('begin with what a template says', async () => {
    server.on('POST specs/template', () => ({
      title: 'GPU',
      description: null,
      version: 1,
      spec: { ...FULL_SPEC, name: '' }
    }));
    selected = 'gpu.ci.json';
    await commands.execute(CommandIDs.createFromTemplate);
    expect(form().spec).toEqual({ ...FULL_SPEC, name: '' });
  });

  it('say what is wrong with a template, and open nothing', async () => {
    server.on('POST specs/template', () =>
      refusal(400, 'InvalidTemplate', { message: 'Unknown key “vmsize”.' })
    );
    selected = 'gpu.ci.json';
    const done = commands.execute(CommandIDs.createFromTemplate);
    await vi.waitFor(() => {
      expect(document.body.textContent).toContain('Unknown key “vmsize”.');
    });
    document.querySelector<HTMLElement>('.jp-Dialog button')?.click();
    await done;
    expect(added).toEqual([]);
  });
});

describe('a template that is saved', () => {
  it('has what is chosen, and neither the name nor Azure’s defaults', () => {
    expect(
      JSON.parse(
        templateText('GPU', {
          ...EMPTY_SPEC,
          name: 'train',
          vm_size: 'Standard_NC6s_v3',
          tags: { a: 'b' }
        })
      )
    ).toEqual({
      version: 1,
      title: 'GPU',
      spec: { vm_size: 'Standard_NC6s_v3', tags: { a: 'b' } }
    });
  });

  it('has all of a full form', () => {
    const saved = JSON.parse(templateText('All', FULL_SPEC)) as {
      readonly spec: object;
    };
    expect({ ...saved.spec, name: FULL_SPEC.name }).toEqual(FULL_SPEC);
  });
});
