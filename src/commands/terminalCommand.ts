/**
 * The command that opens a terminal with an environment active.
 */
import type { ServiceManager, Terminal } from '@jupyterlab/services';
import { terminalIcon } from '@jupyterlab/ui-components';

import { notifyFailure, notifyNothingToDo } from '../notify';
import { environmentArgs, meantBy, namedBy } from './environmentCommands';
import type { IEnvironmentContext } from './environmentCommands';
import { CommandIDs } from './ids';

/** Of JupyterLab's terminal extension. */
const OPEN_TERMINAL = 'terminal:open';

/** How long to wait for the terminal to take the line. */
const CONNECT_MS = 10_000;

/** Register it, where the server has terminals. */
export function addTerminalCommand(
  context: IEnvironmentContext,
  { terminals }: Pick<ServiceManager.IManager, 'terminals'>
): void {
  const { commands, manager, trans } = context;
  if (!terminals.isAvailable()) {
    return;
  }
  commands.addCommand(CommandIDs.environmentTerminal, {
    label: trans.__('Open in terminal'),
    caption: trans.__('Open a terminal with the environment active'),
    icon: terminalIcon,
    isEnabled: args =>
      commands.hasCommand(OPEN_TERMINAL) &&
      namedBy(context, args)?.state !== 'broken',
    describedBy: environmentArgs(context),
    execute: async args => {
      const environment = await meantBy(context, args);
      if (environment === null) {
        return;
      }
      const title = trans.__('Open a terminal');
      let line: string | null;
      try {
        const details = await manager.client.environments.details(
          environment.id
        );
        line = details.activation;
      } catch (reason) {
        notifyFailure(title, reason, trans);
        return;
      }
      if (line === null) {
        notifyNothingToDo(
          trans.__('Environments cannot be activated in a terminal here.')
        );
        return;
      }
      const session = await terminals.startNew();
      try {
        await connected(session);
        // A space before it keeps it out of the history of most shells.
        session.send({ type: 'stdin', content: [` ${line}\r`] });
        await commands.execute(OPEN_TERMINAL, { name: session.name });
      } finally {
        // The tab has a connection of its own.
        session.dispose();
      }
    }
  });
}

/** Resolves once a terminal is connected, or when that takes too long. */
async function connected(session: Terminal.ITerminalConnection): Promise<void> {
  if (session.connectionStatus === 'connected') {
    return;
  }
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, CONNECT_MS);
    function done(): void {
      clearTimeout(timer);
      session.connectionStatusChanged.disconnect(onStatus);
      resolve();
    }
    function onStatus(_: unknown, status: Terminal.ConnectionStatus): void {
      if (status === 'connected') {
        done();
      }
    }
    session.connectionStatusChanged.connect(onStatus);
  });
}
