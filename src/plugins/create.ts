/**
 * Registers the full form for a new instance, and the files that it can begin with.
 */
import { ILayoutRestorer } from '@jupyterlab/application';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { CodeEditor, IEditorServices } from '@jupyterlab/codeeditor';
import { PathExt } from '@jupyterlab/coreutils';
import { FileDialog, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { Contents } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { addCreateCommands } from '../commands/createCommands';
import { CommandIDs } from '../commands/ids';
import type { IServerFiles } from '../create/specContext';
import { TEMPLATE_END } from '../create/templateNames';
import { instanceIcon } from '../icons';
import { ICiManager, TRANSLATION_DOMAIN } from '../tokens';

/**
 * The form.
 */
export const createPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-ci-manager:create',
  description: 'Describes new compute instances with everything Azure offers.',
  autoStart: true,
  requires: [ICiManager],
  optional: [
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IFileBrowserFactory,
    IEditorServices
  ],
  activate: (
    app: JupyterFrontEnd,
    manager: ICiManager,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    browsers: IFileBrowserFactory | null,
    services: IEditorServices | null
  ): void => {
    const { commands, docRegistry, serviceManager, shell } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    addCreateCommands({
      commands,
      manager,
      trans,
      shell,
      restorer,
      files: serverFiles(serviceManager.contents, browsers),
      editors:
        services === null
          ? null
          : { services, model: () => new CodeEditor.Model() },
      selectedFile: () => {
        const selected = [
          ...(browsers?.tracker.currentWidget?.selectedItems() ?? [])
        ];
        const [file] = selected;
        return file !== undefined &&
          selected.length === 1 &&
          file.type !== 'directory'
          ? file.path
          : null;
      }
    });
    docRegistry.addFileType({
      name: 'ci-manager-template',
      displayName: trans.__('Template of a compute instance'),
      extensions: [TEMPLATE_END],
      mimeTypes: ['application/json'],
      contentType: 'file',
      fileFormat: 'text',
      icon: instanceIcon
    });
    palette?.addItem({
      command: CommandIDs.createFull,
      category: trans.__('Compute Instances'),
      args: { isPalette: true }
    });
  }
};

/** The files of the Jupyter server, by its contents manager and the file browser's dialog. */
function serverFiles(
  contents: Contents.IManager,
  browsers: IFileBrowserFactory | null
): IServerFiles {
  return {
    read: async path => {
      const model = await contents.get(path, {
        content: true,
        type: 'file',
        format: 'text'
      });
      // A file that is asked for as text has its text as content.
      return model.content as string;
    },
    write: async (path, text) => {
      await contents.save(path, {
        type: 'file',
        format: 'text',
        content: text
      });
    },
    exists: async path => {
      // Its folder is asked, because browsers complain of each file that is not found.
      const folder = await contents.get(PathExt.dirname(path));
      const entries = folder.content as readonly { readonly path: string }[];
      return entries.some(each => each.path === path);
    },
    choose: async (title, isWanted) => {
      const model = browsers?.tracker.currentWidget?.model;
      if (model === undefined) {
        throw new Error('This application has no file browser.');
      }
      const { button, value } = await FileDialog.getOpenFiles({
        manager: model.manager,
        title,
        filter: file =>
          file.type === 'directory' || isWanted(file.name) ? {} : null
      });
      const [file] = value ?? [];
      return button.accept && file !== undefined && file.type !== 'directory'
        ? file.path
        : null;
    }
  };
}
