/**
 * The main area tab about one instance. It keeps the models current while it is visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableSet } from '@lumino/disposable';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { instanceIcon } from '../icons';
import { notifyFailure } from '../notify';
import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { DetailsDocument } from './detailsDocument';
import { DetailsView } from './detailsView';
import { askToResize } from './resizeDialog';

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
    const document = new DetailsDocument(manager, name);
    const content = viewWidget(
      <DetailsView
        document={document}
        manager={manager}
        commands={commands}
        onResize={instance => {
          void askToResize(name, instance.vm_size, manager, trans);
        }}
        onLike={async () => {
          try {
            await commands.execute(CommandIDs.createFull, { like: name });
          } catch (reason) {
            notifyFailure(trans.__('A new one like %1', name), reason, trans);
          }
        }}
      />,
      trans
    );
    content.addClass('jp-ci-details-page');
    super({ content });
    this.document = document;
    this.id = detailsId(name);
    this.title.label = name;
    this.title.caption = trans.__('Compute instance %1', name);
    this.title.icon = instanceIcon;
    this.title.closable = true;
    watchWhileVisible(this, () =>
      DisposableSet.from([manager.watch(), manager.disk.watch()])
    );
  }

  readonly document: DetailsDocument;

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.document.dispose();
    }
  }
}
