/**
 * Asks before an instance is deleted: says what is lost and what stays, and wants its name typed.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { explain } from '../failure';
import { ownMachine } from '../model/workspace';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { DeleteForm } from './deleteForm';
import { ownMachineWarning } from './stopDialogs';
import { SubmitDialog } from './submitDialog';

/**
 * Show the dialog; resolves when it is closed, whether or not anything was deleted.
 */
export async function askToDelete(
  name: string,
  manager: ICiManager,
  trans: TranslationBundle
): Promise<void> {
  const form = new DeleteForm(name, trans.__('Delete'), manager.actions);
  const isOwn = ownMachine(manager.workspace.state) === name;
  const body = viewWidget(<DeleteView form={form} isOwn={isOwn} />, trans);
  body.addClass('jp-ci-dialog');
  await new SubmitDialog(
    {
      title: trans.__('Delete %1?', name),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: form.submitLabel })
      ],
      focusNodeSelector: 'input'
    },
    form
  ).launch();
}

function DeleteView(props: {
  readonly form: DeleteForm;
  /** Whether this Jupyter server runs on the instance. */
  readonly isOwn: boolean;
}): React.JSX.Element {
  const { form, isOwn } = props;
  const trans = useTranslation();
  const typed = useModel(form.changed, () => form.typed);
  const failure = useModel(form.changed, () => form.failure);
  return (
    <>
      {isOwn && (
        <p>
          <strong>{ownMachineWarning(form.name, trans)}</strong>
        </p>
      )}
      <dl className="jp-ci-consequences">
        <dt>{trans.__('Lost for good')}</dt>
        <dd>
          {trans.__(
            'its OS disk: Conda environments, installed packages, and files outside the file share'
          )}
        </dd>
        <dt>{trans.__('Stays')}</dt>
        <dd>
          {trans.__(
            'everything in the workspace’s file share (notebooks under “Users”), data and jobs'
          )}
        </dd>
        <dt>{trans.__('Cost')}</dt>
        <dd>
          {trans.__(
            'deleting ends all of it, also for disk, public IP and load balancer, and frees its quota'
          )}
        </dd>
      </dl>
      <label className="jp-ci-field">
        <span>{trans.__('Type “%1” to confirm', form.name)}</span>
        <input
          type="text"
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={event => {
            form.typed = event.target.value;
          }}
        />
      </label>
      {failure !== null && (
        <div role="alert">
          <Problem
            title={trans.__('It could not be deleted')}
            error={explain(failure, trans)}
          />
        </div>
      )}
    </>
  );
}
