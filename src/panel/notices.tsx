/**
 * What the list says when there are no rows to show, or not the newest ones.
 */
import React from 'react';

import type { RequestFailure } from '../api/errors';
import { explain } from '../failure';
import { formatClock, formatMoment } from '../format';
import { instanceIcon } from '../icons';
import { costFacts } from '../words';
import { ActionButton } from './buttons';
import { Glyph } from './glyph';
import { ErrorDetails } from './problem';
import { useTranslation } from './translation';

/** The rows below are not the newest: since when, why, and how to try again. */
export function StaleBanner(props: {
  readonly fetchedAt: Date;
  readonly failure: RequestFailure;
  readonly onRetry: () => Promise<void>;
}): React.JSX.Element {
  const { fetchedAt, failure, onRetry } = props;
  const trans = useTranslation();
  const error = explain(failure, trans);
  return (
    <div className="jp-ci-banner" role="status">
      <p title={formatMoment(fetchedAt)}>
        {trans.__('As of %1: %2', formatClock(fetchedAt), error.message)}
      </p>
      <div className="jp-ci-buttons">
        <ActionButton onClick={onRetry}>{trans.__('Retry')}</ActionButton>
      </div>
      <ErrorDetails error={error} />
    </div>
  );
}

/** The workspace has no instances yet: what one is, what it costs, and how to get one. */
export function NoInstances(props: {
  readonly onCreate: () => void;
}): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-notice">
      <Picture />
      <strong>{trans.__('No compute instances yet')}</strong>
      <p>
        {trans.__(
          'A compute instance is your own virtual machine in Azure, with Jupyter, Conda and your workspace’s files on it.'
        )}
      </p>
      <div className="jp-ci-buttons">
        <ActionButton primary onClick={props.onCreate}>
          {trans.__('New instance…')}
        </ActionButton>
      </div>
      <CostNotes />
    </div>
  );
}

/** There are instances, but a filter hides them all. */
export function NoMatches(props: {
  readonly total: number;
  readonly onClear: () => void;
}): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-notice">
      <strong>{trans.__('Nothing matches')}</strong>
      <p>
        {trans._n(
          'The filter hides the only instance.',
          'The filter hides all %1 instances.',
          props.total
        )}
      </p>
      <div className="jp-ci-buttons">
        <ActionButton onClick={props.onClear}>
          {trans.__('Show all')}
        </ActionButton>
      </div>
    </div>
  );
}

/** What instances cost, for everyone who decides. */
export function CostNotes(): React.JSX.Element {
  const trans = useTranslation();
  return (
    <ul className="jp-ci-costs" aria-label={trans.__('What it costs')}>
      {costFacts(trans).map(fact => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}

/** The icon of the panel, large. */
export function Picture(): React.JSX.Element {
  return <Glyph icon={instanceIcon} className="jp-ci-picture" />;
}
