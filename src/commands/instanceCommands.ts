/**
 * The commands that act on instances: start, stop, restart, delete.
 */
import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  deleteIcon,
  refreshIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';

import type { InstanceAction } from '../api/types';
import { confirmOwnMachine } from '../dialogs/stopDialogs';
import { notifyFailure, notifyNothingToDo } from '../notify';
import { canRun } from '../model/permissions';
import { ownMachine } from '../model/workspace';
import {
  actionLabel,
  actionTitle,
  commandCaption,
  commandLabel,
  whichInstance,
  whyNot
} from '../words';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';
import { StopsAtRisk } from './stopsAtRisk';
import { candidates, targetArgs, targetsOf } from './targets';
import type { ITargetArgs } from './targets';

const ICONS: Readonly<Record<InstanceAction, LabIcon>> = {
  start: runIcon,
  stop: stopIcon,
  restart: refreshIcon,
  delete: deleteIcon
};

const ACTIONS = Object.keys(ICONS) as InstanceAction[];

/** Register start, stop, restart and delete. */
export function addInstanceCommands(context: ICommandContext): void {
  const { commands, manager, trans } = context;
  const risks = new StopsAtRisk(context);
  for (const action of ACTIONS) {
    const refusal = (args: ITargetArgs): string | null => {
      const targets = targetsOf(manager, args);
      const { state } = manager.workspace;
      const all = targets.map(row => canRun(action, row, state));
      const first = all[0];
      return first === undefined || all.some(each => each.allowed)
        ? null
        : whyNot(first, trans);
    };
    commands.addCommand(CommandIDs[action], {
      label: args => {
        const targets = targetsOf(manager, targetArgs(args));
        return commandLabel(action, targets.length, trans);
      },
      caption: args =>
        refusal(targetArgs(args)) ?? commandCaption(action, trans),
      icon: ICONS[action],
      isEnabled: args => {
        const targets = targetsOf(manager, targetArgs(args));
        return (
          manager.workspace.state.status === 'loading' ||
          (manager.workspace.isReady &&
            refusal(targetArgs(args)) === null &&
            (action !== 'delete' || targets.length < 2))
        );
      },
      describedBy: { args: TARGET_SCHEMA(trans) },
      execute: args => execute(context, risks, action, targetArgs(args))
    });
  }
}

const TARGET_SCHEMA = (
  trans: TranslationBundle
): {
  readonly type: 'object';
  readonly properties: {
    readonly name: { readonly type: 'string'; readonly description: string };
  };
} => ({
  type: 'object',
  properties: {
    name: {
      type: 'string',
      description: trans.__(
        'The name of the instance; without it, the selected ones, or one that is asked for.'
      )
    }
  }
});

async function execute(
  context: ICommandContext,
  risks: StopsAtRisk,
  action: InstanceAction,
  args: ITargetArgs
): Promise<void> {
  const { manager, trans } = context;
  const names = await namesFor(context, action, args);
  if (action === 'delete') {
    const [name] = names;
    if (name !== undefined) {
      const { askToDelete } = await loaded(
        import('../dialogs/deleteDialog'),
        trans
      );
      await askToDelete(name, manager, trans);
    }
    return;
  }
  const machine = ownMachine(manager.workspace.state);
  const own = names.find(name => name === machine);
  if (
    own !== undefined &&
    action !== 'start' &&
    !(await confirmOwnMachine(own, actionLabel(action, trans), trans))
  ) {
    return;
  }
  await Promise.all(
    names.map(async name => {
      try {
        await manager.actions.run(name, action);
      } catch (reason) {
        if (!risks.takeOver(name, action, reason)) {
          notifyFailure(actionTitle(action, name, trans), reason, trans);
        }
      }
    })
  );
}

/** The instances to act on; asks for one where nothing says which. */
async function namesFor(
  { manager, trans }: ICommandContext,
  action: InstanceAction,
  args: ITargetArgs
): Promise<readonly string[]> {
  const targets = targetsOf(manager, args);
  if (targets.length > 0) {
    const { state } = manager.workspace;
    return targets
      .filter(row => canRun(action, row, state).allowed)
      .map(row => row.name);
  }
  if (args.name !== undefined) {
    return [args.name];
  }
  if (manager.instances.state.status !== 'ready') {
    await manager.refresh();
  }
  const items = candidates(manager, action);
  const label = actionLabel(action, trans);
  if (items.length === 0) {
    notifyNothingToDo(trans.__('%1: no instance allows this now.', label));
    return [];
  }
  const { button, value } = await InputDialog.getItem({
    title: whichInstance(action, trans),
    items: [...items],
    okLabel: label
  });
  return button.accept && value !== null ? [value] : [];
}
