/**
 * The line below a log: whether it is being followed, how fast it grows, how long it is.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { formatAgo, formatBytes, formatCount } from '../format';
import { explain } from '../failure';
import { CopyButton } from '../panel/buttons';
import { useNow } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { LogDocument } from './logDocument';

/** The line. */
export function LogFooter(props: {
  readonly log: LogDocument;
  readonly linkOf: (line: number) => string;
}): React.JSX.Element {
  const { log, linkOf } = props;
  const { reader, text, arrivals, selected } = log;
  const trans = useTranslation();
  const now = useNow(1);
  const status = reader?.status ?? null;
  const place = reader?.place ?? null;
  const pace = arrivals.pace(now);
  const lines = text.endLine;
  return (
    <div className="jp-ci-log-footer">
      <span role="status" className={`jp-mod-${status?.kind ?? 'paused'}`}>
        {statusText(log, trans)}
      </span>
      {!log.isFollowing && (
        <button
          type="button"
          className="jp-ci-link"
          onClick={() => {
            log.isFollowing = true;
          }}
        >
          {trans.__('Jump to end')}
        </button>
      )}
      {selected !== null && (
        <span className="jp-ci-log-picked">
          {trans.__('Line %1', formatCount(selected + 1))}
          <CopyButton
            text={linkOf(selected)}
            what={trans.__('Copy the address of this line')}
          />
        </span>
      )}
      <span className="jp-ci-log-figures">
        {pace > 0 && <span>{trans.__('%1/s', formatBytes(pace))}</span>}
        <span>
          {trans._n('%2 line', '%2 lines', lines, formatCount(lines))}
        </span>
        {place !== null && (
          <span>
            {place.offset < place.size
              ? trans.__(
                  '%1 of %2',
                  formatBytes(place.offset),
                  formatBytes(place.size)
                )
              : formatBytes(place.size)}
          </span>
        )}
        {arrivals.last !== null && (
          <span title={trans.__('When something was last written')}>
            {formatAgo(new Date(arrivals.last), now, trans)}
          </span>
        )}
      </span>
    </div>
  );
}

function statusText(log: LogDocument, trans: TranslationBundle): string {
  const status = log.reader?.status;
  switch (status?.kind) {
    case undefined:
      return '';
    case 'reconnecting':
      return trans.__(
        'Reconnecting… %1',
        explain(status.failure, trans).message
      );
    case 'refused':
      return trans.__('Not connected');
    case 'reading':
      return trans.__('Loading…');
    case 'paused':
    case 'following':
      return log.isFollowing
        ? trans.__('Following ●')
        : trans.__('Paused: new lines are added below');
  }
}
