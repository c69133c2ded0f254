/**
 * Says to screen readers that a scan began, and what came of it.
 */
import React, { useEffect, useRef, useState } from 'react';

import { formatBytes } from '../format';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { IScanModel } from '../tokens';

/** An invisible region; progress in between is not read out. */
export function ScanAnnouncer(props: {
  readonly scan: IScanModel;
}): React.JSX.Element {
  const { scan } = props;
  const trans = useTranslation();
  const running = useModel(scan.changed, () => scan.running?.id ?? null);
  const result = useModel(scan.changed, () =>
    scan.state.status === 'known' ? scan.state.value.result : null
  );
  const last = useRef(result);
  const [text, setText] = useState('');
  useEffect(() => {
    if (running !== null) {
      setText(trans.__('Scanning…'));
    } else if (result !== null && result !== last.current) {
      setText(trans.__('Scanned: %1', formatBytes(result.bytes)));
    } else {
      setText('');
    }
    last.current = result;
  }, [running, result, trans]);
  return (
    <div className="jp-ci-hidden-text" role="status" aria-live="polite">
      {text}
    </div>
  );
}
