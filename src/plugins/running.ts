/**
 * Adds the running instances to JupyterLab's panel "Running", and keeps them current while that
 * panel is visible.
 */
import { ILabShell } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { find } from '@lumino/algorithm';

import { Attention } from '../panel/attention';
import { RunningInstances } from '../running';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/** The id of JupyterLab's panel. */
const RUNNING_PANEL_ID = 'jp-running-sessions';

/**
 * The section in the panel "Running".
 */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:running',
  description:
    'Adds running compute instances to the panel of running sessions.',
  autoStart: true,
  requires: [ICiManager],
  optional: [IRunningSessionManagers, ILabShell, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    managers: IRunningSessionManagers | null,
    labShell: ILabShell | null,
    translator: ITranslator | null
  ): void => {
    if (managers === null) {
      return;
    }
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    managers.add(new RunningInstances(manager, app.commands, trans));

    if (labShell === null) {
      return;
    }
    const attention = new Attention(() => manager.watch());
    labShell.layoutModified.connect(() => {
      const panel = ['left', 'right']
        .map(area =>
          find(
            labShell.widgets(area as ILabShell.Area),
            each => each.id === RUNNING_PANEL_ID
          )
        )
        .find(each => each !== undefined);
      attention.visible = panel?.isVisible === true;
    });
  }
};
