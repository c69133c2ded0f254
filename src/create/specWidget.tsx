/**
 * The main area tab of the form. It keeps instances and operations current while it is visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { instanceIcon } from '../icons';
import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import type { IScriptEditors, IServerFiles } from './specContext';
import type { SpecForm } from './specForm';
import { SpecView } from './specView';

/**
 * The tab; it owns the form.
 */
export class SpecWidget extends MainAreaWidget<ReactWidget> {
  constructor(options: {
    /** Of the tab, which the layout of the page knows it by. */
    readonly id: string;
    readonly form: SpecForm;
    readonly manager: ICiManager;
    readonly commands: CommandRegistry;
    readonly files: IServerFiles;
    readonly editors: IScriptEditors | null;
    readonly trans: TranslationBundle;
  }) {
    const { form, manager, commands, files, editors, trans } = options;
    const content = viewWidget(
      <SpecView
        form={form}
        manager={manager}
        commands={commands}
        files={files}
        editors={editors}
        onDone={() => {
          this.dispose();
        }}
      />,
      trans
    );
    content.addClass('jp-ci-environment-page');
    content.addClass('jp-ci-create-page');
    super({ content });
    this.form = form;
    this.id = options.id;
    this.title.icon = instanceIcon;
    this.title.closable = true;
    const name = (): void => {
      const title = form.draft.name;
      this.title.label =
        title === ''
          ? trans.__('New compute instance')
          : trans.__('New instance %1', title);
      this.title.caption = this.title.label;
    };
    form.changed.connect(name);
    name();
    watchWhileVisible(this, () => manager.watch());
  }

  readonly form: SpecForm;

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.form.dispose();
    }
  }
}
