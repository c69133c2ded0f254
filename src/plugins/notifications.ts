/**
 * Notifies of operations that were started in this tab, and of setup scripts that fail.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands/ids';
import { openLogArgs } from '../logs/openArgs';
import { notifyOfScriptFailures } from '../logs/scriptFailures';
import { OperationNotifications } from '../notifications';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/**
 * The notifications.
 */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:notifications',
  description: 'Notifies of operations on compute instances.',
  autoStart: true,
  requires: [ICiManager],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const notifications = new OperationNotifications(manager, trans, () => {
      void app.commands.execute(CommandIDs.openPanel);
    });
    const failures = notifyOfScriptFailures(manager, trans, instance => {
      void app.commands.execute(CommandIDs.openLog, openLogArgs(instance));
    });
    manager.disposed.connect(() => {
      failures.dispose();
      notifications.dispose();
    });
  }
};
