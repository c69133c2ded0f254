/**
 * Tells once of each setup script that fails while this page is open, and leads to the line.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';

import type { Instance, Operation, ScriptOutcome } from '../api/types';
import type { ICiManager } from '../tokens';
import { hasFailed, outcomeLabel, phaseLabel } from './words';

/**
 * Notify of failures until the result is disposed.
 *
 * #### Notes
 * What had failed before the first list is no news. Only of instances of this person, as the others'
 * owners are told themselves.
 *
 * @param open - Shows the log of an instance at the line that looks like the error.
 */
export function notifyOfScriptFailures(
  manager: ICiManager,
  trans: TranslationBundle,
  open: (instance: Instance) => void
): IDisposable {
  const { instances, preferences } = manager;
  /** What has failed, by instance; null before the first list. */
  let known: Map<string, ScriptOutcome> | null = null;
  let workspaceId: string | null = null;
  const update = (): void => {
    const { state } = instances;
    if (state.status !== 'ready') {
      return;
    }
    if (state.workspaceId !== workspaceId) {
      workspaceId = state.workspaceId;
      known = null;
    }
    const before = known;
    known = new Map();
    for (const instance of state.items) {
      const outcome = instance.script_outcome;
      if (outcome === null || !hasFailed(outcome)) {
        continue;
      }
      const last = before?.get(instance.name);
      known.set(instance.name, outcome);
      if (
        before !== null &&
        (last === undefined || !isOfOneRun(last, outcome)) &&
        instance.mine &&
        preferences.values.notifications !== 'none'
      ) {
        Notification.error(failureText(instance, trans), {
          autoClose: false,
          actions: [
            {
              label: trans.__('View log'),
              callback: () => {
                open(instances.find(instance.name) ?? instance);
              }
            }
          ]
        });
      }
    }
  };
  instances.changed.connect(update);
  update();
  return new DisposableDelegate(() => {
    instances.changed.disconnect(update);
  });
}

/** Whether the failure of an operation is that of a setup script, of which is told already. */
export function isToldByItsScript(
  { target, error }: Operation,
  { instances, preferences }: ICiManager
): boolean {
  return (
    error?.code === 'SetupScriptsError' &&
    instances.find(target)?.mine === true &&
    preferences.values.notifications !== 'none'
  );
}

/**
 * Whether two failures are of the same run of a script: Azure tells of one some time before its log
 * has been found.
 */
function isOfOneRun(last: ScriptOutcome, next: ScriptOutcome): boolean {
  return (
    last.log === next.log ||
    ((last.log === null || next.log === null) &&
      (last.phase === next.phase || last.phase === null || next.phase === null))
  );
}

function failureText(instance: Instance, trans: TranslationBundle): string {
  const { name, script_outcome: outcome } = instance;
  const label = outcome === null ? null : outcomeLabel(outcome, trans);
  return trans.__(
    '%1: %2: %3',
    name,
    phaseLabel(outcome?.phase ?? null, trans),
    label ?? ''
  );
}
