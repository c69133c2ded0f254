/**
 * The main area tab of a wizard. It keeps environments and kernels current while it is visible.
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
import { LeftWork } from './leftWork';
import { titleOf } from './draft';
import { Wizard } from './wizard';
import type { IWizardMemory } from './wizard';
import { WizardView } from './wizardView';

/**
 * The tab.
 */
export class WizardWidget extends MainAreaWidget<ReactWidget> {
  /**
   * @param id - Of the tab, which the layout of the page knows it by.
   */
  constructor(
    id: string,
    memory: Partial<IWizardMemory>,
    manager: ICiManager,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const wizard = new Wizard(manager, memory);
    const content = viewWidget(
      <WizardView
        wizard={wizard}
        manager={manager}
        commands={commands}
        onDone={() => {
          this.dispose();
        }}
      />,
      trans
    );
    content.addClass('jp-ci-environment-page');
    super({ content });
    this.wizard = wizard;
    this.id = id;
    this.title.icon = environmentIcon;
    this.title.closable = true;
    const name = (): void => {
      const title = titleOf(wizard.draft);
      this.title.label =
        title === ''
          ? trans.__('New environment')
          : trans.__('New environment %1', title);
      this.title.caption = this.title.label;
    };
    wizard.changed.connect(name);
    name();
    watchWhileVisible(this, () =>
      DisposableSet.from([
        manager.environments.watch(),
        manager.kernels.watch()
      ])
    );
    this._left = new LeftWork(this, manager, () => wizard.operation);
  }

  readonly wizard: Wizard;

  override dispose(): void {
    if (!this.isDisposed) {
      this._left.dispose();
      super.dispose();
      this.wizard.dispose();
    }
  }

  private readonly _left: LeftWork;
}
