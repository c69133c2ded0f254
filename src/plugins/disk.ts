/**
 * Puts the disk meter into the status bar, where the application has one.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addMeter } from '../disk/meterItem';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/**
 * The meter.
 */
export const diskMeterPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:disk-meter',
  description: 'Shows in the status bar how much is left on the disk.',
  autoStart: true,
  requires: [ICiManager],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ): void => {
    if (statusBar === null) {
      return;
    }
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const meter = addMeter(statusBar, manager, app.commands, trans);
    manager.disposed.connect(() => {
      meter.dispose();
    });
  }
};
