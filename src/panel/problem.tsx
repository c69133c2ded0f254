/**
 * An error as people see it: what happened, what to do next, a way out, and details on request.
 */
import React from 'react';

import type { ErrorBody } from '../api/types';
import { CopyButton } from './buttons';
import { useTranslation } from './translation';

/** An error with its hint, and with buttons that lead out as children. */
export function Problem(props: {
  readonly error: ErrorBody;
  /** What failed, where the message alone does not say. */
  readonly title?: string;
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  const { error, title, children } = props;
  return (
    <div className="jp-ci-problem">
      {title !== undefined && <strong>{title}</strong>}
      <p>{error.message}</p>
      {error.hint !== null && <p className="jp-ci-hint">{error.hint}</p>}
      {children !== undefined && (
        <div className="jp-ci-buttons">{children}</div>
      )}
      <ErrorDetails error={error} />
    </div>
  );
}

/** The part of an error that support asks for, folded. */
export function ErrorDetails(props: {
  readonly error: ErrorBody;
}): React.JSX.Element {
  const trans = useTranslation();
  const facts = factsOf(props.error, trans.__('Code'), trans.__('Request id'));
  return (
    <details className="jp-ci-details">
      <summary>{trans.__('Details')}</summary>
      <dl>
        {facts.map(([term, fact]) => (
          <React.Fragment key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </React.Fragment>
        ))}
      </dl>
      <CopyButton
        text={[
          props.error.message,
          ...facts.map(([term, fact]) => `${term}: ${fact}`)
        ].join('\n')}
        what={trans.__('Copy the details of this error')}
      />
    </details>
  );
}

function factsOf(
  error: ErrorBody,
  code: string,
  requestId: string
): [string, string][] {
  const facts: [string, string][] = [[code, error.code]];
  if (error.request_id !== null) {
    facts.push([requestId, error.request_id]);
  }
  return [...facts, ...Object.entries(error.details ?? {})];
}
