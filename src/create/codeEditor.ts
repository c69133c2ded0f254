/**
 * JupyterLab's own editor as an editor of a shell script whose findings are marked at their lines.
 * It knows nothing of forms.
 */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { IDisposable } from '@lumino/disposable';

import type { ScriptFinding } from '../api/types';
import type { IScriptEditors } from './specContext';

const setFindings = StateEffect.define<readonly ScriptFinding[]>();

/** The lines that something was found in; they move with the text. */
const findingLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, transaction) => {
    let lines = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setFindings)) {
        const { doc } = transaction.state;
        lines = Decoration.set(
          effect.value.flatMap(({ line, message, severity }) =>
            line !== null && line >= 1 && line <= doc.lines
              ? [
                  Decoration.line({
                    attributes: {
                      class: `jp-ci-finding-line jp-mod-${severity}`,
                      title: message
                    }
                  }).range(doc.line(line).from)
                ]
              : []
          ),
          true
        );
      }
    }
    return lines;
  },
  provide: field => EditorView.decorations.from(field)
});

/**
 * One editor.
 */
export class ShellEditor implements IDisposable {
  /**
   * @param label - What screen readers call it.
   * @param onChange - Called with the text whenever a person changes it.
   */
  constructor(
    host: HTMLElement,
    { model, services }: IScriptEditors,
    label: string,
    text: string,
    onChange: (text: string) => void
  ) {
    this._onChange = onChange;
    this._model = model();
    this._model.mimeType = 'text/x-sh';
    this._model.sharedModel.setSource(text);
    this._editor = services.factoryService.newDocumentEditor({
      host,
      model: this._model,
      // Room below the end is as much as the place is high, and a place that is sized by a person has no
      // height to begin with: the two would push each other.
      config: { lineNumbers: true, lineWrap: false, scrollPastEnd: false }
    });
    this._editor.injectExtension([
      findingLines,
      EditorView.contentAttributes.of({ 'aria-label': label }),
      ViewPlugin.define(view => {
        this._view = view;
        return {};
      })
    ]);
    this._model.sharedModel.changed.connect(this._onChanged, this);
  }

  get isDisposed(): boolean {
    return this._editor.isDisposed;
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._model.sharedModel.changed.disconnect(this._onChanged, this);
      this._editor.dispose();
      this._model.dispose();
    }
  }

  get text(): string {
    return this._model.sharedModel.getSource();
  }
  /** What comes from elsewhere, such as a file that was chosen. */
  set text(value: string) {
    if (value !== this.text) {
      this._isTold = true;
      this._model.sharedModel.setSource(value);
      this._isTold = false;
    }
  }

  /** Mark lines. */
  mark(findings: readonly ScriptFinding[]): void {
    this._view?.dispatch({ effects: setFindings.of(findings) });
  }

  /** Go to a line, counted from 1. */
  go(line: number): void {
    const position = { line: line - 1, column: 0 };
    this._editor.setCursorPosition(position);
    this._editor.revealPosition(position);
    this._editor.focus();
  }

  private _onChanged(): void {
    if (!this._isTold) {
      this._onChange(this.text);
    }
  }

  private readonly _editor: CodeEditor.IEditor;
  private _isTold = false;
  private readonly _model: CodeEditor.IModel;
  private readonly _onChange: (text: string) => void;
  private _view: EditorView | null = null;
}
