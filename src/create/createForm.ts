/**
 * A new instance while it is being specified: what is filled in, what is wrong with it, and sending
 * it off. No DOM, no words for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Operation, VmSize } from '../api/types';
import { mayDo } from '../model/permissions';
import { nameProblem } from '../model/names';
import type { NameProblem } from '../model/names';
import { EMPTY_SPEC } from '../model/specs';
import type { ICiManager } from '../tokens';
import { proposedSize } from './sizeChoice';

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

/** The field that a refusal is about. */
export type Field = 'name' | 'size' | 'form';

/**
 * A refusal of the server, and where to show it.
 */
export interface IRefusal {
  readonly field: Field;
  readonly failure: RequestFailure;
}

/**
 * The state of the dialog "New compute instance".
 */
export class CreateForm {
  constructor(private readonly _manager: ICiManager) {
    const { sizes } = _manager;
    sizes.changed.connect(this._onSizesChanged, this);
    this._onSizesChanged();
    void sizes.refresh();
  }

  get name(): string {
    return this._name;
  }
  set name(value: string) {
    if (value !== this._name) {
      this._name = value;
      this._forgetRefusal('name');
      this._examineName();
      this._changed.emit();
    }
  }

  get nameState(): NameState {
    return this._nameState;
  }

  /** The chosen VM size, or null. */
  get size(): VmSize | null {
    return this._size;
  }
  set size(value: VmSize | null) {
    this._size = value;
    this._forgetRefusal('size');
    this._changed.emit();
  }

  /** Whether submitting takes an instance that is there already. */
  get usesExisting(): boolean {
    return this._nameState.kind === 'existing';
  }

  get isReady(): boolean {
    switch (this._nameState.kind) {
      case 'existing':
        return true;
      case 'free':
      case 'unchecked':
        return this._size?.creatable === true;
      case 'problem':
      case 'checking':
      case 'taken':
        return false;
    }
  }

  /** What the server refused the last time, or null. */
  get refusal(): IRefusal | null {
    return this._refusal;
  }

  /** What came of it, or null. */
  get operation(): Operation | null {
    return this._operation;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  dispose(): void {
    this._manager.sizes.changed.disconnect(this._onSizesChanged, this);
    this._abandonCheck();
    Signal.clearData(this);
  }

  async submit(): Promise<boolean> {
    const name = this._name;
    const existing = this._manager.instances.find(name);
    const vmSize = this.usesExisting
      ? (existing?.vm_size ?? this._size?.name)
      : this._size?.name;
    if (vmSize === undefined) {
      return false;
    }
    try {
      this._operation = await this._manager.actions.create({
        spec: { ...EMPTY_SPEC, name, vm_size: vmSize },
        if_exists: this.usesExisting ? 'use' : 'fail'
      });
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this._refusal = { failure, field: fieldOf(failure) };
      this._changed.emit();
      return false;
    }
    if (!this.usesExisting) {
      this._manager.preferences.set('lastVmSize', vmSize);
    }
    return true;
  }

  private _examineName(): void {
    this._abandonCheck();
    const name = this._name;
    const problem = nameProblem(name);
    if (problem !== null) {
      this._nameState = { kind: 'problem', problem };
    } else if (this._manager.instances.find(name) !== null) {
      this._nameState = { kind: 'existing' };
    } else if (!mayDo('check_name', this._manager.workspace.state).allowed) {
      this._nameState = { kind: 'unchecked', failure: null };
    } else {
      this._nameState = { kind: 'checking' };
      const controller = new AbortController();
      this._check = controller;
      this._timer = setTimeout(() => {
        void this._checkInRegion(name, controller.signal);
      }, SETTLE_MS);
    }
  }

  private async _checkInRegion(
    name: string,
    signal: AbortSignal
  ): Promise<void> {
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
      this._nameState = state;
      this._changed.emit();
    }
  }

  private _abandonCheck(): void {
    clearTimeout(this._timer);
    this._check?.abort();
    this._check = null;
  }

  private _forgetRefusal(field: Field): void {
    if (this._refusal?.field === field || this._refusal?.field === 'form') {
      this._refusal = null;
    }
  }

  private _onSizesChanged(): void {
    const { state } = this._manager.sizes;
    if (state.status !== 'ready') {
      return;
    }
    const wanted =
      this._size?.name ?? this._manager.preferences.values.lastVmSize;
    this._size = proposedSize(state.value.items, wanted);
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _check: AbortController | null = null;
  private _name = '';
  private _nameState: NameState = { kind: 'problem', problem: 'empty' };
  private _operation: Operation | null = null;
  private _refusal: IRefusal | null = null;
  private _size: VmSize | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

const FIELD_BY_CODE: Readonly<Record<string, Field>> = {
  InvalidName: 'name',
  InstanceExists: 'name',
  NameTaken: 'name',
  UnknownVmSize: 'size',
  QuotaExceeded: 'size'
};

function fieldOf(failure: RequestFailure): Field {
  return failure.kind === 'refused'
    ? (FIELD_BY_CODE[failure.error.code] ?? 'form')
    : 'form';
}
