/**
 * The shape and colour of how full a disk is; the word for it is always beside it.
 */
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { DiskLevel } from '../api/types';
import { criticalIcon, diskIcon, failedIcon, unknownIcon } from '../icons';
import { Glyph } from '../panel/glyph';

const ICONS: Readonly<Record<DiskLevel, LabIcon>> = {
  ok: diskIcon,
  warn: failedIcon,
  critical: criticalIcon,
  unknown: unknownIcon
};

/** The mark of a level. */
export function LevelMark(props: {
  readonly level: DiskLevel;
}): React.JSX.Element {
  const { level } = props;
  return (
    <Glyph icon={ICONS[level]} className={`jp-ci-level-mark jp-mod-${level}`} />
  );
}
