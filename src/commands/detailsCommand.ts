/**
 * The command that opens the page about an instance.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { find } from '@lumino/algorithm';

import { instanceIcon } from '../icons';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';
import { rowToOpen, targetArgs } from './targets';

/** Register it. */
export function addDetailsCommand(
  { commands, manager, trans }: ICommandContext,
  shell: JupyterFrontEnd.IShell
): void {
  commands.addCommand(CommandIDs.openDetails, {
    label: trans.__('Details'),
    caption: trans.__('Show all that is known of this instance'),
    icon: instanceIcon,
    isEnabled: args => rowToOpen(manager, targetArgs(args)) !== null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          name: {
            type: 'string',
            description: trans.__(
              'The name of the instance; without it, the selected one.'
            )
          }
        }
      }
    },
    execute: async args => {
      const target = rowToOpen(manager, targetArgs(args));
      if (target === null) {
        return;
      }
      const { detailsId, DetailsWidget } = await loaded(
        import('../details/detailsWidget'),
        trans
      );
      const id = detailsId(target.name);
      if (find(shell.widgets('main'), each => each.id === id) === undefined) {
        shell.add(
          new DetailsWidget(target.name, manager, commands, trans),
          'main'
        );
      }
      shell.activateById(id);
    }
  });
}
