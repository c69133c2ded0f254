/**
 * Says to screen readers that a disk has become fuller or emptier than a threshold.
 */
import React, { useEffect, useRef, useState } from 'react';

import type { DiskLevel } from '../api/types';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { IDiskModel } from '../tokens';

/** An invisible region; it is silent about the level that it finds. */
export function LevelAnnouncer(props: {
  readonly disk: IDiskModel;
}): React.JSX.Element {
  const { disk } = props;
  const trans = useTranslation();
  const level = useModel(disk.changed, () =>
    disk.state.status === 'known' ? disk.state.value.level : null
  );
  const last = useRef<DiskLevel | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    if (level === null) {
      return;
    }
    if (last.current !== null && last.current !== level) {
      const texts: Readonly<Record<DiskLevel, string>> = {
        ok: trans.__('There is room on the disk again.'),
        warn: trans.__('Little is left on the disk.'),
        critical: trans.__('The disk is nearly full.'),
        unknown: trans.__('How full the disk is, is not known any more.')
      };
      setText(texts[level]);
    }
    last.current = level;
  }, [level, trans]);
  return (
    <div className="jp-ci-hidden-text" role="status" aria-live="polite">
      {text}
    </div>
  );
}
