/**
 * The meter as an item of JupyterLab's status bar, and who keeps its figures current.
 */
import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate, DisposableSet } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import React from 'react';

import { Attention } from '../panel/attention';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { DiskMeter, meteredFilesystem } from './meter';

/** Right of what JupyterLab itself shows at the left. */
const RANK = 10;

/**
 * Put the meter into the status bar until the result is disposed.
 *
 * #### Notes
 * It is there only while there are figures to show and the setting allows it.
 */
export function addMeter(
  statusBar: IStatusBar,
  manager: ICiManager,
  commands: CommandRegistry,
  trans: TranslationBundle
): IDisposable {
  const { disk, preferences } = manager;
  const attention = new Attention(() => disk.watch());
  const activity = new Signal<object, void>(attention);
  const isActive = (): boolean =>
    preferences.values.diskMeter && meteredFilesystem(disk.state) !== null;
  const update = (): void => {
    attention.visible = preferences.values.diskMeter;
    activity.emit();
  };
  disk.changed.connect(update);
  preferences.changed.connect(update);
  const item = viewWidget(<DiskMeter disk={disk} commands={commands} />, trans);
  item.addClass('jp-ci-meter-item');
  const registration = statusBar.registerStatusItem(
    'jupyter-ci-manager:disk-meter',
    {
      item,
      align: 'left',
      rank: RANK,
      isActive,
      activeStateChanged: activity
    }
  );
  update();
  return DisposableSet.from([
    registration,
    attention,
    new DisposableDelegate(() => {
      disk.changed.disconnect(update);
      preferences.changed.disconnect(update);
      item.dispose();
    })
  ]);
}
