/**
 * The commands that open logs: of an instance, of an operation, and by an address.
 */
import type {
  ILayoutRestorer,
  IRouter,
  JupyterFrontEnd
} from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { listIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { linkedLine, LINK_PATTERN, withoutLink } from '../logs/logLink';
import type { LogTarget } from '../logs/logDocument';
import type { LogWidget } from '../logs/logWidget';
import type { ICiManager } from '../tokens';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';
import { loaded } from './loaded';
import { rowToOpen, targetArgs } from './targets';

/** Register them. */
export function addLogCommands(
  { commands, manager, trans }: ICommandContext,
  shell: JupyterFrontEnd.IShell,
  restorer: ILayoutRestorer | null,
  router: IRouter | null
): void {
  const tracker = new WidgetTracker<LogWidget>({
    namespace: 'jupyter-ci-manager-logs'
  });

  commands.addCommand(CommandIDs.openLog, {
    label: ({ label }) =>
      typeof label === 'string' ? label : trans.__('View log'),
    caption: trans.__('Show the log of the newest setup script'),
    icon: listIcon,
    isEnabled: args => targetOf(manager, args) !== null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          name: {
            type: 'string',
            description: trans.__(
              'The name of the instance; without it, the selected one.'
            )
          },
          log: {
            type: 'string',
            description: trans.__(
              'The id of the log; without it, the newest one.'
            )
          },
          operation: {
            type: 'string',
            description: trans.__(
              'The id of an operation, to show what that has written.'
            )
          },
          line: {
            type: 'integer',
            description: trans.__('The line to go to, counted from 1.')
          },
          beside: {
            type: 'boolean',
            description: trans.__('Whether to open it beside the current tab.')
          }
        }
      }
    },
    execute: async args => {
      const target = targetOf(manager, args);
      if (target === null) {
        return;
      }
      const { LogWidget } = await loaded(import('../logs/logWidget'), trans);
      let widget = tracker.find(each => !each.isDisposed && each.isOf(target));
      if (widget === undefined) {
        widget = new LogWidget(target, manager, commands, trans);
        shell.add(
          widget,
          'main',
          args['beside'] === true ? { mode: 'split-right' } : {}
        );
        await tracker.add(widget);
      }
      shell.activateById(widget.id);
      const { line } = args;
      if (typeof line === 'number' && line > 0) {
        widget.log.goTo(line - 1);
      }
    }
  });

  if (restorer !== null) {
    void restorer.restore(tracker, {
      command: CommandIDs.openLog,
      args: ({ log: { target } }) => argsOf(target),
      name: ({ id }) => id
    });
  }

  commands.addCommand(CommandIDs.openLinkedLog, {
    label: trans.__('Open the log that the page’s address names'),
    isVisible: () => false,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async args => {
      const search = typeof args['search'] === 'string' ? args['search'] : '';
      const linked = linkedLine(search);
      if (linked === null) {
        return;
      }
      const { target, line } = linked;
      if (router !== null) {
        const { path, hash } = router.current;
        router.navigate(`${path}${withoutLink(search)}${hash}`, {
          skipRouting: true
        });
      }
      await commands.execute(CommandIDs.openLog, {
        ...argsOf(target),
        ...(line === null ? {} : { line: line + 1 })
      });
    }
  });
  router?.register({
    command: CommandIDs.openLinkedLog,
    pattern: LINK_PATTERN
  });
}

/** Which log is meant, or null where the arguments and the selection do not say. */
function targetOf(
  manager: ICiManager,
  args: ReadonlyPartialJSONObject
): LogTarget | null {
  const { name, log, operation } = args;
  if (typeof operation === 'string') {
    return { kind: 'operation', id: operation };
  }
  if (typeof name === 'string') {
    // Whatever the list says of it, or before there is a list.
    return {
      kind: 'instance',
      name,
      log: typeof log === 'string' ? log : null
    };
  }
  const row = rowToOpen(manager, targetArgs(args));
  return row === null ? null : { kind: 'instance', name: row.name, log: null };
}

function argsOf(target: LogTarget): ReadonlyPartialJSONObject {
  if (target.kind === 'operation') {
    return { operation: target.id };
  }
  const { name, log } = target;
  return log === null ? { name } : { name, log };
}
