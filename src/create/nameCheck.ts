/**
 * What is known of a name while it is typed: Azure's rules at once, the region when the keys rest.
 * No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import { mayDo } from '../model/permissions';
import { nameProblem } from '../model/names';
import type { NameProblem } from '../model/names';
import type { ICiManager } from '../tokens';

/** How long to wait for more keys before the name is checked in the region. */
const SETTLE_MS = 300;

/**
 * What is known of the name.
 *
 * - `problem`: it breaks a rule.
 * - `checking`: whether it is free in the region is being asked.
 * - `free`: it is.
 * - `existing`: this workspace has an instance of that name, which can be used.
 * - `taken`: it is in use elsewhere in the region.
 * - `unchecked`: it could not be asked; creating it will tell.
 */
export type NameState =
  | { readonly kind: 'problem'; readonly problem: NameProblem }
  | { readonly kind: 'checking' }
  | { readonly kind: 'free' }
  | { readonly kind: 'existing' }
  | {
      readonly kind: 'taken';
      readonly message: string | null;
      readonly suggestion: string | null;
    }
  | { readonly kind: 'unchecked'; readonly failure: RequestFailure | null };

/**
 * Checks one name after the other; a newer one drops the question about the one before.
 */
export class NameCheck implements IDisposable {
  constructor(
    private readonly _manager: Pick<
      ICiManager,
      'client' | 'instances' | 'workspace'
    >
  ) {}

  get name(): string {
    return this._name;
  }
  set name(value: string) {
    if (value !== this._name) {
      this._name = value;
      this._examine();
      this._changed.emit();
    }
  }

  get state(): NameState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abandon();
      Signal.clearData(this);
    }
  }

  private _examine(): void {
    this._abandon();
    const name = this._name;
    const problem = nameProblem(name);
    if (problem !== null) {
      this._state = { kind: 'problem', problem };
    } else if (this._manager.instances.find(name) !== null) {
      this._state = { kind: 'existing' };
    } else if (!mayDo('check_name', this._manager.workspace.state).allowed) {
      this._state = { kind: 'unchecked', failure: null };
    } else {
      this._state = { kind: 'checking' };
      const controller = new AbortController();
      this._question = controller;
      this._timer = setTimeout(() => {
        void this._ask(name, controller.signal);
      }, SETTLE_MS);
    }
  }

  private async _ask(name: string, signal: AbortSignal): Promise<void> {
    let state: NameState;
    try {
      const check = await this._manager.client.checkName(name, { signal });
      if (check.existing) {
        state = { kind: 'existing' };
      } else if (check.available) {
        state = { kind: 'free' };
      } else {
        const { message, suggestion } = check;
        state = { kind: 'taken', message, suggestion };
      }
    } catch (reason) {
      state = { kind: 'unchecked', failure: RequestError.failureOf(reason) };
    }
    if (!signal.aborted) {
      this._state = state;
      this._changed.emit();
    }
  }

  private _abandon(): void {
    clearTimeout(this._timer);
    this._question?.abort();
    this._question = null;
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _name = '';
  private _question: AbortController | null = null;
  private _state: NameState = { kind: 'problem', problem: 'empty' };
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
