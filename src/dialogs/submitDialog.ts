/**
 * A dialog that stays open until what it asks for has been accepted; knows nothing of instances.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';

import { titled } from './titled';

/**
 * The body of such a dialog.
 */
export interface ISubmittable {
  /** Whether it may be submitted now. */
  readonly isReady: boolean;
  /** What the button that submits says. */
  readonly submitLabel: string;
  /** Whether all is over and the one button left closes the dialog; false where it is missing. */
  readonly isDone?: boolean;
  /** Emitted when any of them may have changed. */
  readonly changed: ISignal<unknown, unknown>;
  /** Carry it out; resolves to false when it was refused and the body says why. */
  submit(): Promise<boolean>;
}

/**
 * A dialog whose accepting button submits its form, and closes when the form was accepted.
 *
 * #### Notes
 * JupyterLab's dialog closes on every button, and enables its buttons on each input.
 */
export class SubmitDialog extends Dialog<unknown> {
  constructor(
    options: Partial<Dialog.IOptions<unknown>> & {
      readonly title: string;
      readonly body: ReactWidget;
    },
    private readonly _form: ISubmittable
  ) {
    super(options);
    titled(this, options.title);
    this.addClass('jp-ci-submit-dialog');
    this._accepting = (options.buttons ?? []).findIndex(each => each.accept);
    this._form.changed.connect(this._showReadiness, this);
  }

  override dispose(): void {
    this._form.changed.disconnect(this._showReadiness, this);
    super.dispose();
  }

  override handleEvent(event: Event): void {
    super.handleEvent(event);
    if (event.type === 'input') {
      this._showReadiness();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._showReadiness();
    // JupyterLab focuses the accepting button, which takes no focus while it is disabled: Escape
    // and Tab would go to whatever is behind the dialog.
    void this.ready.then(() => {
      this._keepFocus();
    });
  }

  override resolve(index = this._accepting): void {
    if (index !== this._accepting) {
      super.resolve(index);
    } else if (this._form.isReady && !this._submitting) {
      void this._submit();
    }
  }

  private async _submit(): Promise<void> {
    this._submitting = true;
    this._showReadiness();
    this._keepFocus();
    try {
      if (await this._form.submit()) {
        super.resolve(this._accepting);
      }
    } finally {
      this._submitting = false;
      this._showReadiness();
      this._keepFocus();
    }
  }

  /**
   * Bring the focus back into the dialog when no enabled element of it has it.
   *
   * #### Notes
   * While the form is being submitted the dialog itself takes it: a second Enter must not press
   * the button that rejects.
   */
  private _keepFocus(): void {
    const active = document.activeElement;
    const isKept =
      active !== null && active !== this.node && this.node.contains(active);
    if (this.isDisposed || (isKept && !active.matches(':disabled'))) {
      return;
    }
    if (this._submitting) {
      this.node.tabIndex = -1;
      this.node.focus();
      return;
    }
    const buttons = this.node.querySelectorAll<HTMLButtonElement>(
      '.jp-Dialog-footer button'
    );
    const enabled = [...buttons].filter(each => !each.disabled && !each.hidden);
    const accepting = enabled.find(each => each.matches('.jp-mod-accept'));
    (accepting ?? enabled[0])?.focus();
  }

  private _showReadiness(): void {
    const button = this.node.querySelector<HTMLButtonElement>(
      '.jp-Dialog-footer .jp-mod-accept'
    );
    const label = button?.querySelector('.jp-Dialog-buttonLabel') ?? null;
    if (button === null || label === null) {
      return;
    }
    const rejecting = this.node.querySelector<HTMLButtonElement>(
      '.jp-Dialog-footer .jp-mod-reject'
    );
    const isDone = this._form.isDone === true;
    button.disabled = !this._form.isReady || this._submitting;
    button.setAttribute('aria-busy', String(this._submitting));
    if (label.textContent !== this._form.submitLabel) {
      label.textContent = this._form.submitLabel;
      button.setAttribute('aria-label', this._form.submitLabel);
    }
    if (rejecting !== null && rejecting.hidden !== isDone) {
      if (document.activeElement === rejecting) {
        button.focus();
      }
      rejecting.hidden = isDone;
    }
  }

  private readonly _accepting: number;
  private _submitting = false;
}
