/**
 * The commands about this machine's disk: show it, scan it, clean it up.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { clearIcon, deleteIcon, searchIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';

import { pathOf } from '../disk/location';
import type { UsageWidget } from '../disk/usageWidget';
import { diskIcon } from '../icons';
import { notifyFailure } from '../notify';
import type { IScanModel } from '../tokens';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';

/** Arguments of commands that take none. */
const NO_ARGS = { args: { type: 'object' as const, properties: {} } };

/** Register those that need no panel. */
export function addDiskCommands(
  context: ICommandContext,
  shell: JupyterFrontEnd.IShell,
  restorer: ILayoutRestorer | null
): void {
  const { commands, manager, trans } = context;
  const tracker = new WidgetTracker<UsageWidget>({
    namespace: 'jupyter-ci-manager-disk-usage'
  });

  commands.addCommand(CommandIDs.openDiskUsage, {
    label: trans.__('What uses the disk?'),
    caption: trans.__('Show what fills the disk of this machine'),
    icon: diskIcon,
    describedBy: NO_ARGS,
    execute: async () => {
      const { UsageWidget } = await loaded(
        import('../disk/usageWidget'),
        trans
      );
      let widget = tracker.find(each => !each.isDisposed);
      if (widget === undefined) {
        widget = new UsageWidget(manager, commands, trans);
        shell.add(widget, 'main');
        await tracker.add(widget);
      }
      shell.activateById(widget.id);
    }
  });
  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.openDiskUsage,
      name: () => 'disk-usage'
    });
  }

  commands.addCommand(CommandIDs.scanDisk, {
    label: trans.__('Scan the disk'),
    caption: trans.__('Find out what fills the disk of this machine'),
    icon: searchIcon,
    isEnabled: () => manager.scan.running === null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          root: {
            type: 'string',
            description: trans.__(
              'The folder to scan; the OS disk when it is left out'
            )
          },
          anew: {
            type: 'boolean',
            description: trans.__(
              'Read every folder again instead of those that changed'
            )
          }
        }
      }
    },
    execute: async ({ root, anew }) => {
      await commands.execute(CommandIDs.openDiskUsage);
      try {
        await manager.scan.start({
          ...(typeof root === 'string' ? { root } : {}),
          anew: anew === true
        });
      } catch (reason) {
        notifyFailure(trans.__('Scan the disk'), reason, trans);
      }
    }
  });

  addCleanupCommands(context, () => tracker.size > 0);
}

/**
 * @param isScanShown - Whether a person has the scan open, which is about to be outdated.
 */
function addCleanupCommands(
  { commands, manager, trans }: ICommandContext,
  isScanShown: () => boolean
): void {
  const cleanUp = async (trash: readonly string[] = []): Promise<void> => {
    const { askToCleanUp } = await loaded(
      import('../dialogs/cleanupDialog'),
      trans
    );
    const removed = await askToCleanUp(manager, trans, trash);
    const root = scannedRoot(manager.scan);
    if (removed && root !== null && isScanShown()) {
      try {
        await manager.scan.start({ root });
      } catch (reason) {
        notifyFailure(trans.__('Scan the disk'), reason, trans);
      }
    }
  };

  commands.addCommand(CommandIDs.cleanUp, {
    label: trans.__('Clean up the disk…'),
    caption: trans.__('Show what can be removed, and remove what you choose'),
    icon: clearIcon,
    describedBy: NO_ARGS,
    execute: () => cleanUp()
  });

  commands.addCommand(CommandIDs.moveToTrash, {
    label: trans.__('Move to trash…'),
    caption: trans.__('Move a file or folder of this machine to the trash'),
    icon: deleteIcon,
    isEnabled: ({ uri }) => typeof uri === 'string',
    describedBy: {
      args: {
        type: 'object',
        properties: {
          uri: {
            type: 'string',
            description: trans.__('The “file:” URI of what is to be moved')
          }
        }
      }
    },
    execute: async ({ uri }) => {
      if (typeof uri === 'string') {
        await cleanUp([uri]);
      }
    }
  });
}

/** The folder that the newest scan is of, or null where there is none. */
function scannedRoot({ state }: IScanModel): string | null {
  return state.status === 'known' && state.value.result !== null
    ? pathOf(state.value.result.root_uri)
    : null;
}

/** Register the one that shows the panel's section. */
export function addShowDiskCommand(
  commands: CommandRegistry,
  trans: TranslationBundle,
  show: () => void
): void {
  commands.addCommand(CommandIDs.showDisk, {
    label: trans.__('Show how full the disk is'),
    caption: trans.__('Show the disk of this machine in the panel'),
    icon: diskIcon,
    describedBy: NO_ARGS,
    execute: show
  });
}
