/**
 * One operation in the section ACTIVITY: what it does, how far it is, and what went wrong.
 */
import { closeIcon, listIcon } from '@jupyterlab/ui-components';
import React from 'react';

import type { Operation } from '../api/types';
import { formatAgo, formatDuration, formatMoment } from '../format';
import { isActive, writesLog } from '../model/operations';
import { operationStateLabel, operationTitle } from '../words';
import { Glyph } from './glyph';
import { ErrorDetails } from './problem';
import type { StateKind } from './stateMark';
import { StateMark } from './stateMark';
import { useTranslation } from './translation';

/** An operation, with its progress or its outcome. */
export function OperationItem(props: {
  readonly operation: Operation;
  readonly now: number;
  readonly onDismiss: (id: string) => void;
  /** Without it no button leads to its log. */
  readonly onShowLog?: (id: string) => void;
}): React.JSX.Element {
  const { operation, now, onDismiss, onShowLog } = props;
  const trans = useTranslation();
  const title = operationTitle(operation.kind, operation.target, trans);
  const active = isActive(operation);
  return (
    <li className="jp-ci-operation" data-operation={operation.id}>
      <StateMark kind={markOf(operation)} />
      <div className="jp-ci-lines">
        <div className="jp-ci-name" title={title}>
          <span className="jp-ci-clip">{title}</span>
        </div>
        <div className="jp-ci-second" title={timeTitle(operation)}>
          {[
            operationStateLabel(operation.state, trans),
            timeText(operation, now, trans)
          ].join(' · ')}
        </div>
        {active && <Progress operation={operation} label={title} />}
        {operation.error === null ? (
          active && (
            // One line, so that nothing jumps while it changes.
            <p className="jp-ci-message jp-ci-clip" title={operation.message}>
              {operation.message}
            </p>
          )
        ) : (
          <>
            <p className="jp-ci-message">{operation.error.message}</p>
            {operation.error.hint !== null && (
              <p className="jp-ci-hint">{operation.error.hint}</p>
            )}
            <ErrorDetails error={operation.error} />
          </>
        )}
      </div>
      {onShowLog !== undefined && writesLog(operation) && (
        <button
          type="button"
          className="jp-ci-row-button"
          aria-label={trans.__('View the log of “%1”', title)}
          title={trans.__('View log')}
          onClick={() => {
            onShowLog(operation.id);
          }}
        >
          <Glyph icon={listIcon} />
        </button>
      )}
      {(!active || operation.cancellable) && (
        <button
          type="button"
          className="jp-ci-row-button"
          aria-label={
            active
              ? trans.__('Cancel “%1”', title)
              : trans.__('Remove “%1” from this list', title)
          }
          title={
            active ? trans.__('Cancel') : trans.__('Remove from this list')
          }
          onClick={() => {
            onDismiss(operation.id);
          }}
        >
          <Glyph icon={closeIcon} />
        </button>
      )}
    </li>
  );
}

function Progress(props: {
  readonly operation: Operation;
  readonly label: string;
}): React.JSX.Element {
  const { progress } = props.operation;
  return (
    <progress
      className="jp-ci-progress"
      aria-label={props.label}
      max={1}
      // Without a value the bar shows that nobody knows how far it is.
      {...(progress === null ? {} : { value: progress })}
    />
  );
}

function markOf({ state }: Operation): StateKind {
  switch (state) {
    case 'queued':
    case 'running':
      return 'transition';
    case 'succeeded':
      return 'running';
    case 'failed':
    case 'lost':
      return 'failed';
    case 'cancelled':
      return 'stopped';
  }
}

function timeText(
  operation: Operation,
  now: number,
  trans: ReturnType<typeof useTranslation>
): string {
  if (operation.ended_at !== null) {
    return formatAgo(new Date(operation.ended_at), now, trans);
  }
  const since = Date.parse(operation.started_at ?? operation.created_at);
  return formatDuration((now - since) / 1000, trans);
}

function timeTitle(operation: Operation): string {
  return [operation.started_at ?? operation.created_at, operation.ended_at]
    .filter(time => time !== null)
    .map(time => formatMoment(new Date(time)))
    .join(' – ');
}
