/**
 * Opens a notebook with a kernel, by the command of the application's own notebook extension.
 */
import type { CommandRegistry } from '@lumino/commands';

/** Of JupyterLab's notebook extension. */
const CREATE_NOTEBOOK = 'notebook:create-new';

/** Whether this application has notebooks. */
export function canOpenNotebook(commands: CommandRegistry): boolean {
  return commands.hasCommand(CREATE_NOTEBOOK);
}

/** Open a new one. */
export async function openNotebook(
  commands: CommandRegistry,
  kernelName: string
): Promise<void> {
  await commands.execute(CREATE_NOTEBOOK, { kernelName });
}
