/**
 * The main area tab about what fills the disk. It keeps scan and figures current while it is
 * visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { diskIcon } from '../icons';
import { Attention } from '../panel/attention';
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
    this._attention = new Attention(() =>
      DisposableSet.from([manager.scan.watch(), manager.disk.watch()])
    );
  }

  override dispose(): void {
    this._attention.dispose();
    super.dispose();
    this._explorer.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._attention.visible = this.isVisible;
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._attention.visible = true;
  }

  protected override onAfterHide(msg: Message): void {
    this._attention.visible = false;
    super.onAfterHide(msg);
  }

  protected override onBeforeDetach(msg: Message): void {
    this._attention.visible = false;
    super.onBeforeDetach(msg);
  }

  private readonly _attention: Attention;
  private readonly _explorer: Explorer;
}
