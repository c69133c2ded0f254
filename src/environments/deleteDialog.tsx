/**
 * Asks before an environment is deleted: says what goes and what stays, and wants its name typed.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { Environment, Kernel } from '../api/types';
import { DeleteForm } from '../dialogs/deleteForm';
import { NameConfirmation } from '../dialogs/nameConfirmation';
import { SubmitDialog } from '../dialogs/submitDialog';
import { formatBytes } from '../format';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { environmentTitle } from './words';

/**
 * Show the dialog; resolves when it is closed, whether or not anything was deleted.
 */
export async function askToDeleteEnvironment(
  environment: Environment,
  manager: ICiManager,
  trans: TranslationBundle
): Promise<void> {
  const name = environmentTitle(environment);
  const own = manager.kernels.ofPrefix(environment.prefix);
  let kernels = true;
  const form = new DeleteForm(name, trans.__('Delete'), () =>
    manager.environmentWork.remove(environment.id, { kernels })
  );
  const body = viewWidget(
    <DeleteView
      form={form}
      environment={environment}
      kernels={own}
      onKernels={value => {
        kernels = value;
      }}
    />,
    trans
  );
  body.addClass('jp-ci-dialog');
  await new SubmitDialog(
    {
      title: trans.__('Delete environment %1?', name),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.warnButton({ label: form.submitLabel })
      ],
      focusNodeSelector: 'input[type="text"]'
    },
    form
  ).launch();
  if (form.failure !== null) {
    // Somebody else may have removed it, or changed what it is.
    await manager.environments.refresh();
  }
}

function DeleteView(props: {
  readonly form: DeleteForm;
  readonly environment: Environment;
  readonly kernels: readonly Kernel[];
  readonly onKernels: (value: boolean) => void;
}): React.JSX.Element {
  const { form, environment, kernels, onKernels } = props;
  const { bytes, prefix } = environment;
  const trans = useTranslation();
  const [withKernels, setWithKernels] = useState(true);
  return (
    <>
      <dl className="jp-ci-consequences">
        <dt>{trans.__('Lost for good')}</dt>
        <dd>
          {bytes === null
            ? trans.__('all packages and files in %1', prefix)
            : trans.__(
                'all packages and files in %1 (%2)',
                prefix,
                formatBytes(bytes)
              )}
        </dd>
        <dt>{trans.__('Stays')}</dt>
        <dd>
          {trans.__(
            'notebooks that use it; they ask for another kernel when they are opened'
          )}
        </dd>
      </dl>
      {kernels.length > 0 && (
        <label className="jp-ci-check">
          <input
            type="checkbox"
            checked={withKernels}
            onChange={event => {
              setWithKernels(event.target.checked);
              onKernels(event.target.checked);
            }}
          />
          {trans._n(
            'Remove its kernel, too: %2',
            'Remove its %1 kernels, too: %2',
            kernels.length,
            kernels.map(each => each.display_name).join(', ')
          )}
        </label>
      )}
      <NameConfirmation form={form} />
    </>
  );
}
