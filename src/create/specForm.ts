/**
 * A new instance with all that Azure offers, while a person describes it: the draft, what is wrong
 * with it, and sending it off. It can be written down and taken up again. No DOM, no words for
 * people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type {
  InstanceSpec,
  Operation,
  SpecDefaults,
  SpecProblem,
  SpecTemplate,
  VmSize
} from '../api/types';
import { mayDo } from '../model/permissions';
import { EMPTY_SPEC } from '../model/specs';
import type { Fetched, ICiManager } from '../tokens';
import {
  checkableSpec,
  draftOf,
  EMPTY_DRAFT,
  partsOf,
  PHASES,
  problemsOf,
  specOf
} from './draft';
import type { IDraft, IDraftProblem, IScriptDraft, Phase } from './draft';
import { LiveCheck } from './liveCheck';
import { isLocked, isPartlyLocked, withLocked } from './locks';
import { NameCheck } from './nameCheck';
import type { NameState } from './nameCheck';
import { problemOf } from './refusals';
import { ScriptTrial } from './scriptTrial';
import { proposedSize } from './sizeChoice';

/** What of a form survives a reload of the page. */
export interface ISpecMemory {
  readonly draft: IDraft;
  /** The operation that makes the instance, once it has begun. */
  readonly operation: string | null;
  /** The operations that try the scripts. */
  readonly tries: Readonly<Record<Phase, string | null>>;
}

/** Longer scripts, which Azure takes by far not, are not written down into the layout of the page. */
const REMEMBERED_CHARACTERS = 100_000;

function remembered(script: IScriptDraft): IScriptDraft {
  return script.text.length > REMEMBERED_CHARACTERS
    ? { ...script, text: '' }
    : script;
}

/**
 * One form.
 */
export class SpecForm implements IDisposable {
  /**
   * @param memory - As it was left; without a draft it begins with the administrator's defaults.
   * @param given - What to begin with instead of these.
   */
  constructor(
    private readonly _manager: ICiManager,
    memory: Partial<ISpecMemory> = {},
    given: Partial<IDraft> = {}
  ) {
    this._isFresh = memory.draft === undefined;
    this._given = given;
    this._draft = { ...EMPTY_DRAFT, ...memory.draft, ...given };
    this._operationId = memory.operation ?? null;
    this.nameCheck = new NameCheck(_manager);
    this.check = new LiveCheck(_manager.client.specs);
    this.trials = {
      creation: new ScriptTrial(_manager, memory.tries?.creation),
      startup: new ScriptTrial(_manager, memory.tries?.startup)
    };
    for (const part of [this.nameCheck, this.check, ...this._trials]) {
      part.changed.connect(this._announce, this);
    }
    _manager.sizes.changed.connect(this._onSizes, this);
    _manager.workspace.changed.connect(this._announce, this);
    this._examine();
    this._onSizes();
    void _manager.sizes.refresh();
    void this.readDefaults();
  }

  readonly nameCheck: NameCheck;
  readonly check: LiveCheck;
  readonly trials: Readonly<Record<Phase, ScriptTrial>>;

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

  get draft(): IDraft {
    return this._draft;
  }

  /** What is asked for. */
  get spec(): InstanceSpec {
    return specOf(this._draft);
  }

  /** What the administrator begins with and has fixed. */
  get defaults(): Fetched<SpecDefaults> {
    return this._defaults;
  }

  get nameState(): NameState {
    return this.nameCheck.state;
  }

  /** Whether creating takes an instance that is there already. */
  get usesExisting(): boolean {
    return this.nameState.kind === 'existing';
  }

  /** The chosen VM size as the region has it, or null. */
  get vmSize(): VmSize | null {
    const { state } = this._manager.sizes;
    const wanted = this._draft.vmSize.toLowerCase();
    return state.status === 'ready'
      ? (state.value.items.find(each => each.name.toLowerCase() === wanted) ??
          null)
      : null;
  }

