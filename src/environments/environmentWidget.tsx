/**
 * The main area tab about one environment. It keeps the models current while it is visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableSet } from '@lumino/disposable';
import React from 'react';

import { environmentIcon } from '../icons';
import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { EnvironmentDocument } from './environmentDocument';
import { EnvironmentView } from './environmentView';
import { LeftWork } from './leftWork';
import { environmentTitle } from './words';

/** The id of the tab of an environment. */
export function environmentTabId(id: string): string {
  return `jp-ci-environment-${id}`;
}

/**
 * The tab.
 */
export class EnvironmentWidget extends MainAreaWidget<ReactWidget> {
  constructor(
    id: string,
    manager: ICiManager,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const document = new EnvironmentDocument(manager, id);
    const content = viewWidget(
      <EnvironmentView
        document={document}
        manager={manager}
        commands={commands}
      />,
      trans
    );
    content.addClass('jp-ci-environment-page');
    super({ content });
    this.document = document;
    this.id = environmentTabId(id);
    this.title.icon = environmentIcon;
    this.title.closable = true;
    const name = (): void => {
      const { environment } = document;
      this.title.label =
        environment === null
          ? trans.__('Environment')
          : environmentTitle(environment);
      this.title.caption =
        environment === null ? this.title.label : environment.prefix;
    };
    document.changed.connect(name);
    name();
    watchWhileVisible(this, () =>
      DisposableSet.from([
        manager.environments.watch(),
        manager.kernels.watch()
      ])
    );
    this._left = new LeftWork(this, manager, () => document.operation);
  }

  readonly document: EnvironmentDocument;

  override dispose(): void {
    if (!this.isDisposed) {
      this._left.dispose();
      super.dispose();
      this.document.dispose();
    }
  }

  private readonly _left: LeftWork;
}
