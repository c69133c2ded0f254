/**
 * The command of the file browser's context menu: an environment from the file under the mouse.
 */
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { sourceOfFile } from '../environments/draft';
import { environmentIcon } from '../icons';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';

/** Register it. */
export function addEnvironmentFileCommand(
  { commands, trans }: ICommandContext,
  browsers: IFileBrowserFactory,
  contents: Pick<Contents.IManager, 'get'>
): void {
  const pathIn = ({ path }: ReadonlyPartialJSONObject): string | null => {
    if (typeof path === 'string') {
      return path;
    }
    const selected = [
      ...(browsers.tracker.currentWidget?.selectedItems() ?? [])
    ];
    const [file] = selected;
    return file !== undefined &&
      selected.length === 1 &&
      file.type !== 'directory' &&
      sourceOfFile(file.name) !== null
      ? file.path
      : null;
  };
  commands.addCommand(CommandIDs.environmentFromFile, {
    label: trans.__('New environment from this file…'),
    caption: trans.__(
      'Make a Conda environment as an environment.yml, requirements.txt or lock file describes it'
    ),
    icon: environmentIcon,
    isVisible: args => pathIn(args) !== null,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: trans.__(
              'The path of the file; without it, the one that is selected in the file browser.'
            )
          }
        }
      }
    },
    execute: async args => {
      const path = pathIn(args);
      if (path !== null) {
        const name = await nameIn(path, contents);
        await commands.execute(CommandIDs.createEnvironment, {
          path,
          ...(name === null ? {} : { name })
        });
      }
    }
  });
}

/** What an environment.yml calls its environment; null where it does not say. */
async function nameIn(
  path: string,
  contents: Pick<Contents.IManager, 'get'>
): Promise<string | null> {
  if (!/\.ya?ml$/i.test(path)) {
    return null;
  }
  try {
    const file = await contents.get(path, {
      type: 'file',
      format: 'text'
    });
    const text: unknown = file.content;
    const found = /^name:\s*["']?([\w.-]+)["']?\s*(?:#.*)?$/m.exec(
      typeof text === 'string' ? text : ''
    );
    return found?.[1] ?? null;
  } catch (reason) {
    // The wizard says what is wrong with the file as soon as it is needed.
    console.warn(`${path} could not be read.`, reason);
    return null;
  }
}
