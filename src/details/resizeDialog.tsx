/**
 * Asks for another VM size of an instance.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';

import { SizeList } from '../create/sizeField';
import { SubmitDialog } from '../dialogs/submitDialog';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager, ISizesModel } from '../tokens';
import { ResizeForm } from './resizeForm';

/**
 * Show the dialog; resolves when it is closed, whether or not anything was resized.
 */
export async function askToResize(
  name: string,
  vmSize: string,
  manager: ICiManager,
  trans: TranslationBundle
): Promise<void> {
  const form = new ResizeForm(manager, name, vmSize, trans.__('Resize'));
  const body = viewWidget(
    <ResizeView form={form} sizes={manager.sizes} />,
    trans
  );
  body.addClass('jp-ci-dialog');
  try {
    await new SubmitDialog(
      {
        title: trans.__('Resize %1', name),
        body,
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.okButton({ label: form.submitLabel })
        ],
        focusNodeSelector: 'input'
      },
      form
    ).launch();
  } finally {
    form.dispose();
  }
}

/** The body of the dialog. */
export function ResizeView(props: {
  readonly form: ResizeForm;
  readonly sizes: ISizesModel;
}): React.JSX.Element {
  const { form, sizes } = props;
  const trans = useTranslation();
  const id = useId();
  const state = useModel(sizes.changed, () => sizes.state);
  const chosen = useModel(form.changed, () => form.size);
  const failure = useModel(form.changed, () => form.failure);
  const items = state.status === 'ready' ? state.value.items : [];
  const had = items.find(
    ({ name }) => name.toLowerCase() === form.vmSize.toLowerCase()
  );
  return (
    <div className="jp-ci-create">
      <p>
        {trans.__(
          'It has %1 now. Its OS disk stays; its temporary disk is lost, as with each stop.',
          had?.name ?? form.vmSize
        )}
      </p>
      <div className="jp-ci-field">
        <label htmlFor={`${id}-search`}>{trans.__('New VM size')}</label>
        {state.status === 'loading' && (
          <p role="status" className="jp-ci-late">
            {trans.__('Loading VM sizes…')}
          </p>
        )}
        {state.status === 'failed' && (
          <Problem error={explain(state.failure, trans)}>
            <ActionButton onClick={() => sizes.refresh({ force: true })}>
              {trans.__('Retry')}
            </ActionButton>
          </Problem>
        )}
        {state.status === 'ready' && (
          <SizeList
            id={id}
            items={items}
            chosen={chosen}
            onChoose={size => {
              form.size = size;
            }}
          />
        )}
      </div>
      {failure !== null && (
        <div role="alert">
          <Problem error={explain(failure, trans)} />
        </div>
      )}
    </div>
  );
}
