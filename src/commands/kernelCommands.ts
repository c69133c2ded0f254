/**
 * The commands about kernels: add, check, rename and remove them.
 */
import {
  addIcon,
  deleteIcon,
  editIcon,
  runIcon
} from '@jupyterlab/ui-components';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import type { Kernel } from '../api/types';
import { notifyFailure, notifyNothingToDo } from '../notify';
import { environmentArgs, meantBy } from './environmentCommands';
import type { IEnvironmentContext } from './environmentCommands';
import { CommandIDs } from './ids';
import { loaded } from './loaded';

/** Register them. */
export function addKernelCommands(context: IEnvironmentContext): void {
  const { commands, manager, trans } = context;

  commands.addCommand(CommandIDs.registerKernel, {
    label: trans.__('Add a kernel…'),
    caption: trans.__('Let notebooks use an environment'),
    icon: addIcon,
    describedBy: environmentArgs(context),
    execute: async args => {
      const environment = await meantBy(context, args);
      if (environment !== null) {
        const { askToRegister } = await loaded(
          import('../environments/kernelDialogs'),
          trans
        );
        await askToRegister(environment, manager, trans);
      }
    }
  });

  commands.addCommand(CommandIDs.checkKernel, {
    label: trans.__('Check whether it starts'),
    caption: trans.__('Start the kernel, run “1+1” in it, and shut it down'),
    icon: runIcon,
    isEnabled: args => kernelOf(context, args) !== null,
    describedBy: kernelArgs(context),
    execute: async args => {
      const kernel = kernelOf(context, args);
      if (kernel === null) {
        return;
      }
      try {
        await manager.environmentWork.checkKernel(kernel.name);
      } catch (reason) {
        notifyFailure(
          trans.__('Check kernel %1', kernel.display_name),
          reason,
          trans
        );
      }
    }
  });

  commands.addCommand(CommandIDs.renameKernel, {
    label: trans.__('Rename…'),
    caption: trans.__('Give the kernel another name in the launcher'),
    icon: editIcon,
    isEnabled: args => kernelOf(context, args)?.removable === true,
    describedBy: kernelArgs(context),
    execute: async args => {
      const kernel = kernelOf(context, args);
      if (kernel === null) {
        return;
      }
      const { askForName } = await loaded(
        import('../environments/kernelDialogs'),
        trans
      );
      const name = await askForName(kernel, trans);
      if (name === null) {
        return;
      }
      try {
        await manager.kernels.rename(kernel.name, name);
      } catch (reason) {
        notifyFailure(
          trans.__('Rename kernel %1', kernel.display_name),
          reason,
          trans
        );
      }
    }
  });

  const remove = async (kernels: readonly Kernel[]): Promise<void> => {
    const { confirmRemoval } = await loaded(
      import('../environments/kernelDialogs'),
      trans
    );
    if (!(await confirmRemoval(kernels, trans))) {
      return;
    }
    for (const kernel of kernels) {
      try {
        await manager.kernels.remove(kernel.name);
      } catch (reason) {
        notifyFailure(
          trans.__('Remove kernel %1', kernel.display_name),
          reason,
          trans
        );
      }
    }
  };

  commands.addCommand(CommandIDs.removeKernel, {
    label: trans.__('Remove…'),
    caption: trans.__('Take the kernel out of the launcher'),
    icon: deleteIcon,
    isEnabled: args => kernelOf(context, args)?.removable === true,
    describedBy: kernelArgs(context),
    execute: async args => {
      const kernel = kernelOf(context, args);
      if (kernel !== null) {
        await remove([kernel]);
      }
    }
  });

  commands.addCommand(CommandIDs.removeStaleKernels, {
    label: trans.__('Remove kernels that cannot start…'),
    caption: trans.__('Remove the kernels whose environment is gone'),
    icon: deleteIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      await manager.kernels.refresh();
      const { state } = manager.kernels;
      const stale =
        state.status === 'known'
          ? state.value.filter(each => each.state === 'stale' && each.removable)
          : [];
      if (stale.length === 0) {
        notifyNothingToDo(
          trans.__(
            'There is no kernel of which it is known that it cannot start.'
          )
        );
        return;
      }
      await remove(stale);
    }
  });
}

function kernelArgs({ trans }: IEnvironmentContext): {
  readonly args: ReadonlyJSONObject;
} {
  return {
    args: {
      type: 'object',
      properties: {
        kernel: {
          type: 'string',
          description: trans.__('The name of the kernelspec')
        }
      }
    }
  };
}

/** The kernel that the arguments or the context menu name, or null. */
function kernelOf(
  { manager, underMenu }: IEnvironmentContext,
  args: ReadonlyPartialJSONObject
): Kernel | null {
  const { kernel } = args;
  const name = typeof kernel === 'string' ? kernel : underMenu('kernel');
  const { state } = manager.kernels;
  return state.status === 'known'
    ? (state.value.find(each => each.name === name) ?? null)
    : null;
}
