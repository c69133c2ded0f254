/**
 * Asks before an instance is deleted: says what is lost and what stays, and wants its name typed.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { ownMachine } from '../model/workspace';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { DeleteForm } from './deleteForm';
import { NameConfirmation } from './nameConfirmation';
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
  const form = new DeleteForm(name, trans.__('Delete'), () =>
    manager.actions.run(name, 'delete')
  );
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
      <NameConfirmation form={form} />
    </>
  );
}
