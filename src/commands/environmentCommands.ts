/**
 * The commands about environments: make one, look at one, copy, export and delete it.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog, WidgetTracker } from '@jupyterlab/apputils';
import {
  addIcon,
  copyIcon,
  deleteIcon,
  downloadIcon
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { UUID } from '@lumino/coreutils';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import type { Environment, ExportFormat } from '../api/types';
import { sourceOfFile } from '../environments/draft';
import type { EnvironmentWidget } from '../environments/environmentWidget';
import { freeName } from '../environments/environmentNames';
import type { IWizardMemory } from '../environments/wizard';
import type { WizardWidget } from '../environments/wizardWidget';
import { environmentTitle, whyProtected } from '../environments/words';
import { environmentIcon } from '../icons';
import { notifyNothingToDo } from '../notify';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';

/** What the commands need of the application. */
export interface IEnvironmentContext extends ICommandContext {
  readonly shell: JupyterFrontEnd.IShell;
  readonly restorer: ILayoutRestorer | null;
  /** The value of a data attribute of what the context menu was opened on, or null. */
  readonly underMenu: (attribute: 'environment' | 'kernel') => string | null;
}

const EXPORT_FORMATS: readonly ExportFormat[] = [
  'yml',
  'history',
  'explicit',
  'lock'
];

/** Register them. */
export function addEnvironmentCommands(context: IEnvironmentContext): void {
  addWizardCommand(context);
  addPageCommand(context);
  const { commands, manager, trans } = context;

  commands.addCommand(CommandIDs.duplicateEnvironment, {
    label: trans.__('Duplicate…'),
    caption: trans.__('Make another environment with the same packages'),
    icon: copyIcon,
    isEnabled: args => namedBy(context, args)?.state !== 'broken',
    describedBy: environmentArgs(context),
    execute: async args => {
      const environment = await meantBy(context, args);
      if (environment === null) {
        return;
      }
      const { state } = manager.environments;
      await commands.execute(CommandIDs.createEnvironment, {
        source: 'clone',
        clone: environment.id,
        name: freeName(
          environmentTitle(environment),
          state.status === 'known' ? state.value.items : []
        )
      });
    }
  });

  commands.addCommand(CommandIDs.exportEnvironment, {
    label: trans.__('Export…'),
    caption: trans.__('Show an environment as a file to make it from again'),
    icon: downloadIcon,
    isEnabled: args => namedBy(context, args)?.state !== 'broken',
    describedBy: {
      args: {
        type: 'object',
        properties: {
          ...environmentArgs(context).args.properties,
          format: {
            type: 'string',
            enum: [...EXPORT_FORMATS],
            description: trans.__('As which kind of file')
          }
        }
      }
    },
    execute: async args => {
      const environment = await meantBy(context, args);
      if (environment === null) {
        return;
      }
      const { showExport } = await loaded(
        import('../environments/exportDialog'),
        trans
      );
      const format = EXPORT_FORMATS.find(each => each === args['format']);
      await showExport(environment, format ?? 'yml', manager.client, trans);
    }
  });

  commands.addCommand(CommandIDs.deleteEnvironment, {
    label: trans.__('Delete…'),
    caption: args => {
      const environment = namedBy(context, args);
      return (
        (environment === null ? null : whyProtected(environment, trans)) ??
        trans.__('Delete an environment with all that is in its folder')
      );
    },
    icon: deleteIcon,
    isEnabled: args => {
      const environment = namedBy(context, args);
      return environment === null || whyProtected(environment, trans) === null;
    },
    describedBy: environmentArgs(context),
    execute: async args => {
      const environment = await meantBy(context, args);
      if (environment === null) {
        return;
      }
      const reason = whyProtected(environment, trans);
      if (reason !== null) {
        notifyNothingToDo(reason);
        return;
      }
      const { askToDeleteEnvironment } = await loaded(
        import('../environments/deleteDialog'),
        trans
      );
      await askToDeleteEnvironment(environment, manager, trans);
    }
  });
}

function addWizardCommand(context: IEnvironmentContext): void {
  const { commands, manager, trans, shell, restorer } = context;
  const tracker = new WidgetTracker<WizardWidget>({
    namespace: 'jupyter-ci-manager-environment-wizards'
  });
  commands.addCommand(CommandIDs.createEnvironment, {
    label: args =>
      args['isLauncher'] === true
        ? trans.__('New environment')
        : trans.__('New environment…'),
    caption: trans.__('Make a Conda environment, and a kernel of it'),
    icon: args => (args['toolbar'] === true ? addIcon : environmentIcon),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          source: {
            type: 'string',
            enum: [
              'python',
              'r',
              'pytorch-cpu',
              'pytorch-gpu',
              'file',
              'lock',
              'clone'
            ],
            description: trans.__('What it is made from')
          },
          path: {
            type: 'string',
            description: trans.__(
              'The path of a file that describes it, below the folder that Jupyter shows'
            )
          },
          clone: {
            type: 'string',
            description: trans.__('The id of the environment to copy')
          },
          name: {
            type: 'string',
            description: trans.__('A name to propose')
          }
        }
      }
    },
    execute: async args => {
      const { WizardWidget } = await loaded(
        import('../environments/wizardWidget'),
        trans
      );
      const { id, memory } = remembered(args);
      const widget = new WizardWidget(id, memory, manager, commands, trans);
      shell.add(widget, 'main');
      await tracker.add(widget);
      widget.wizard.changed.connect(() => {
        void tracker.save(widget);
      });
      shell.activateById(widget.id);
    }
  });
  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.createEnvironment,
      args: ({ id, wizard: { memory } }) => ({
        id,
        // It is made of texts, lists and truths only.
        memory: memory as unknown as ReadonlyPartialJSONObject
      }),
      name: ({ id }) => id
    });
  }
}

