/**
 * Work on an environment while it is under way, and how it ended: phases, one bar, the log, cancel.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useState } from 'react';

import type { Operation, WorkProgress } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { formatBytes, formatBytesOf, formatDuration } from '../format';
import { isActive, writesLog } from '../model/operations';
import { notifyFailure } from '../notify';
import { ActionButton } from '../panel/buttons';
import { useNow } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { operationStateLabel, operationTitle } from '../words';
import { OperationLog } from './operationLog';
import { phaseLabel } from './words';

/** The work. */
export function WorkView(props: {
  readonly operation: Operation;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  /** Whether its log is what people want to see. */
  readonly withLogOpen?: boolean;
  /** Buttons for when it has ended. */
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  const { operation, manager, commands, withLogOpen, children } = props;
  const trans = useTranslation();
  const active = isActive(operation);
  const title = operationTitle(operation.kind, operation.target, trans);
  return (
    <div className="jp-ci-work">
      {active ? (
        <Progress operation={operation} title={title} />
      ) : (
        <Ending operation={operation} title={title} />
      )}
      <div className="jp-ci-buttons">
        {active ? (
          <CancelButton operation={operation} manager={manager} title={title} />
        ) : (
          children
        )}
      </div>
      {writesLog(operation) && (
        <LogFold
          operation={operation}
          manager={manager}
          commands={commands}
          isOpenAtFirst={withLogOpen === true}
        />
      )}
    </div>
  );
}

function Progress(props: {
  readonly operation: Operation;
  readonly title: string;
}): React.JSX.Element {
  const { operation, title } = props;
  const { detail, message, progress } = operation;
  const trans = useTranslation();
  const now = useNow(1);
  const item = detail?.item ?? null;
  const doing = item === null ? message : trans.__('%1: %2', message, item);
  const since = Date.parse(operation.started_at ?? operation.created_at);
  return (
    <>
      {detail !== null && <Phases detail={detail} />}
      <progress
        className="jp-ci-progress jp-ci-work-bar"
        aria-label={title}
        max={1}
        // Without a value the bar shows that nobody knows how far it is.
        {...(progress === null ? {} : { value: progress })}
      />
      <div className="jp-ci-work-facts">
        <span className="jp-ci-clip" title={doing}>
          {doing}
        </span>
        <span className="jp-ci-figure">
          {[
            amountText(detail, trans),
            formatDuration((now - since) / 1000, trans)
          ]
            .filter(each => each !== null)
            .join(' · ')}
        </span>
      </div>
      <p className="jp-ci-hint">
        {trans.__(
          'It goes on when this page is closed, and when the server is restarted.'
        )}
      </p>
    </>
  );
}

/** All phases, the one that is under way marked. */
function Phases({
  detail
}: {
  readonly detail: WorkProgress;
}): React.JSX.Element {
  const { phase, phases } = detail;
  const trans = useTranslation();
  const current = phases.indexOf(phase);
  return (
    <ol className="jp-ci-phases" aria-label={trans.__('Phases')}>
      {phases.map((each, index) => (
        <li
          key={each}
          className={
            index < current
              ? 'jp-mod-done'
              : index === current
                ? 'jp-mod-current'
                : undefined
          }
          aria-current={index === current ? 'step' : undefined}
        >
          <StateMark
            kind={
              index < current
                ? 'running'
                : index === current
                  ? 'transition'
                  : 'stopped'
            }
          />
          {phaseLabel(each, trans)}
          {index < current && (
            <span className="jp-ci-hidden-text">{trans.__('done')}</span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** How much of a download is done; of other phases the bar alone says it. */
function amountText(
  detail: WorkProgress | null,
  trans: ReturnType<typeof useTranslation>
): string | null {
  if (detail === null || detail.bytes_done === null) {
    return null;
  }
  const { bytes_done: done, bytes_total: total } = detail;
  if (total === null || total === 0) {
    return formatBytes(done);
  }
  const [part, whole] = formatBytesOf(done, total);
  return trans.__('%1 of %2', part, whole);
}

function Ending(props: {
  readonly operation: Operation;
  readonly title: string;
}): React.JSX.Element {
  const { operation, title } = props;
  const { error, message, state } = operation;
  const trans = useTranslation();
  if (error !== null) {
    return (
      <div role="alert">
        <Problem title={trans.__('%1: failed', title)} error={error} />
      </div>
    );
  }
  const label = operationStateLabel(state, trans);
  return (
    <p className="jp-ci-ending" role="status">
      <StateMark
        kind={
          state === 'succeeded'
            ? 'running'
            : state === 'cancelled'
              ? 'stopped'
              : 'failed'
        }
      />
      <strong>{label}</strong> {message === label ? '' : message}
    </p>
  );
}

function CancelButton(props: {
  readonly operation: Operation;
  readonly manager: ICiManager;
  readonly title: string;
}): React.JSX.Element {
  const { operation, manager, title } = props;
  const trans = useTranslation();
  const [asked, setAsked] = useState(false);
  return (
    <ActionButton
      label={trans.__('Cancel “%1”', title)}
      whyNot={
        asked
          ? trans.__('It is being cancelled.')
          : operation.cancellable
            ? null
            : trans.__('It cannot be cancelled now.')
      }
      onClick={async () => {
        setAsked(true);
        try {
          await manager.operations.dismiss(operation.id);
        } catch (reason) {
          setAsked(false);
          notifyFailure(trans.__('Cancel “%1”', title), reason, trans);
        }
      }}
    >
      {asked ? trans.__('Cancelling…') : trans.__('Cancel')}
    </ActionButton>
  );
}

/** The log, read only while the fold is open. */
function LogFold(props: {
  readonly operation: Operation;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly isOpenAtFirst: boolean;
}): React.JSX.Element {
  const { operation, manager, commands, isOpenAtFirst } = props;
  const trans = useTranslation();
  const [open, setOpen] = useState(isOpenAtFirst);
  return (
    <details
      className="jp-ci-fold"
      open={open}
      onToggle={event => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>{trans.__('Log')}</summary>
      {open && (
        <>
          <OperationLog
            key={operation.id}
            id={operation.id}
            manager={manager}
            commands={commands}
          />
          <button
            type="button"
            className="jp-ci-link"
            onClick={() => {
              void commands.execute(CommandIDs.openLog, {
                operation: operation.id
              });
            }}
          >
            {trans.__('Open it in a tab')}
          </button>
        </>
      )}
    </details>
  );
}

/** What is shown of work that the server does not know any more. */
export function ForgottenWork(props: {
  readonly manager: ICiManager;
  /** Where it is seen what came of it. */
  readonly where: string;
  readonly children?: React.ReactNode;
}): React.JSX.Element {
  const { manager, where, children } = props;
  const trans = useTranslation();
  const { failure } = manager.operations;
  if (failure !== null) {
    return (
      <Problem error={explain(failure, trans)}>
        <ActionButton primary onClick={() => manager.refresh()}>
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  return (
    <div className="jp-ci-notice" role="status">
      <p>
        {trans.__(
          'The server knows nothing of this work any more: it was removed from the list of operations.'
        )}{' '}
        {where}
      </p>
      <div className="jp-ci-buttons">{children}</div>
    </div>
  );
}
