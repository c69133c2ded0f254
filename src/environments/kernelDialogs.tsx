/**
 * Asks about kernels: how a new one is to be, another name, and before one is removed.
 */
import { Dialog, InputDialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import React from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Environment, Kernel } from '../api/types';
import { SubmitDialog } from '../dialogs/submitDialog';
import type { ISubmittable } from '../dialogs/submitDialog';
import { explain } from '../failure';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import type { ICiManager } from '../tokens';
import { EMPTY_DRAFT, kernelOf, kernelProblem, displayNameOf } from './draft';
import type { IDraft } from './draft';
import { KernelFields } from './kernelFields';
import { environmentTitle, problemText } from './words';

/** Ask how a kernel of an environment is to be, and register it. */
export async function askToRegister(
  environment: Environment,
  manager: ICiManager,
  trans: TranslationBundle
): Promise<void> {
  const form = new KernelForm(environment, manager, trans.__('Add'));
  const body = viewWidget(<KernelFormView form={form} />, trans);
  body.addClass('jp-ci-dialog');
  await new SubmitDialog(
    {
      title: trans.__('Add a kernel of %1', environmentTitle(environment)),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: form.submitLabel })
      ],
      focusNodeSelector: 'input'
    },
    form
  ).launch();
}

/** A kernel while it is being described. */
class KernelForm implements ISubmittable {
  constructor(
    private readonly _environment: Environment,
    private readonly _manager: ICiManager,
    readonly submitLabel: string
  ) {
    this._draft = {
      ...EMPTY_DRAFT,
      name: environmentTitle(_environment),
      language:
        _environment.python === null && _environment.r !== null ? 'R' : 'python'
    };
  }

  get draft(): IDraft {
    return this._draft;
  }
  set draft(value: IDraft) {
    this._draft = value;
    this._changed.emit();
  }

  get isReady(): boolean {
    return kernelProblem(this._draft) === null;
  }

  /** Why the last attempt was refused, or null. */
  get failure(): RequestFailure | null {
    return this._failure;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async submit(): Promise<boolean> {
    try {
      await this._manager.environmentWork.registerKernel({
        environment_id: this._environment.id,
        kernel: kernelOf(this._draft)
      });
      return true;
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._changed.emit();
      return false;
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _draft: IDraft;
  private _failure: RequestFailure | null = null;
}

function KernelFormView({
  form
}: {
  readonly form: KernelForm;
}): React.JSX.Element {
  const trans = useTranslation();
  const draft = useModel(form.changed, () => form.draft);
  const failure = useModel(form.changed, () => form.failure);
  const problem = kernelProblem(draft);
  return (
    <div className="jp-ci-create">
      <KernelFields
        choice={{ ...draft, language: draft.language ?? 'python' }}
        proposedName={displayNameOf({ ...draft, displayName: '' })}
        problem={problem === null ? null : problemText(problem, trans)}
        onChange={change => {
          form.draft = { ...draft, ...change };
        }}
      />
      {failure !== null && (
        <div role="alert">
          <Problem
            title={trans.__('It could not be added')}
            error={explain(failure, trans)}
          />
        </div>
      )}
    </div>
  );
}

/** Ask for another name of a kernel; null where it stays. */
export async function askForName(
  kernel: Kernel,
  trans: TranslationBundle
): Promise<string | null> {
  const { button, value } = await InputDialog.getText({
    title: trans.__('Rename kernel'),
    label: trans.__('Name in the launcher'),
    text: kernel.display_name,
    okLabel: trans.__('Rename'),
    cancelLabel: trans.__('Cancel')
  });
  const name = value?.trim() ?? '';
  return button.accept && name !== '' && name !== kernel.display_name
    ? name
    : null;
}

/** Ask before kernels are removed. */
export async function confirmRemoval(
  kernels: readonly Kernel[],
  trans: TranslationBundle
): Promise<boolean> {
  const names = kernels.map(each => each.display_name);
  const { button } = await showDialog({
    title:
      names.length === 1
        ? trans.__('Remove kernel “%1”?', names[0] ?? '')
        : trans.__('Remove %1 kernels?', names.length),
    body:
      names.length === 1
        ? trans.__(
            'It goes from the launcher. The environment and the notebooks that use it stay; they ask for another kernel when they are opened.'
          )
        : trans.__('They go from the launcher: %1.', names.join(', ')),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  return button.accept;
}
