/**
 * The commands of the full form for a new instance: empty, from a template, with a setup script, like
 * an instance that exists.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage, WidgetTracker } from '@jupyterlab/apputils';
import { addIcon } from '@jupyterlab/ui-components';
import { UUID } from '@lumino/coreutils';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { InstanceSpec, SpecTemplate } from '../api/types';
import type { IDraft } from '../create/draft';
import type { IScriptEditors, IServerFiles } from '../create/specContext';
import type { ISpecMemory } from '../create/specForm';
import type { SpecWidget } from '../create/specWidget';
import { kindOfFile, TEMPLATE_END } from '../create/templateNames';
import { instanceIcon } from '../icons';
import { mayDo } from '../model/permissions';
import { PANEL_ID } from '../panel/panelId';
import { whyNot } from '../words';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';

/** What the commands need of the application. */
export interface ICreateContext extends ICommandContext {
  readonly shell: JupyterFrontEnd.IShell;
  readonly restorer: ILayoutRestorer | null;
  readonly files: IServerFiles;
  readonly editors: IScriptEditors | null;
  /** The path of the one file that is selected in the file browser, or null. */
  readonly selectedFile: () => string | null;
}

/** Register them. */
export function addCreateCommands(context: ICreateContext): void {
  addFormCommand(context);
  addFileCommand(context, CommandIDs.createFromTemplate, 'template', {
    label: context.trans.__('Open as compute instance…'),
    caption: context.trans.__(
      'Describe a new compute instance, beginning with this template'
    )
  });
  addFileCommand(context, CommandIDs.createWithScript, 'script', {
    label: context.trans.__('Use as setup script…'),
    caption: context.trans.__(
      'Describe a new compute instance that is set up by this script'
    )
  });
}

function addFormCommand(context: ICreateContext): void {
  const { commands, manager, trans, shell, restorer } = context;
  const tracker = new WidgetTracker<SpecWidget>({
    namespace: 'jupyter-ci-manager-new-instances'
  });
  commands.addCommand(CommandIDs.createFull, {
    label: trans.__('New compute instance with all options'),
    caption: () =>
      whyNot(mayDo('create', manager.workspace.state), trans) ??
      trans.__('Describe a new compute instance with everything Azure offers'),
    icon: args => (args['isLauncher'] === true ? instanceIcon : addIcon),
    isEnabled: () => mayDo('create', manager.workspace.state).allowed,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          name: { type: 'string', description: trans.__('A name to propose') },
          size: {
            type: 'string',
            description: trans.__('A VM size to propose')
          },
          template: {
            type: 'string',
            description: trans.__(
              'The path of a template (%1) to begin with, below the folder that Jupyter shows',
              `*${TEMPLATE_END}`
            )
          },
          script: {
            type: 'string',
            description: trans.__(
              'The path of a creation script (*.sh), below the folder that Jupyter shows'
            )
          },
          like: {
            type: 'string',
            description: trans.__(
              'The name of an instance, to begin with all that it was asked for with'
            )
          }
        }
      }
    },
    execute: async args => {
      if (manager.workspace.state.status === 'loading') {
        await manager.workspace.refresh();
      }
      if (!manager.workspace.isReady && args['memory'] === undefined) {
        // The panel says what is missing and how to get it.
        shell.activateById(PANEL_ID);
        return;
      }
      const [{ SpecForm }, { SpecWidget }] = await loaded(
        Promise.all([
          import('../create/specForm'),
          import('../create/specWidget')
        ]),
        trans
      );
      const { id, memory } = remembered(args);
      const form = new SpecForm(manager, memory, await givenBy(context, args));
      await takeTemplate(context, form, args);
      const widget = new SpecWidget({ ...context, id, form });
      shell.add(widget, 'main');
      await tracker.add(widget);
      form.changed.connect(() => {
        void tracker.save(widget);
      });
      shell.activateById(widget.id);
    }
  });
  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.createFull,
      args: ({ id, form: { memory } }) => ({
        id,
        // It is made of texts, numbers, lists and truths only.
        memory: memory as unknown as ReadonlyPartialJSONObject
      }),
      name: ({ id }) => id
    });
  }
}

/** As this command itself has written it into the layout of the page. */
function remembered({ id, memory }: ReadonlyPartialJSONObject): {
  readonly id: string;
  readonly memory: Partial<ISpecMemory>;
} {
  return {
    id: typeof id === 'string' ? id : `jp-ci-new-instance-${UUID.uuid4()}`,
    memory: typeof memory === 'object' ? (memory as Partial<ISpecMemory>) : {}
  };
}

/** What the arguments propose. */
async function givenBy(
  { files }: ICreateContext,
  { name, size, script }: ReadonlyPartialJSONObject
): Promise<Partial<IDraft>> {
  const { EMPTY_SCRIPT } = await import('../create/draft');
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof size === 'string' ? { vmSize: size } : {}),
    ...(typeof script === 'string'
      ? {
          scripts: {
            creation: {
              ...EMPTY_SCRIPT,
              source: 'inline',
              text: await files.read(script)
            },
            startup: EMPTY_SCRIPT
          }
        }
      : {})
  };
}

async function takeTemplate(
  { files, manager, trans }: ICreateContext,
  form: SpecWidget['form'],
  { like, template }: ReadonlyPartialJSONObject
): Promise<void> {
  try {
    if (typeof template === 'string') {
      const { readTemplate } = await import('../create/templateFiles');
      form.take(await readTemplate(template, manager, files, trans));
    } else if (typeof like === 'string') {
      const { spec } = await manager.client.instance(like);
      if (spec !== null) {
        form.take(templateOf(spec));
      }
    }
  } catch (reason) {
    form.dispose();
    throw reason;
  }
}

/** What an instance was asked for with, without what is its own: its name, and Azure's ids. */
function templateOf(spec: InstanceSpec): SpecTemplate {
  return {
    title: spec.name,
    description: null,
    version: 1,
    spec: {
      ...spec,
      name: '',
      schedules: spec.schedules.map(each => ({ ...each, id: null }))
    }
  };
}

function addFileCommand(
  { commands, selectedFile, trans }: ICreateContext,
  id: string,
  kind: 'template' | 'script',
  words: { readonly label: string; readonly caption: string }
): void {
  const pathIn = ({ path }: ReadonlyPartialJSONObject): string | null => {
    const found = typeof path === 'string' ? path : selectedFile();
    return found !== null && kindOfFile(found) === kind ? found : null;
  };
  commands.addCommand(id, {
    ...words,
    icon: instanceIcon,
    isVisible: args => pathIn(args) !== null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: trans.__(
              'The path of the file; without it, the one that is selected in the file browser.'
            )
          }
        }
      }
    },
    execute: async args => {
      const path = pathIn(args);
      if (path === null) {
        return;
      }
      try {
        await commands.execute(CommandIDs.createFull, { [kind]: path });
      } catch (reason) {
        // The contents manager, and our own server, say in words why not.
        await showErrorMessage(
          trans.__('This file cannot be used'),
          reason instanceof Error ? reason.message : String(reason)
        );
      }
    }
  });
}
