/**
 * Warns ahead of time of what a full disk is going to make fail, whatever a person looks at.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';

import { CommandIDs } from '../commands/ids';
import type { ICiManager } from '../tokens';

/**
 * Warn once each time that something comes to be at risk, until the result is disposed.
 *
 * #### Notes
 * A warning that was dismissed does not come back before the danger was over.
 */
export function warnOfRisks(
  manager: ICiManager,
  commands: CommandRegistry,
  trans: TranslationBundle
): IDisposable {
  const { disk, preferences } = manager;
  let shown: string | null = null;
  const update = (): void => {
    if (disk.state.status !== 'known') {
      return;
    }
    const [first, ...others] = disk.state.value.at_risk;
    if (first === undefined) {
      if (shown !== null) {
        Notification.dismiss(shown);
        shown = null;
      }
    } else if (shown === null && preferences.values.notifications !== 'none') {
      shown = Notification.warning(riskText(first, others.length, trans), {
        autoClose: false,
        actions: [
          {
            label: trans.__('Clean up…'),
            callback: () => {
              void commands.execute(CommandIDs.cleanUp);
            }
          },
          {
            label: trans.__('Show the disk'),
            callback: () => {
              void commands.execute(CommandIDs.showDisk);
            }
          }
        ]
      });
    }
  };
  disk.changed.connect(update);
  return new DisposableDelegate(() => {
    disk.changed.disconnect(update);
  });
}

function riskText(
  first: string,
  others: number,
  trans: TranslationBundle
): string {
  const lead = trans.__('Little is left on the disk: %1', first);
  return others === 0
    ? lead
    : `${lead} ${trans._n('And %1 more.', 'And %1 more.', others)}`;
}
