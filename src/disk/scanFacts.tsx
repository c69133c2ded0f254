/**
 * What a scan came across, in words: totals, what it could not read or did not enter, what changed.
 */
import React from 'react';

import type { ScanChange, ScanResult } from '../api/types';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment
} from '../format';
import { useTranslation } from '../panel/translation';
import { changeOf } from './explorer';
import { changeText } from './words';

/** The facts of a scan. */
export function ScanFacts(props: {
  readonly result: ScanResult;
  readonly changes: readonly ScanChange[];
  readonly now: number;
  readonly onShow: (uri: string) => void;
}): React.JSX.Element {
  const { result, changes, now, onShow } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-scan-facts">
      <p title={formatMoment(new Date(result.ended_at))}>
        <strong>{formatBytes(result.bytes)}</strong>{' '}
        {trans.__(
          'in %1 and %2',
          trans._n(
            '%2 file',
            '%2 files',
            result.files,
            formatCount(result.files)
          ),
          trans._n(
            '%2 folder',
            '%2 folders',
            result.directories,
            formatCount(result.directories)
          )
        )}
        {' · '}
        {trans.__(
          'scanned %1',
          formatAgo(new Date(result.ended_at), now, trans)
        )}
        {result.bytes_before !== null && (
          <>
            {' · '}
            <Compared result={result} now={now} />
          </>
        )}
      </p>
      <div className="jp-ci-folds">
        {changes.length > 0 && (
          <Fold
            className="jp-ci-changes"
            title={trans.__('What changed since the last scan')}
          >
            {changes.map(change => (
              <li key={change.uri}>
                <span className="jp-ci-figure">
                  {changeText(changeOf(change))}
                </span>{' '}
                <button
                  type="button"
                  className="jp-ci-link"
                  onClick={() => {
                    onShow(change.uri);
                  }}
                >
                  {change.name}
                </button>
              </li>
            ))}
          </Fold>
        )}
        {result.unreadable_count > 0 && (
          <Fold
            className="jp-ci-unreadable"
            title={trans._n(
              '%1 folder could not be read: it is not in the sum',
              '%1 folders could not be read: they are not in the sum',
              result.unreadable_count
            )}
          >
            {result.unreadable.map(name => (
              <li key={name}>{name}</li>
            ))}
            {result.unreadable_count > result.unreadable.length && (
              <li>
                {trans.__(
                  'and %1 more',
                  formatCount(
                    result.unreadable_count - result.unreadable.length
                  )
                )}
              </li>
            )}
          </Fold>
        )}
        {result.skipped_mounts.length > 0 && (
          <Fold
            className="jp-ci-skipped"
            title={trans._n(
              '%1 other file system was not entered',
              '%1 other file systems were not entered',
              result.skipped_mounts.length
            )}
          >
            {result.skipped_mounts.map(name => (
              <li key={name}>{name}</li>
            ))}
          </Fold>
        )}
        <Fold className="jp-ci-how" title={trans.__('How it was counted')}>
          <li>
            {trans.__(
              'Blocks on disk, as “du -x” counts them; a file with several hard links counts once.'
            )}
          </li>
          <li>
            {trans.__(
              'It took %1 and read %2 of %3 folders anew; the others had not changed.',
              formatDuration(secondsOf(result), trans),
              formatCount(result.revisited_directories),
              formatCount(result.directories)
            )}
          </li>
          {result.vanished > 0 && (
            <li>
              {trans._n(
                '%1 entry disappeared while it was counted.',
                '%1 entries disappeared while they were counted.',
                result.vanished
              )}
            </li>
          )}
        </Fold>
      </div>
    </div>
  );
}

function Compared(props: {
  readonly result: ScanResult;
  readonly now: number;
}): React.JSX.Element {
  const { result, now } = props;
  const trans = useTranslation();
  const change = result.bytes - (result.bytes_before ?? result.bytes);
  const before = result.before_at;
  const text =
    change === 0
      ? trans.__('as much as before')
      : change > 0
        ? trans.__('grew by %1', formatBytes(change))
        : trans.__('shrank by %1', formatBytes(-change));
  return (
    <span
      className="jp-ci-compared"
      title={
        before === null
          ? undefined
          : trans.__(
              'Compared with the scan of %1',
              formatMoment(new Date(before))
            )
      }
    >
      {before === null
        ? text
        : trans.__(
            '%1 since the scan %2',
            text,
            formatAgo(new Date(before), now, trans)
          )}
    </span>
  );
}

function Fold(props: {
  readonly className: string;
  readonly title: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return (
    <details className={`jp-ci-details ${props.className}`}>
      <summary>{props.title}</summary>
      <ul>{props.children}</ul>
    </details>
  );
}

function secondsOf({ started_at: from, ended_at: to }: ScanResult): number {
  return Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}
