/**
 * Puts the disk meter into the status bar, where the application has one, and warns of risks.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { DisposableSet } from '@lumino/disposable';

import { addMeter } from '../disk/meterItem';
import { warnOfRisks } from '../disk/riskWarning';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/**
 * The meter and the warning.
 */
export const diskMeterPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:disk-meter',
  description:
    'Shows in the status bar how much is left on the disk, and warns of what is at risk.',
  autoStart: true,
  requires: [ICiManager],
  optional: [IStatusBar, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ): void => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const disposables = new DisposableSet();
    disposables.add(warnOfRisks(manager, commands, trans));
    if (statusBar !== null) {
      disposables.add(addMeter(statusBar, manager, commands, trans));
    }
    manager.disposed.connect(() => {
      disposables.dispose();
    });
  }
};
