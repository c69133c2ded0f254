/**
 * The main area tab about one instance. It keeps the models current while it is visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { instanceIcon } from '../icons';
import { openLogArgs } from '../logs/openArgs';
import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { DetailsView } from './detailsView';

/** The id of the tab of an instance. */
export function detailsId(name: string): string {
  return `jp-ci-details-${name}`;
}

/**
 * The tab.
 */
export class DetailsWidget extends MainAreaWidget<ReactWidget> {
  constructor(
    name: string,
    manager: ICiManager,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const content = viewWidget(
      <DetailsView
        name={name}
        manager={manager}
        onDismiss={id => {
          void commands.execute(CommandIDs.clearActivity, { id });
        }}
        onLog={instance => {
          void commands.execute(CommandIDs.openLog, openLogArgs(instance));
        }}
      />,
      trans
    );
    content.addClass('jp-ci-details-page');
    super({ content });
    this.id = detailsId(name);
    this.title.label = name;
    this.title.caption = trans.__('Compute instance %1', name);
    this.title.icon = instanceIcon;
    this.title.closable = true;
    watchWhileVisible(this, () => manager.watch());
  }
}