/** With what a wizard begins: as it was left, or as the arguments propose. */
function remembered(args: ReadonlyPartialJSONObject): {
  readonly id: string;
  readonly memory: Partial<IWizardMemory>;
} {
  const { id, memory, name, path, clone, source } = args;
  if (typeof id === 'string' && typeof memory === 'object') {
    // What this command itself has written into the layout.
    return { id, memory: memory as Partial<IWizardMemory> };
  }
  const fileName = typeof path === 'string' ? path.split('/').pop() : undefined;
  const draft: Record<string, unknown> = {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof source === 'string' ? { source } : {}),
    ...(typeof clone === 'string' ? { source: 'clone', cloneOf: clone } : {}),
    ...(typeof path === 'string' && fileName !== undefined
      ? {
          source: sourceOfFile(fileName) ?? 'file',
          file: { name: fileName, path, content: null }
        }
      : {})
  };
  return {
    id: `jp-ci-wizard-${UUID.uuid4()}`,
    memory: { draft } as unknown as Partial<IWizardMemory>
  };
}

function addPageCommand(context: IEnvironmentContext): void {
  const { commands, manager, trans, shell, restorer } = context;
  const tracker = new WidgetTracker<EnvironmentWidget>({
    namespace: 'jupyter-ci-manager-environments'
  });
  commands.addCommand(CommandIDs.openEnvironment, {
    label: ({ isPalette }) =>
      isPalette === true
        ? trans.__('Manage an environment…')
        : trans.__('Manage packages and kernels'),
    caption: trans.__('Show the packages and kernels of an environment'),
    icon: environmentIcon,
    describedBy: environmentArgs(context),
    execute: async args => {
      const id =
        idIn(context, args) ?? (await meantBy(context, args))?.id ?? null;
      if (id === null) {
        return;
      }
      const { EnvironmentWidget } = await loaded(
        import('../environments/environmentWidget'),
        trans
      );
      let widget = tracker.find(each => each.document.id === id);
      if (widget === undefined) {
        widget = new EnvironmentWidget(id, manager, commands, trans);
        shell.add(widget, 'main');
        await tracker.add(widget);
      }
      shell.activateById(widget.id);
    }
  });
  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.openEnvironment,
      args: ({ document: { id } }) => ({ environment: id }),
      name: ({ id }) => id
    });
  }
}

/** The arguments of commands on one environment, as they are described. */
export function environmentArgs({ trans }: ICommandContext): {
  readonly args: {
    readonly type: 'object';
    readonly properties: ReadonlyJSONObject;
  };
} {
  return {
    args: {
      type: 'object',
      properties: {
        environment: {
          type: 'string',
          description: trans.__(
            'The id of the environment; without it, one is asked for.'
          )
        }
      }
    }
  };
}

function idIn(
  { underMenu }: IEnvironmentContext,
  args: ReadonlyPartialJSONObject
): string | null {
  const { environment, isPalette } = args;
  if (typeof environment === 'string') {
    return environment;
  }
  return isPalette === true ? null : underMenu('environment');
}

/** The environment that the arguments or the context menu name, or null. */
export function namedBy(
  context: IEnvironmentContext,
  args: ReadonlyPartialJSONObject
): Environment | null {
  const id = idIn(context, args);
  return id === null ? null : context.manager.environments.find(id);
}

/** The environment that is meant; where nothing names one, it is asked for. */
export async function meantBy(
  context: IEnvironmentContext,
  args: ReadonlyPartialJSONObject
): Promise<Environment | null> {
  const { manager, trans } = context;
  if (manager.environments.state.status !== 'known') {
    await manager.environments.refresh();
  }
  const named = namedBy(context, args);
  const { state } = manager.environments;
  if (named !== null || state.status !== 'known') {
    return named;
  }
  const { items } = state.value;
  if (items.length === 0) {
    notifyNothingToDo(trans.__('There is no environment.'));
    return null;
  }
  const { value } = await InputDialog.getItem({
    title: trans.__('Which environment?'),
    items: items.map(each => each.prefix),
    okLabel: trans.__('Choose'),
    cancelLabel: trans.__('Cancel')
  });
  return items.find(each => each.prefix === value) ?? null;
}

/** Register the one that shows the panel's section. */
export function addShowEnvironmentsCommand(
  commands: CommandRegistry,
  trans: TranslationBundle,
  show: () => void
): void {
  commands.addCommand(CommandIDs.showEnvironments, {
    label: trans.__('Show environments and kernels'),
    caption: trans.__('Show the environments of this machine in the panel'),
    icon: environmentIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: show
  });
}