  /** What keeps the draft from being a spec. */
  get faults(): readonly IDraftProblem[] {
    return problemsOf(this._draft);
  }

  /** What the server says of it: when asked while it was filled in, and when it was sent off. */
  get problems(): readonly SpecProblem[] {
    const refused =
      this._refusal === null
        ? null
        : problemOf(this._refusal, this._isRefusedLate ? 'warning' : 'error');
    const told = this.check.problems.filter(
      ({ field }) =>
        // Said where the name is typed, sooner and better.
        field !== 'name' || this.nameState.kind === 'free'
    );
    return refused === null ? told : [refused, ...told];
  }

  /** Why it was not created, where that is about no field; or null. */
  get refusal(): RequestFailure | null {
    return this._refusal !== null && problemOf(this._refusal) === null
      ? this._refusal
      : null;
  }

  /** Whether it can be sent off, as far as is known. */
  get isReady(): boolean {
    switch (this.nameState.kind) {
      case 'existing':
        return true;
      case 'problem':
      case 'taken':
      case 'checking':
        return false;
      case 'free':
      case 'unchecked':
        return (
          this._draft.vmSize !== '' &&
          this.vmSize?.creatable !== false &&
          this.faults.length === 0 &&
          this.problems.every(({ severity }) => severity !== 'error') &&
          mayDo('create', this._manager.workspace.state).allowed
        );
    }
  }

  /** Whether the server is being asked to begin. */
  get isSubmitting(): boolean {
    return this._isSubmitting;
  }

  /** The id of the operation that makes the instance, or null before it has begun. */
  get operationId(): string | null {
    return this._operationId;
  }

  /** That operation, as far as this tab knows it. */
  get operation(): Operation | null {
    return (
      this._manager.operations.items.find(
        each => each.id === this._operationId
      ) ?? null
    );
  }

