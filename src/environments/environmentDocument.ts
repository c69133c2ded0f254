/**
 * One environment as it is looked at: its packages, the changes that are put together, and the work
 * that makes them. No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Environment, EnvironmentDetails, Operation } from '../api/types';
import type { Fetched, ICiManager } from '../tokens';
import { isActive } from '../model/operations';
import { isEmpty, NO_CHANGES, requestOf } from './changes';
import type { IChanges } from './changes';
import { Planning } from './planning';

/**
 * One environment.
 */
export class EnvironmentDocument implements IDisposable {
  constructor(
    private readonly _manager: ICiManager,
    readonly id: string
  ) {
    this.planning = new Planning(_manager);
    _manager.environments.changed.connect(this._onListed, this);
    _manager.operations.updated.connect(this._onOperation, this);
    void this.load();
  }

  readonly planning: Planning;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Grows with whatever changes. */
  get revision(): number {
    return this._revision;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get state(): Fetched<EnvironmentDetails> {
    return this._state;
  }

  /** The environment as the list has it, which is newer; else as its details have it. */
  get environment(): Environment | null {
    return (
      this._manager.environments.find(this.id) ??
      (this._state.status === 'known' ? this._state.value.environment : null)
    );
  }

  get changes(): IChanges {
    return this._changes;
  }
  set changes(value: IChanges) {
    this._changes = value;
    this._refusal = null;
    this.planning.reset();
    this._announce();
  }

  /** The work on it that is under way, whoever began it, or what came of the work begun here. */
  get operation(): Operation | null {
    const { items } = this._manager.operations;
    const wanted = this.environment?.operation_id ?? null;
    return (
      items.find(each => each.id === wanted && isActive(each)) ??
      items.find(each => each.id === this._operationId) ??
      null
    );
  }

  /** Why the server did not begin, or null. */
  get refusal(): RequestFailure | null {
    return this._refusal;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._manager.environments.changed.disconnect(this._onListed, this);
      this._manager.operations.updated.disconnect(this._onOperation, this);
      this.planning.dispose();
      Signal.clearData(this);
    }
  }

  /** Read its packages anew. */
  async load(): Promise<void> {
    this._loads += 1;
    const load = this._loads;
    let state: Fetched<EnvironmentDetails>;
    try {
      const value = await this._manager.client.environments.details(this.id);
      state = { status: 'known', value, stale: null };
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      const isGone =
        failure.kind === 'refused' &&
        failure.error.code === 'EnvironmentNotFound';
      state =
        this._state.status === 'known' && !isGone
          ? { ...this._state, stale: failure }
          : { status: 'failed', failure };
    }
    if (load === this._loads && !this._isDisposed) {
      this._state = state;
      this._announce();
    }
  }

  /** Work out what the changes come to. */
  async review(): Promise<void> {
    if (!isEmpty(this._changes)) {
      await this.planning.ask({
        create: null,
        environment_id: this.id,
        change: requestOf(this._changes)
      });
    }
  }

  /** Make the changes. */
  async apply(): Promise<void> {
    try {
      const { id } = await this._manager.environmentWork.change(
        this.id,
        requestOf(this._changes)
      );
      this._operationId = id;
      this._changes = NO_CHANGES;
      this._refusal = null;
      this.planning.reset();
    } catch (reason) {
      this._refusal = RequestError.failureOf(reason);
    }
    this._announce();
  }

  /** What came of the work was read. */
  forgetWork(): void {
    this._operationId = null;
    this._announce();
  }

  private _announce(): void {
    this._revision += 1;
    this._changed.emit();
  }

  /** What has changed on the disk, by whomever, is read anew. */
  private _onListed(): void {
    const listed = this._manager.environments.find(this.id);
    const read =
      this._state.status === 'known' ? this._state.value.environment : null;
    if (
      this._manager.environments.state.status === 'known' &&
      read !== null &&
      (listed === null || listed.modified_at !== read.modified_at)
    ) {
      void this.load();
    }
    this._announce();
  }

  private _onOperation(_: unknown, operation: Operation): void {
    if (operation.id === this.operation?.id) {
      if (!isActive(operation)) {
        void this.load();
      }
      this._announce();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _changes: IChanges = NO_CHANGES;
  private _isDisposed = false;
  private _loads = 0;
  private _operationId: string | null = null;
  private _refusal: RequestFailure | null = null;
  private _revision = 0;
  private _state: Fetched<EnvironmentDetails> = { status: 'loading' };
}
