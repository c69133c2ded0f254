/**
 * Opens the dialog "New compute instance".
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Operation } from '../api/types';
import { SubmitDialog } from '../dialogs/submitDialog';
import type { ISubmittable } from '../dialogs/submitDialog';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { CreateForm } from './createForm';
import { CreateView } from './createView';

/** The action of the button that leads to the full form. */
const MORE = 'more';

/**
 * Show the dialog; resolves to what was started, or null when it was cancelled.
 *
 * @param onMore - Opens the full form with what was filled in here.
 */
export async function askToCreate(
  manager: ICiManager,
  trans: TranslationBundle,
  onMore: (given: { readonly name: string; readonly size: string }) => void
): Promise<Operation | null> {
  const form = new CreateForm(manager);
  const body = viewWidget(<CreateView form={form} manager={manager} />, trans);
  body.addClass('jp-ci-dialog');
  const submittable: ISubmittable = {
    get isReady() {
      return form.isReady;
    },
    get submitLabel() {
      return form.usesExisting ? trans.__('Use existing') : trans.__('Create');
    },
    changed: form.changed,
    submit: () => form.submit()
  };
  const dialog = new SubmitDialog(
    {
      title: trans.__('New compute instance'),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.createButton({
          label: trans.__('More options…'),
          accept: false,
          actions: [MORE]
        }),
        Dialog.okButton({ label: trans.__('Create') })
      ],
      focusNodeSelector: 'input'
    },
    submittable
  );
  try {
    const { button } = await dialog.launch();
    if (button.actions.includes(MORE)) {
      onMore({ name: form.name, size: form.size?.name ?? '' });
    }
    return form.operation;
  } finally {
    form.dispose();
  }
}
