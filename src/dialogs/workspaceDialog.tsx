/**
 * Lets a person switch to another workspace.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { viewWidget } from '../panel/viewWidget';
import { WorkspacePicker } from '../panel/workspacePicker';
import type { IWorkspaceModel } from '../tokens';
import { titled } from './titled';

/** Show the dialog; resolves when it is closed. */
export async function askForWorkspace(
  workspace: IWorkspaceModel,
  trans: TranslationBundle
): Promise<void> {
  const { state } = workspace;
  const current =
    state.status === 'known' ? (state.value.workspace?.id ?? null) : null;
  const body = viewWidget(
    <WorkspacePicker
      workspace={workspace}
      current={current}
      onSelected={() => {
        dialog.reject();
      }}
    />,
    trans
  );
  body.addClass('jp-ci-dialog');
  const title = trans.__('Switch to another workspace');
  const dialog = titled(
    new Dialog({
      title,
      body,
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') })]
    }),
    title
  );
  await dialog.launch();
}
