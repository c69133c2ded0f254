/**
 * The main area tab about what fills the disk. It keeps scan and figures current while it is
 * visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableSet } from '@lumino/disposable';
import React from 'react';

import { diskIcon } from '../icons';
import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { Explorer } from './explorer';
import { UsageView } from './usageView';

/** The id of the tab; there is one. */
export const USAGE_ID = 'jp-ci-disk-usage';

/**
 * The tab.
 */
export class UsageWidget extends MainAreaWidget<ReactWidget> {
  constructor(
    manager: ICiManager,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const explorer = new Explorer(manager.scan);
    const content = viewWidget(
      <UsageView manager={manager} explorer={explorer} commands={commands} />,
      trans
    );
    content.addClass('jp-ci-usage-page');
    super({ content });
    this.id = USAGE_ID;
    this.title.label = trans.__('Disk usage');
    this.title.caption = trans.__('What fills the disk of this machine');
    this.title.icon = diskIcon;
    this.title.closable = true;
    this._explorer = explorer;
    watchWhileVisible(this, () =>
      DisposableSet.from([manager.scan.watch(), manager.disk.watch()])
    );
  }

  override dispose(): void {
    super.dispose();
    this._explorer.dispose();
  }

  private readonly _explorer: Explorer;
}
