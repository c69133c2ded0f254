/**
 * The commands of the panel as a whole: open, refresh, create, sort, filter, switch.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  addIcon,
  clearIcon,
  refreshIcon,
  stopIcon
} from '@jupyterlab/ui-components';

import { confirmStopMine } from '../dialogs/stopDialogs';
import { notifyFailure, notifyNothingToDo } from '../notify';
import { instanceIcon } from '../icons';
import { isActive } from '../model/operations';
import { mayDo } from '../model/permissions';
import { isStoppable, sortParts } from '../model/rows';
import { columnLabel, SORT_KEYS } from '../panel/columns';
import { ownMachine } from '../model/workspace';
import { PANEL_ID } from '../panel/panelId';
import type { Sort, SortKey } from '../tokens';
import { whyNot } from '../words';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';

/** Arguments of commands that take none. */
const NO_ARGS = { args: { type: 'object' as const, properties: {} } };

/** Register them. */
export function addPanelCommands(
  context: ICommandContext,
  shell: JupyterFrontEnd.IShell
): void {
  const { commands, manager, trans } = context;
  const openPanel = (): void => {
    shell.activateById(PANEL_ID);
  };

  commands.addCommand(CommandIDs.openPanel, {
    label: trans.__('Show compute instances'),
    caption: trans.__('Show the panel of Azure compute instances'),
    icon: instanceIcon,
    describedBy: NO_ARGS,
    execute: openPanel
  });

  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh compute instances'),
    caption: trans.__('Ask Azure for the newest state'),
    icon: refreshIcon,
    describedBy: NO_ARGS,
    execute: () => manager.refresh()
  });

  commands.addCommand(CommandIDs.create, {
    label: args =>
      args['isLauncher'] === true || args['toolbar'] === true
        ? trans.__('New compute instance')
        : trans.__('New compute instance…'),
    caption: () =>
      whyNot(mayDo('create', manager.workspace.state), trans) ??
      trans.__('Create an Azure compute instance'),
    icon: args => (args['isLauncher'] === true ? instanceIcon : addIcon),
    isEnabled: () => mayDo('create', manager.workspace.state).allowed,
    describedBy: NO_ARGS,
    execute: async () => {
      if (manager.workspace.state.status === 'loading') {
        await manager.workspace.refresh();
      }
      if (!manager.workspace.isReady) {
        // The panel says what is missing and how to get it.
        openPanel();
        return;
      }
      const { askToCreate } = await loaded(
        import('../create/createDialog'),
        trans
      );
      const operation = await askToCreate(manager, trans, given => {
        void commands.execute(CommandIDs.createFull, { ...given });
      });
      if (operation !== null) {
        manager.selection.selectNew(operation.target);
        openPanel();
      }
    }
  });

  commands.addCommand(CommandIDs.switchWorkspace, {
    label: trans.__('Switch workspace…'),
    caption: () => {
      const { state } = manager.workspace;
      return state.status === 'known' && !state.value.switchable
        ? trans.__('The workspace is fixed by configuration.')
        : trans.__('Show the instances of another workspace');
    },
    isEnabled: () => {
      const { state } = manager.workspace;
      return state.status !== 'known' || state.value.switchable;
    },
    describedBy: NO_ARGS,
    execute: async () => {
      const { askForWorkspace } = await loaded(
        import('../dialogs/workspaceDialog'),
        trans
      );
      await askForWorkspace(manager.workspace, trans);
    }
  });

  addListCommands(context);
  addStopMine(context);
  addClearActivity(context);
}

function addListCommands({ commands, manager, trans }: ICommandContext): void {
  const { preferences } = manager;

  commands.addCommand(CommandIDs.showOnlyMine, {
    label: trans.__('Only mine'),
    caption: trans.__(
      'Show only instances that you created or that are assigned to you'
    ),
    isToggleable: true,
    isToggled: () => preferences.values.onlyMine,
    describedBy: NO_ARGS,
    execute: () => {
      preferences.set('onlyMine', !preferences.values.onlyMine);
    }
  });

  commands.addCommand(CommandIDs.sort, {
    label: args => {
      const key = args['by'];
      return isSortKey(key)
        ? columnLabel(key, trans)
        : trans.__('Sort compute instances by name');
    },
    caption: trans.__('Sort the list; again to reverse it'),
    isToggleable: true,
    isToggled: args => sortParts(preferences.values.sort).key === args['by'],
    describedBy: {
      args: {
        type: 'object',
        properties: {
          by: {
            type: 'string',
            enum: [...SORT_KEYS],
            description: trans.__('What to sort by; “name” when it is left out')
          }
        }
      }
    },
    execute: args => {
      const key = isSortKey(args['by']) ? args['by'] : 'name';
      const reversed: Sort = preferences.values.sort === key ? `-${key}` : key;
      preferences.set('sort', reversed);
    }
  });
}

function addStopMine({ commands, manager, trans }: ICommandContext): void {
  commands.addCommand(CommandIDs.stopMine, {
    label: trans.__('Stop all my running instances…'),
    caption: () =>
      whyNot(mayDo('stop', manager.workspace.state), trans) ??
      trans.__('Stop every running instance that is yours'),
    icon: stopIcon,
    isEnabled: () => mayDo('stop', manager.workspace.state).allowed,
    describedBy: NO_ARGS,
    execute: async () => {
      await manager.refresh();
      const { state } = manager.instances;
      if (state.status !== 'ready') {
        commands.execute(CommandIDs.openPanel).catch(console.error);
        return;
      }
      const mine = state.items.filter(each => each.mine && isStoppable(each));
      if (mine.length === 0) {
        notifyNothingToDo(trans.__('None of your instances is running.'));
        return;
      }
      const own = ownMachine(manager.workspace.state);
      if (!(await confirmStopMine(mine, state.sizes, own, trans))) {
        return;
      }
      try {
        await manager.actions.stopMine();
      } catch (reason) {
        notifyFailure(trans.__('Stop all my instances'), reason, trans);
      }
    }
  });
}

function addClearActivity({ commands, manager, trans }: ICommandContext): void {
  const { operations } = manager;
  commands.addCommand(CommandIDs.clearActivity, {
    label: trans.__('Clear finished operations'),
    caption: trans.__('Remove finished operations from the list'),
    icon: clearIcon,
    isEnabled: () => operations.items.some(each => !isActive(each)),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          id: {
            type: 'string',
            description: trans.__(
              'The id of one operation, which is cancelled if it is still running; without it, all that have finished.'
            )
          }
        }
      }
    },
    execute: async args => {
      const { id } = args;
      const ids =
        typeof id === 'string'
          ? [id]
          : operations.items
              .filter(each => !isActive(each))
              .map(each => each.id);
      try {
        await Promise.all(ids.map(each => operations.dismiss(each)));
      } catch (reason) {
        notifyFailure(trans.__('Clear'), reason, trans);
      }
    }
  });
}

function isSortKey(value: unknown): value is SortKey {
  return SORT_KEYS.some(key => key === value);
}
