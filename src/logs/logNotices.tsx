/**
 * Between the bar and the lines of a log: what went wrong, with the log or in it.
 */
import { closeIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { explain } from '../failure';
import { formatBytes, formatClock } from '../format';
import { ActionButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { LogDocument } from './logDocument';

/** What there is to say. */
export function LogNotices(props: {
  readonly log: LogDocument;
}): React.JSX.Element {
  const { log } = props;
  const trans = useTranslation();
  const { reader, change, diagnosis, text } = log;
  const status = reader?.status;
  const skipped = reader?.skippedBytes ?? 0;
  return (
    <div className="jp-ci-log-notices">
      {status?.kind === 'refused' && (
        <Problem error={explain(status.failure, trans)}>
          <ActionButton
            primary
            onClick={() => {
              log.retry();
            }}
          >
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      )}
      {diagnosis?.hints.map(hint => (
        <div key={`${hint.code} ${hint.line}`} className="jp-ci-log-hint">
          <strong>{hint.title}</strong> <WithCode text={hint.text} />{' '}
          {skipped === 0 && (
            <button
              type="button"
              className="jp-ci-link"
              onClick={() => {
                log.goTo(hint.line - 1);
              }}
            >
              {trans.__('Line %1', hint.line)}
            </button>
          )}
        </div>
      ))}
      {change !== null && (
        <div className="jp-ci-log-divider" role="status">
          <span>
            {change.kind === 'truncated'
              ? trans.__(
                  'The log was truncated at %1; it begins anew.',
                  formatClock(new Date(change.at))
                )
              : trans.__(
                  'The log was replaced at %1; it begins anew.',
                  formatClock(new Date(change.at))
                )}
          </span>
          <button
            type="button"
            className="jp-ci-row-button"
            aria-label={trans.__('Do not show this any more')}
            onClick={() => {
              log.dismissChange();
            }}
          >
            <Glyph icon={closeIcon} />
          </button>
        </div>
      )}
      {skipped > 0 && (
        <div className="jp-ci-log-divider">
          {trans.__(
            'The first %1 are not shown, and lines are counted from here. Download the log to see all of it.',
            formatBytes(skipped)
          )}
        </div>
      )}
      {skipped === 0 && text.firstLine > 0 && (
        <div className="jp-ci-log-divider">
          {trans.__(
            'Lines before %1 are not kept here any more. Download the log to see all of it.',
            text.firstLine + 1
          )}
        </div>
      )}
    </div>
  );
}

/** A text in which what is between backticks is code. */
function WithCode({ text }: { readonly text: string }): React.JSX.Element {
  return (
    <>
      {text
        .split('`')
        .map((part, index) =>
          index % 2 === 1 ? <code key={index}>{part}</code> : part
        )}
    </>
  );
}
