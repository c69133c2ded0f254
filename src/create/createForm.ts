/**
 * A new instance while it is being specified: what is filled in, what is wrong with it, and sending
 * it off. No DOM, no words for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { InstanceSpec, Operation, VmSize } from '../api/types';
import { EMPTY_SPEC } from '../model/specs';
import type { ICiManager } from '../tokens';
import { NameCheck } from './nameCheck';
import type { NameState } from './nameCheck';
import { fieldOf } from './refusals';
import { proposedSize } from './sizeChoice';

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
    this._check = new NameCheck(_manager);
    this._check.changed.connect(this._onNameChanged, this);
    const { sizes } = _manager;
    sizes.changed.connect(this._onSizesChanged, this);
    this._onSizesChanged();
    void sizes.refresh();
  }

  get name(): string {
    return this._check.name;
  }
  set name(value: string) {
    if (value !== this.name) {
      this._forgetRefusal('name');
      this._check.name = value;
    }
  }

  get nameState(): NameState {
    return this._check.state;
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
    return this.nameState.kind === 'existing';
  }

  get isReady(): boolean {
    switch (this.nameState.kind) {
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
    this._check.dispose();
    Signal.clearData(this);
  }

  async submit(): Promise<boolean> {
    const { name } = this;
    const existing = this._manager.instances.find(name);
    const vmSize = this.usesExisting
      ? (existing?.vm_size ?? this._size?.name)
      : this._size?.name;
    if (vmSize === undefined) {
      return false;
    }
    try {
      this._operation = await this._manager.actions.create({
        spec: { ...(await this._begin()), name, vm_size: vmSize },
        if_exists: this.usesExisting ? 'use' : 'fail'
      });
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this._refusal = { failure, field: placeOf(failure) };
      this._changed.emit();
      return false;
    }
    if (!this.usesExisting) {
      this._manager.preferences.set('lastVmSize', vmSize);
    }
    return true;
  }

  /** What is not asked here: as the administrator wants it, or Azure's default. */
  private async _begin(): Promise<InstanceSpec> {
    if (this.usesExisting) {
      return EMPTY_SPEC;
    }
    return (await this._manager.client.specs.defaults()).spec;
  }

  private _forgetRefusal(field: Field): void {
    if (this._refusal?.field === field || this._refusal?.field === 'form') {
      this._refusal = null;
    }
  }

  private _onNameChanged(): void {
    this._changed.emit();
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
  private readonly _check: NameCheck;
  private _operation: Operation | null = null;
  private _refusal: IRefusal | null = null;
  private _size: VmSize | null = null;
}

function placeOf(failure: RequestFailure): Field {
  const field = fieldOf(failure);
  return field === 'name' ? 'name' : field === 'vm_size' ? 'size' : 'form';
}
