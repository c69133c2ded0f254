/**
 * Registers the commands about environments and kernels, adds a launcher card, and tells the
 * application when its kernels have changed.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addEnvironmentCommands } from '../commands/environmentCommands';
import { addEnvironmentFileCommand } from '../commands/environmentFileCommand';
import { CommandIDs } from '../commands/ids';
import { addKernelCommands } from '../commands/kernelCommands';
import { addTerminalCommand } from '../commands/terminalCommand';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

const IN_PALETTE = [
  CommandIDs.showEnvironments,
  CommandIDs.createEnvironment,
  CommandIDs.openEnvironment,
  CommandIDs.duplicateEnvironment,
  CommandIDs.registerKernel,
  CommandIDs.removeStaleKernels
] as const;

/**
 * Environments and kernels.
 */
export const environmentsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:environments',
  description: 'Makes and manages Conda environments and Jupyter kernels.',
  autoStart: true,
  requires: [ICiManager],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    ILauncher,
    IFileBrowserFactory
  ],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    launcher: ILauncher | null,
    browsers: IFileBrowserFactory | null
  ): void => {
    const { commands, serviceManager, shell } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const context = {
      commands,
      manager,
      trans,
      shell,
      restorer,
      underMenu: (attribute: 'environment' | 'kernel') =>
        app.contextMenuHitTest(node => node.dataset[attribute] !== undefined)
          ?.dataset[attribute] ?? null
    };
    addEnvironmentCommands(context);
    addKernelCommands(context);
    addTerminalCommand(context, serviceManager);
    if (browsers !== null) {
      addEnvironmentFileCommand(context, browsers, serviceManager.contents);
    }
    launcher?.add({
      command: CommandIDs.createEnvironment,
      args: { isLauncher: true },
      rank: 11
    });
    const category = trans.__('Environments and Kernels');
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category, args: { isPalette: true } });
    }
    manager.kernels.specsChanged.connect(() => {
      serviceManager.kernelspecs.refreshSpecs().catch((reason: unknown) => {
        // The server is away, which JupyterLab itself says.
        console.warn('The kernels could not be read anew.', reason);
      });
    });
  }
};
