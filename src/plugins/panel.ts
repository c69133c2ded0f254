/**
 * Puts the panel into the left sidebar, and a card for a new instance into the launcher.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addShowDiskCommand } from '../commands/diskCommands';
import { addShowEnvironmentsCommand } from '../commands/environmentCommands';
import { CommandIDs } from '../commands/ids';
import { ComputeInstancesPanel } from '../panel/panel';
import { returnFocusOnClose } from '../panel/menuFocus';
import { PANEL_ID } from '../panel/panelId';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/** Below the file browser, the running sessions and the table of contents. */
const RANK = 450;

/**
 * The panel.
 */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:panel',
  description: 'Adds the panel “Compute Instances”.',
  autoStart: true,
  requires: [ICiManager],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const panel = new ComputeInstancesPanel({
      manager,
      commands: app.commands,
      translator: translator ?? nullTranslator
    });
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    addShowDiskCommand(app.commands, trans, () => {
      app.shell.activateById(PANEL_ID);
      panel.revealDisk();
    });
    addShowEnvironmentsCommand(app.commands, trans, () => {
      app.shell.activateById(PANEL_ID);
      panel.revealEnvironments();
    });
    returnFocusOnClose(app.contextMenu.menu, panel.node);
    restorer?.add(panel, PANEL_ID);
    app.shell.add(panel, 'left', { rank: RANK, type: 'Compute Instances' });
  }
};

/**
 * The launcher card; applications without a launcher, such as Notebook, have none.
 */
export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:launcher',
  description: 'Adds a launcher card for a new compute instance.',
  autoStart: true,
  requires: [ICiManager],
  optional: [ILauncher],
  activate: (
    _app: JupyterFrontEnd,
    _manager: ICiManager,
    launcher: ILauncher | null
  ): void => {
    launcher?.add({
      command: CommandIDs.create,
      args: { isLauncher: true },
      rank: 10
    });
  }
};
