/**
 * The command that opens the page about an instance.
 */
import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';

import type { DetailsWidget } from '../details/detailsWidget';
import { instanceIcon } from '../icons';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';
import { rowToOpen, targetArgs } from './targets';

/** Register it. */
export function addDetailsCommand(
  { commands, manager, trans }: ICommandContext,
  shell: JupyterFrontEnd.IShell,
  restorer: ILayoutRestorer | null
): void {
  const tracker = new WidgetTracker<DetailsWidget>({
    namespace: 'jupyter-ci-manager-details'
  });
  /** Whatever the list says of a name, or before there is a list. */
  const nameOf = (args: { readonly [key: string]: unknown }): string | null =>
    typeof args['name'] === 'string'
      ? args['name']
      : (rowToOpen(manager, targetArgs(args))?.name ?? null);

  commands.addCommand(CommandIDs.openDetails, {
    label: trans.__('Details'),
    caption: trans.__('Show all that is known of this instance'),
    icon: instanceIcon,
    isEnabled: args => nameOf(args) !== null,
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
      const name = nameOf(args);
      if (name === null) {
        return;
      }
      const { DetailsWidget } = await loaded(
        import('../details/detailsWidget'),
        trans
      );
      let widget = tracker.find(
        each => !each.isDisposed && each.document.name === name
      );
      if (widget === undefined) {
        widget = new DetailsWidget(name, manager, commands, trans);
        shell.add(widget, 'main');
        await tracker.add(widget);
      }
      shell.activateById(widget.id);
    }
  });

  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.openDetails,
      args: ({ document }) => ({ name: document.name }),
      name: ({ document }) => document.name
    });
  }
}
