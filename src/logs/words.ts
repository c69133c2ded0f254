/**
 * Logs and setup scripts in words for people; knows the vocabulary of the API and no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  LogDiagnosis,
  LogFile,
  ScriptOutcome,
  SetupScript
} from '../api/types';
import type { LogTarget } from './logDocument';

/** Which script it is. */
export function phaseLabel(
  phase: LogFile['phase'],
  trans: TranslationBundle
): string {
  switch (phase) {
    case 'creation':
      return trans.__('Creation script');
    case 'startup':
      return trans.__('Startup script');
    case null:
      return trans.__('Setup script');
  }
}

/** How it ended, with the exit status where there is one; null where that is not known. */
export function outcomeLabel(
  {
    outcome,
    exit_status: status
  }: Pick<LogDiagnosis | ScriptOutcome, 'outcome' | 'exit_status'>,
  trans: TranslationBundle
): string | null {
  switch (outcome) {
    case 'running':
      return trans.__('Still running');
    case 'succeeded':
      return trans.__('Succeeded');
    case 'failed':
      return status === null
        ? trans.__('Failed')
        : trans.__('Failed with exit status %1', status);
    case 'timed_out':
      return trans.__('Timed out');
    case 'unknown':
      return status === null ? null : trans.__('Exit status %1', status);
  }
}

/** Whether a script ended as nobody wanted. */
export function hasFailed(outcome: ScriptOutcome | null): boolean {
  return outcome?.outcome === 'failed' || outcome?.outcome === 'timed_out';
}

/** What is shown, as a title. */
export function targetTitle(
  target: LogTarget,
  trans: TranslationBundle
): string {
  return target.kind === 'instance'
    ? trans.__('Log of %1', target.name)
    : trans.__('Log of the operation');
}

/** Where a script comes from. */
export function scriptOrigin(
  script: SetupScript,
  trans: TranslationBundle
): string {
  return script.source === 'inline'
    ? trans.__('Given when the instance was created')
    : trans.__('In the notebook share: %1', script.data);
}
