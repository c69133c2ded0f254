/**
 * Shows what can be removed and why that is safe, and removes what a person chooses.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useCallback } from 'react';

import { explain } from '../failure';
import { formatBytes } from '../format';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { ErrorDetails, Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { CleanupForm } from './cleanupForm';
import { CleanupStepItem } from './cleanupStepItem';
import { SubmitDialog } from './submitDialog';

/**
 * Show the dialog; resolves when it is closed, to whether anything was removed by then.
 *
 * @param trash - URIs of what is to be moved to the trash; none means: what known tools can clean.
 */
export async function askToCleanUp(
  manager: ICiManager,
  trans: TranslationBundle,
  trash: readonly string[] = []
): Promise<boolean> {
  const form = new CleanupForm({
    cleanup: manager.cleanup,
    operations: manager.operations,
    trans,
    trash
  });
  const body = viewWidget(<CleanupView form={form} />, trans);
  body.addClass('jp-ci-dialog');
  body.addClass('jp-ci-cleanup');
  const watch = manager.disk.watch();
  const title =
    trash.length > 0 ? trans.__('Move to trash?') : trans.__('Clean up');
  const dialog = new SubmitDialog(
    {
      title,
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Close') }),
        Dialog.okButton({ label: form.submitLabel })
      ]
    },
    form
  );
  void form.makePlan();
  try {
    await dialog.launch();
    return form.hasRemoved;
  } finally {
    watch.dispose();
    form.dispose();
  }
}

function CleanupView(props: { readonly form: CleanupForm }): React.JSX.Element {
  const { form } = props;
  const trans = useTranslation();
  const phase = useModel(form.changed, () => form.phase);
  const failure = useModel(form.changed, () => form.failure);
  const plan = useModel(form.changed, () => form.plan);
  const replan = useCallback(() => form.makePlan(), [form]);
  if (phase === 'planning') {
    return (
      <p role="status" className="jp-ci-late">
        {form.isTrash
          ? trans.__('Measuring…')
          : trans.__('Looking for what can be removed…')}
      </p>
    );
  }
  if (phase === 'failed' && failure !== null) {
    return (
      <div role="alert">
        <Problem error={explain(failure, trans)}>
          <ActionButton primary onClick={replan}>
            {trans.__('Plan again')}
          </ActionButton>
        </Problem>
      </div>
    );
  }
  if (plan === null || plan.steps.length === 0) {
    return (
      <p>
        {trans.__(
          'Conda, pip, Docker and the trash have nothing that could be removed. “What uses it?” shows what fills the disk.'
        )}
      </p>
    );
  }
  return <Steps form={form} />;
}

function Steps(props: { readonly form: CleanupForm }): React.JSX.Element {
  const { form } = props;
  const trans = useTranslation();
  const phase = useModel(form.changed, () => form.phase);
  const plan = useModel(form.changed, () => form.plan);
  const chosen = useModel(form.changed, () => form.chosen);
  useModel(form.changed, () => form.report);
  const choosing = phase === 'choosing';
  return (
    <>
      <p>
        {form.isTrash
          ? trans.__(
              'The trash is on the same disk: space becomes free when it is emptied.'
            )
          : trans.__(
              'Each is removed by the tool that owns it, and nothing else is touched.'
            )}
      </p>
      <ul className="jp-ci-steps" aria-label={trans.__('What can be removed')}>
        {(plan?.steps ?? []).map(step => (
          <CleanupStepItem
            key={step.id}
            step={step}
            chosen={chosen.has(step.id)}
            enabled={choosing && step.available}
            result={form.resultOf(step)}
            onChoose={value => {
              form.choose(step.id, value);
            }}
          />
        ))}
      </ul>
      <Outcome form={form} />
      {choosing && (
        <label className="jp-ci-check">
          <input
            type="checkbox"
            checked={form.dryRun}
            onChange={event => {
              form.dryRun = event.target.checked;
            }}
          />
          {trans.__('Dry run: say what would be done, and remove nothing')}
        </label>
      )}
    </>
  );
}

/** The sum of what is chosen, the progress, or what was freed. */
function Outcome(props: { readonly form: CleanupForm }): React.JSX.Element {
  const { form } = props;
  const trans = useTranslation();
  const phase = useModel(form.changed, () => form.phase);
  const operation = useModel(form.changed, () => form.operation);
  const report = useModel(form.changed, () => form.report);
  const chosen = useModel(form.changed, () => form.chosen);
  const dryRun = useModel(form.changed, () => form.dryRun);
  const stop = useCallback(() => form.cancel(), [form]);
  const { bytes, unknown } = form.total;
  const freed = report?.bytes_freed ?? 0;
  const failure = useModel(form.changed, () => form.failure);
  return (
    <>
      <p className="jp-ci-total" role="status">
        {phase === 'choosing' &&
          chosen.size === 0 &&
          trans.__('Nothing is chosen yet.')}
        {phase === 'choosing' && chosen.size > 0 && (
          <strong>
            {unknown === 0
              ? trans.__('%1 chosen', formatBytes(bytes))
              : trans.__(
                  '%1 chosen, and what only running tells',
                  formatBytes(bytes)
                )}
          </strong>
        )}
        {phase === 'running' && (operation?.message ?? trans.__('Starting…'))}
        {phase === 'done' && (!form.isTrash || freed > 0) && (
          <strong>{trans.__('%1 freed', formatBytes(freed))}</strong>
        )}
      </p>
      {phase === 'running' && (
        <>
          <progress
            className="jp-ci-progress"
            aria-label={trans.__('Cleaning up')}
            max={1}
            {...(typeof operation?.progress === 'number'
              ? { value: operation.progress }
              : {})}
          />
          {operation?.cancellable === true && (
            <div className="jp-ci-buttons">
              <ActionButton onClick={stop}>
                {trans.__('Stop cleaning up')}
              </ActionButton>
            </div>
          )}
          {!dryRun && (
            <p className="jp-ci-hint">
              {trans.__('It goes on when you close this.')}
            </p>
          )}
        </>
      )}
      {phase === 'choosing' && report?.dry_run === true && (
        <p className="jp-ci-hint">
          {trans.__('That was a dry run: nothing was removed.')}
        </p>
      )}
      {phase === 'done' && operation?.error && (
        <div role="alert">
          <Problem error={operation.error} />
        </div>
      )}
      {phase !== 'failed' && failure !== null && (
        <div role="alert">
          <p>{explain(failure, trans).message}</p>
          <ErrorDetails error={explain(failure, trans)} />
        </div>
      )}
    </>
  );
}
