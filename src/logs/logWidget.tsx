/**
 * The main area tab of a log. It reads while it is visible.
 */
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { listIcon } from '@jupyterlab/ui-components';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { watchWhileVisible } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { LogDocument } from './logDocument';
import type { LogTarget } from './logDocument';
import { LogView } from './logView';
import { targetTitle } from './words';

/** The id of the tab of a log. */
export function logTabId(target: LogTarget): string {
  return target.kind === 'instance'
    ? `jp-ci-log-${target.name}-${target.log ?? ''}`
    : `jp-ci-log-operation-${target.id}`;
}

/**
 * The tab.
 */
export class LogWidget extends MainAreaWidget<ReactWidget> {
  constructor(
    target: LogTarget,
    manager: ICiManager,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    const log = new LogDocument(manager.client, target);
    const content = viewWidget(
      <LogView log={log} manager={manager} commands={commands} />,
      trans
    );
    content.addClass('jp-ci-log-page');
    super({ content });
    this.log = log;
    this.id = logTabId(target);
    this.title.label = targetTitle(target, trans);
    this.title.caption =
      target.kind === 'instance' && target.log !== null
        ? `${this.title.label}: ${target.log}`
        : this.title.label;
    this.title.icon = listIcon;
    this.title.closable = true;
    watchWhileVisible(this, () => log.watch());
  }

  /** What is shown. */
  readonly log: LogDocument;

  /** Whether it shows a log already: the newest is the one that it is, too. */
  isOf(target: LogTarget): boolean {
    return (
      this.id === logTabId(target) ||
      (target.kind === 'instance' &&
        this.log.target.kind === 'instance' &&
        this.log.target.name === target.name &&
        this.log.log === target.log &&
        target.log !== null)
    );
  }

  override dispose(): void {
    if (!this.isDisposed) {
      super.dispose();
      this.log.dispose();
    }
  }
}