  get memory(): ISpecMemory {
    const { scripts } = this._draft;
    return {
      draft: {
        ...this._draft,
        scripts: {
          creation: remembered(scripts.creation),
          startup: remembered(scripts.startup)
        }
      },
      operation: this._operationId,
      tries: {
        creation: this.trials.creation.operationId,
        startup: this.trials.startup.operationId
      }
    };
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._manager.sizes.changed.disconnect(this._onSizes, this);
      this._manager.workspace.changed.disconnect(this._announce, this);
      for (const part of [this.nameCheck, this.check, ...this._trials]) {
        part.dispose();
      }
      Signal.clearData(this);
    }
  }

  /** Choose something. */
  choose(change: Partial<IDraft>): void {
    this._draft = { ...this._draft, ...change };
    this._isFresh = false;
    this._refusal = null;
    this._isRefusedLate = false;
    this._examine();
    this._announce();
  }

  /** Choose something about a setup script. */
  chooseScript(phase: Phase, change: Partial<IScriptDraft>): void {
    const { scripts } = this._draft;
    this.choose({
      scripts: { ...scripts, [phase]: { ...scripts[phase], ...change } }
    });
  }

  /** Begin anew with what a template says; the name stays, it is no part of a template. */
  take({ spec }: SpecTemplate): void {
    const draft = draftOf(this._fixed(spec));
    this.choose({
      ...draft,
      name: draft.name === '' ? this._draft.name : draft.name,
      vmSize: draft.vmSize === '' ? this._draft.vmSize : draft.vmSize
    });
    this._onSizes();
  }

  /** Whether the administrator has fixed a field. */
  isLocked(field: string): boolean {
    return isLocked(field, this._locked);
  }

  /** Whether the administrator has fixed a part of a field, so that it cannot be switched off. */
  isPartlyLocked(field: string): boolean {
    return isPartlyLocked(field, this._locked);
  }

  /** Ask what the administrator begins with and has fixed. */
  async readDefaults(): Promise<void> {
    try {
      const value = await this._manager.client.specs.defaults();
      if (this._isDisposed) {
        return;
      }
      this._defaults = { status: 'known', value, stale: null };
      this._begin(value);
    } catch (reason) {
      this._defaults = {
        status: 'failed',
        failure: RequestError.failureOf(reason)
      };
    }
    this._announce();
  }

  /** Send it off. */
  async create(): Promise<void> {
    if (this._isSubmitting || !this.isReady) {
      return;
    }
    this._isSubmitting = true;
    this._refusal = null;
    this._isRefusedLate = false;
    this._announce();
    const { usesExisting } = this;
    const existing = this._manager.instances.find(this._draft.name);
    const spec = usesExisting
      ? this._fixed({
          ...EMPTY_SPEC,
          name: this._draft.name,
          vm_size: existing?.vm_size ?? this._draft.vmSize
        })
      : this.spec;
    try {
      const { id } = await this._manager.actions.create({
        spec,
        if_exists: usesExisting ? 'use' : 'fail'
      });
      this._operationId = id;
      if (!usesExisting) {
        this._manager.preferences.set('lastVmSize', spec.vm_size);
      }
    } catch (reason) {
      this._refusal = RequestError.failureOf(reason);
    } finally {
      this._isSubmitting = false;
      this._announce();
    }
  }

  /**
   * Go back to the form after what was begun has failed, or to make another.
   *
   * #### Notes
   * What Azure said against it in the end is shown at the field that it is about, and keeps nobody
   * from trying once more.
   */
  again(change: Partial<IDraft> = {}): void {
    const error =
      Object.keys(change).length === 0 ? this.operation?.error : null;
    this._operationId = null;
    this.choose(change);
    if (error) {
      this._refusal = { kind: 'refused', error };
      this._isRefusedLate = true;
      this._announce();
    }
  }

  private get _trials(): readonly ScriptTrial[] {
    return PHASES.map(phase => this.trials[phase]);
  }

  private get _locked(): readonly string[] {
    return this._defaults.status === 'known' ? this._defaults.value.locked : [];
  }

  private _fixed(spec: InstanceSpec): InstanceSpec {
    return this._defaults.status === 'known'
      ? withLocked(spec, this._defaults.value)
      : spec;
  }

  /** The administrator's defaults have come. */
  private _begin(defaults: SpecDefaults): void {
    if (this._isFresh) {
      const { name, vmSize } = this._draft;
      this._draft = {
        ...draftOf(defaults.spec),
        name,
        vmSize: defaults.spec.vm_size || vmSize,
        ...this._given
      };
    }
    const fixed = draftOf(withLocked(specOf(this._draft), defaults));
    // What is not fixed stays as it was typed, also where it is no spec yet.
    this._draft = { ...this._draft, ...partsOf(fixed, defaults.locked) };
    this._examine();
    this._onSizes();
  }

  private _examine(): void {
    this.nameCheck.name = this._draft.name;
    this.check.ask(checkableSpec(this._draft));
    for (const phase of PHASES) {
      this.trials[phase].consider(this._draft.scripts[phase]);
    }
  }

  /** The size that was used last, or else a cheap one, is proposed. */
  private _onSizes(): void {
    const { state } = this._manager.sizes;
    if (this._draft.vmSize === '' && state.status === 'ready') {
      const { lastVmSize } = this._manager.preferences.values;
      const size = proposedSize(state.value.items, lastVmSize);
      if (size !== null) {
        this._draft = { ...this._draft, vmSize: size.name };
        this._examine();
      }
    }
    this._announce();
  }

  private _announce(): void {
    this._revision += 1;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _defaults: Fetched<SpecDefaults> = { status: 'loading' };
  private _draft: IDraft;
  private readonly _given: Partial<IDraft>;
  private _isDisposed = false;
  /** Whether nothing was chosen yet. */
  private _isFresh: boolean;
  private _isSubmitting = false;
  private _operationId: string | null;
  private _refusal: RequestFailure | null = null;
  private _isRefusedLate = false;
  private _revision = 0;
}
