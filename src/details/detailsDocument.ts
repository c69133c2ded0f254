/**
 * One instance as it is looked at: what is known of it, and what a person is changing of it. No DOM,
 * no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type {
  Instance,
  InstanceDetails,
  InstanceSchedule,
  SpecProblem,
  UpdateInstance
} from '../api/types';
import type { Fetched, ICiManager } from '../tokens';

/** When it stops and starts by itself. */
export interface ITimes {
  readonly idleShutdown: string | null;
  readonly schedules: readonly InstanceSchedule[];
}

/**
 * One instance.
 */
export class DetailsDocument implements IDisposable {
  constructor(
    private readonly _manager: ICiManager,
    readonly name: string
  ) {
    _manager.instances.changed.connect(this._onListed, this);
    void this.load();
  }

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

  get state(): Fetched<InstanceDetails> {
    return this._state;
  }

  /** The instance as the list has it, which is newer; else as its details have it. */
  get instance(): Instance | null {
    return (
      this._manager.instances.find(this.name) ??
      (this._state.status === 'known' ? this._state.value.instance : null)
    );
  }

  /** When it stops and starts by itself, as Azure has it; null where that is not known. */
  get times(): ITimes | null {
    const spec = this._state.status === 'known' ? this._state.value.spec : null;
    if (spec === null) {
      return null;
    }
    if (this._times?.spec !== spec) {
      this._times = {
        spec,
        value: { idleShutdown: spec.idle_shutdown, schedules: spec.schedules }
      };
    }
    return this._times.value;
  }

  /** The same while it is being changed, or null. */
  get draft(): ITimes | null {
    return this._draft;
  }

  /** Why the server did not save, or null. */
  get refusal(): RequestFailure | null {
    return this._refusal;
  }

  /** The field that the refusal is about, as a problem of it. */
  get problems(): readonly SpecProblem[] {
    return this._problems;
  }

  get isChanged(): boolean {
    return (
      this._draft !== null &&
      Object.keys(this._changeOf(this._draft)).length > 0
    );
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._manager.instances.changed.disconnect(this._onListed, this);
      Signal.clearData(this);
    }
  }

  /** Ask for it anew. */
  async load(): Promise<void> {
    this._loads += 1;
    const load = this._loads;
    let state: Fetched<InstanceDetails>;
    try {
      const value = await this._manager.client.instance(this.name);
      state = { status: 'known', value, stale: null };
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      const isGone =
        failure.kind === 'refused' && failure.error.code === 'InstanceNotFound';
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

  /** Begin to change when it stops and starts by itself, or change it further. */
  edit(part: Partial<ITimes> = {}): void {
    const before = this._draft ?? this.times;
    if (before !== null) {
      this._draft = { ...before, ...part };
      this._refuse(null);
      this._announce();
    }
  }

  /** Leave it as it was. */
  discard(): void {
    this._draft = null;
    this._refuse(null);
    this._announce();
  }

  /** Save what was changed; resolves to whether the server took it. */
  async save(): Promise<boolean> {
    const draft = this._draft;
    if (draft === null) {
      return false;
    }
    const { client } = this._manager;
    try {
      const value = await client.updateInstance(
        this.name,
        this._changeOf(draft)
      );
      // An answer that is still under way knows nothing of the change.
      this._loads += 1;
      this._state = { status: 'known', value, stale: null };
      // What was changed further meanwhile is still to be saved.
      this._draft = this._draft === draft ? null : this._draft;
      this._refuse(null);
    } catch (reason) {
      this._refuse(RequestError.failureOf(reason));
    }
    this._announce();
    // The list shows some of it, too.
    void this._manager.refresh();
    return this._refusal === null;
  }

  /** Only what differs: what another has changed meanwhile stays. */
  private _changeOf(draft: ITimes): UpdateInstance {
    const { times } = this;
    return {
      ...(draft.idleShutdown === times?.idleShutdown
        ? {}
        : { idle_shutdown: draft.idleShutdown }),
      ...(JSON.stringify(draft.schedules) === JSON.stringify(times?.schedules)
        ? {}
        : { schedules: [...draft.schedules] })
    };
  }

  private _refuse(failure: RequestFailure | null): void {
    this._refusal = failure;
    this._problems = failure === null ? NO_PROBLEMS : problemsOf(failure);
  }

  private _announce(): void {
    this._revision += 1;
    this._changed.emit();
  }

  /** What the list has news of is asked anew. */
  private _onListed(): void {
    const instance = this._manager.instances.find(this.name);
    const news =
      instance === null
        ? ''
        : [
            instance.state,
            instance.modified_at,
            instance.operation_id,
            instance.vm_size,
            instance.idle_shutdown,
            instance.schedule_count
          ].join(' ');
    const before = this._news;
    this._news = news;
    if (before !== null && news !== before) {
      void this.load();
    }
    this._announce();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _draft: ITimes | null = null;
  private _isDisposed = false;
  private _loads = 0;
  private _news: string | null = null;
  private _problems: readonly SpecProblem[] = NO_PROBLEMS;
  private _refusal: RequestFailure | null = null;
  private _revision = 0;
  private _state: Fetched<InstanceDetails> = { status: 'loading' };
  private _times: {
    readonly spec: InstanceDetails['spec'];
    readonly value: ITimes;
  } | null = null;
}

const NO_PROBLEMS: readonly SpecProblem[] = [];

function problemsOf(failure: RequestFailure): readonly SpecProblem[] {
  if (failure.kind !== 'refused') {
    return NO_PROBLEMS;
  }
  const { code, details, hint, message } = failure.error;
  const field = details?.['field'];
  return typeof field === 'string'
    ? [{ field, code, message, hint, severity: 'error' }]
    : NO_PROBLEMS;
}
