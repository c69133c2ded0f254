/**
 * One step of a cleanup: what it removes, why that is safe, what runs, and how it went.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';

import type { CleanupStep, CleanupStepResult } from '../api/types';
import { formatBytes } from '../format';
import { ErrorDetails } from '../panel/problem';
import type { StateKind } from '../panel/stateMark';
import { StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';

/** The step, with its box to tick. */
export function CleanupStepItem(props: {
  readonly step: CleanupStep;
  readonly chosen: boolean;
  readonly enabled: boolean;
  readonly result: CleanupStepResult | null;
  readonly onChoose: (chosen: boolean) => void;
}): React.JSX.Element {
  const { step, chosen, enabled, result, onChoose } = props;
  const trans = useTranslation();
  const description = useId();
  return (
    <li
      className={
        step.available ? 'jp-ci-step' : 'jp-ci-step jp-mod-unavailable'
      }
      data-step={step.kind}
    >
      <label>
        <input
          type="checkbox"
          checked={chosen}
          disabled={!enabled}
          aria-describedby={description}
          onChange={event => {
            onChoose(event.target.checked);
          }}
        />
        <span className="jp-ci-step-title">{step.title}</span>
        <span className="jp-ci-figure">
          {step.bytes === null
            ? step.available && trans.__('size unknown')
            : formatBytes(step.bytes)}
        </span>
      </label>
      <p id={description} className="jp-ci-hint">
        {step.available ? step.why_safe : (step.reason ?? step.why_safe)}
      </p>
      {step.command.length > 0 && (
        <details className="jp-ci-details">
          <summary>{trans.__('What runs')}</summary>
          <code>{commandText(step)}</code>
        </details>
      )}
      {result !== null && <Result step={step} result={result} />}
    </li>
  );
}

function Result(props: {
  readonly step: CleanupStep;
  readonly result: CleanupStepResult;
}): React.JSX.Element {
  const { step, result } = props;
  const trans = useTranslation();
  return (
    <div className="jp-ci-step-result" data-state={result.state}>
      <StateMark kind={markOf(result)} />
      <div className="jp-ci-lines">
        <p>
          <strong>{resultLabel(step, result, trans)}</strong> {result.message}
        </p>
        {result.error !== null && (
          <>
            {result.error.message !== result.message && (
              <p>{result.error.message}</p>
            )}
            {result.error.hint !== null && (
              <p className="jp-ci-hint">{result.error.hint}</p>
            )}
            <ErrorDetails error={result.error} />
          </>
        )}
      </div>
    </div>
  );
}

function resultLabel(
  { kind }: CleanupStep,
  { state, bytes_freed: bytes }: CleanupStepResult,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'succeeded':
      if (kind === 'move_to_trash') {
        return trans.__('In the trash.');
      }
      return trans.__('%1 freed.', formatBytes(bytes));
    case 'failed':
      return bytes > 0
        ? trans.__('Failed, %1 freed.', formatBytes(bytes))
        : trans.__('Failed.');
    case 'skipped':
      return trans.__('Nothing removed.');
    case 'cancelled':
      return trans.__('Cancelled, %1 freed.', formatBytes(bytes));
  }
}

function markOf({ state }: CleanupStepResult): StateKind {
  switch (state) {
    case 'succeeded':
      return 'running';
    case 'failed':
      return 'failed';
    case 'skipped':
    case 'cancelled':
      return 'stopped';
  }
}

/** A command as one would type it; what we do ourselves is in words already. */
export function commandText({ kind, command }: CleanupStep): string {
  return kind === 'move_to_trash' ||
    kind === 'empty_trash' ||
    kind === 'embedded_packages'
    ? command.join(' ')
    : command
        .map(part =>
          /^[\w@%+=:,./-]+$/.test(part)
            ? part
            : `'${part.replaceAll("'", `'\\''`)}'`
        )
        .join(' ');
}
