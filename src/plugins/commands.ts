/**
 * Registers the commands, puts them into the palette, and tells when they have changed.
 */
import { ILayoutRestorer, IRouter } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addDetailsCommand } from '../commands/detailsCommand';
import { addDiskCommands } from '../commands/diskCommands';
import { CommandIDs } from '../commands/ids';
import { addInstanceCommands } from '../commands/instanceCommands';
import { addLogCommands } from '../commands/logCommands';
import { addPanelCommands } from '../commands/panelCommands';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

const IN_PALETTE = [
  CommandIDs.openPanel,
  CommandIDs.create,
  CommandIDs.start,
  CommandIDs.stop,
  CommandIDs.restart,
  CommandIDs.delete,
  CommandIDs.stopMine,
  CommandIDs.openDetails,
  CommandIDs.openLog,
  CommandIDs.refresh,
  CommandIDs.switchWorkspace,
  CommandIDs.showOnlyMine,
  CommandIDs.sort,
  CommandIDs.clearActivity,
  CommandIDs.showDisk,
  CommandIDs.openDiskUsage,
  CommandIDs.scanDisk,
  CommandIDs.cleanUp
] as const;

/**
 * The commands.
 */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:commands',
  description: 'Adds the commands for Azure compute instances.',
  autoStart: true,
  requires: [ICiManager],
  optional: [ITranslator, ICommandPalette, ILayoutRestorer, IRouter],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    router: IRouter | null
  ): void => {
    const { commands, shell } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const context = { commands, manager, trans };
    addPanelCommands(context, shell);
    addInstanceCommands(context);
    addDetailsCommand(context, shell, restorer);
    addDiskCommands(context, shell, restorer);
    addLogCommands(context, shell, restorer, router);

    const category = trans.__('Compute Instances');
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category, args: { isPalette: true } });
    }

    const notify = (): void => {
      for (const id of Object.values(CommandIDs)) {
        // Others of our plugins register some of them, and may be disabled.
        if (commands.hasCommand(id)) {
          commands.notifyCommandChanged(id);
        }
      }
    };
    manager.workspace.changed.connect(notify);
    manager.instances.changed.connect(notify);
    manager.selection.changed.connect(notify);
    manager.preferences.changed.connect(notify);
    manager.environments.changed.connect(notify);
    manager.kernels.changed.connect(notify);
    manager.operations.changed.connect(() => {
      commands.notifyCommandChanged(CommandIDs.clearActivity);
      commands.notifyCommandChanged(CommandIDs.scanDisk);
    });
  }
};
