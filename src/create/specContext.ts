/**
 * What every part of the form needs: the form itself, what is wrong with it, and where files are.
 */
import type { CodeEditor, IEditorServices } from '@jupyterlab/codeeditor';
import type { CommandRegistry } from '@lumino/commands';
import { createContext, useContext } from 'react';

import type { SpecProblem } from '../api/types';
import type { ICiManager } from '../tokens';
import type { SpecForm } from './specForm';

/** Files of the Jupyter server, below the folder that Jupyter shows. */
export interface IServerFiles {
  /** The text of a file. Rejects with an `Error` that says why in words. */
  read(path: string): Promise<string>;
  /** Write a file. Rejects with an `Error` that says why in words. */
  write(path: string, text: string): Promise<void>;
  /** Whether there is such a file. */
  exists(path: string): Promise<boolean>;
  /** Let a person choose one; null when they choose none. */
  choose(
    title: string,
    isWanted: (name: string) => boolean
  ): Promise<string | null>;
}

/** The parts of JupyterLab's editors that are needed. */
export interface IScriptEditors {
  readonly services: Pick<IEditorServices, 'factoryService'>;
  /** Makes the text that an editor shows. */
  readonly model: () => CodeEditor.IModel;
}

/** What the parts of the form share. */
export interface ISpecContext {
  readonly form: SpecForm;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly files: IServerFiles;
  /** Null where the application has no editors. */
  readonly editors: IScriptEditors | null;
  /** All that is wrong, in words. */
  readonly problems: readonly SpecProblem[];
}

const SpecContext = createContext<ISpecContext | null>(null);

export const SpecProvider = SpecContext.Provider;

/** What the parts of the form share; inside of the form only. */
export function useSpec(): ISpecContext {
  const context = useContext(SpecContext);
  if (context === null) {
    throw new Error('A part of the form is drawn outside of it.');
  }
  return context;
}
