/**
 * How much is left on the disk, for the status bar.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { DiskLevel, DiskStatus, Filesystem } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { formatClock } from '../format';
import { osDisk } from '../model/disk';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { DiskState, IDiskModel } from '../tokens';
import { LevelMark } from './levelMark';
import {
  diskTitle,
  filesystemName,
  filesystemSummary,
  freeText,
  levelLabel
} from './words';

/**
 * The file system that the meter is about: the one in danger, else the OS disk; null where there
 * is nothing to show.
 */
export function meteredFilesystem(state: DiskState): Filesystem | null {
  if (state.status !== 'known') {
    return null;
  }
  const { level, filesystems } = state.value;
  const endangered =
    level === 'warn' || level === 'critical'
      ? filesystems.find(each => each.level === level)
      : undefined;
  const shown = endangered ?? osDisk(state.value);
  return shown?.available_bytes === null ? null : shown;
}

/** The meter; a click shows the section of the panel. */
export function DiskMeter(props: {
  readonly disk: IDiskModel;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { disk, commands } = props;
  const trans = useTranslation();
  const state = useModel(disk.changed, () => disk.state);
  const filesystem = meteredFilesystem(state);
  if (state.status !== 'known' || filesystem === null) {
    return <></>;
  }
  const level: DiskLevel =
    filesystem.level === 'unknown' ? 'ok' : filesystem.level;
  const free = freeText(filesystem, trans) ?? '';
  const word = levelLabel(level, trans);
  const isOs = filesystem.roles.includes('os');
  const text = isOs ? free : `${filesystemName(filesystem, trans)}: ${free}`;
  const stale =
    state.stale === null
      ? []
      : [
          trans.__(
            'As of %1: %2',
            formatClock(new Date(state.value.measured_at)),
            explain(state.stale, trans).message
          )
        ];
  return (
    <button
      type="button"
      className={`jp-ci-meter jp-mod-${level}`}
      title={[...stale, ...tooltip(state.value, trans)].join('\n')}
      onClick={() => {
        void commands.execute(CommandIDs.showDisk);
      }}
    >
      <LevelMark level={level} />
      <span>{word === null ? text : `${text} · ${word}`}</span>
    </button>
  );
}

function tooltip(
  status: DiskStatus,
  trans: ReturnType<typeof useTranslation>
): readonly string[] {
  return [
    diskTitle(status, trans),
    ...status.filesystems.map(
      each =>
        `${filesystemName(each, trans)}: ${filesystemSummary(each, trans)}`
    ),
    ...status.at_risk,
    trans.__('Click for what uses it and what can be cleaned up.')
  ];
}
