/**
 * The way to a new environment: where a person is on it, what is chosen, what comes of it. It can be
 * written down and taken up again. No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { EnvironmentList, Operation } from '../api/types';
import type { ICiManager } from '../tokens';
import { EMPTY_DRAFT, problemsOf, requestOf, STEPS } from './draft';
import type { DraftProblem, IDraft, Step } from './draft';
import { Planning } from './planning';

/** What of a wizard survives a reload of the page. */
export interface IWizardMemory {
  readonly draft: IDraft;
  readonly step: Step;
  /** The operation that makes the environment, once it has begun. */
  readonly operation: string | null;
}

/** Longer contents of files are not written down: the layout of the page is no place for them. */
const REMEMBERED_CHARACTERS = 100_000;

/**
 * One wizard.
 */
export class Wizard implements IDisposable {
  constructor(
    private readonly _manager: ICiManager,
    memory: Partial<IWizardMemory> = {}
  ) {
    this._draft = { ...EMPTY_DRAFT, ...memory.draft };
    this._step = memory.step ?? 'source';
    this._operationId = memory.operation ?? null;
    this.planning = new Planning(_manager);
    _manager.environments.changed.connect(this._onListed, this);
    if (this._step === 'review' && this._operationId === null) {
      this._plan();
    }
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

  get draft(): IDraft {
    return this._draft;
  }

  get step(): Step {
    return this._step;
  }

  /** The furthest step that can be shown: all before it are complete. */
  get reach(): Step {
    return this.problems[0]?.step ?? 'review';
  }

  /** What is missing or wrong. */
  get problems(): readonly DraftProblem[] {
    return problemsOf(this._draft, this.list);
  }

  /** The environments that there are, or null before they are known. */
  get list(): EnvironmentList | null {
    const { state } = this._manager.environments;
    return state.status === 'known' ? state.value : null;
  }

  /** The id of the operation that makes the environment, or null before it has begun. */
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

  /** Why the server did not begin, or null. */
  get refusal(): RequestFailure | null {
    return this._refusal;
  }

  /** Whether it is being asked to begin. */
  get isSubmitting(): boolean {
    return this._isSubmitting;
  }

  get memory(): IWizardMemory {
    const { file } = this._draft;
    const isLong = (file?.content?.length ?? 0) > REMEMBERED_CHARACTERS;
    return {
      draft: isLong ? { ...this._draft, file: null } : this._draft,
      step: this._step,
      operation: this._operationId
    };
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._manager.environments.changed.disconnect(this._onListed, this);
      this.planning.dispose();
      Signal.clearData(this);
    }
  }

  /** Choose something. */
  choose(change: Partial<IDraft>): void {
    this._draft = { ...this._draft, ...change };
    this._refusal = null;
    this.planning.reset();
    this._announce();
  }

  /** Show a step, if those before it are complete. */
  go(step: Step): void {
    if (this._isSubmitting || STEPS.indexOf(step) > STEPS.indexOf(this.reach)) {
      return;
    }
    this._step = step;
    this._announce();
    if (step === 'review' && this.planning.state.status === 'none') {
      this._plan();
    }
  }

  /** One step on or back. */
  move(by: 1 | -1): void {
    const step = STEPS[STEPS.indexOf(this._step) + by];
    if (step !== undefined) {
      this.go(step);
    }
  }

  /** Work the plan out again. */
  replan(): void {
    this._plan();
  }

  /** Begin. */
  async create(): Promise<void> {
    if (this._isSubmitting || this.problems.length > 0) {
      return;
    }
    this._isSubmitting = true;
    this._refusal = null;
    this._announce();
    try {
      const { id } = await this._manager.environmentWork.create(
        requestOf(this._draft)
      );
      this._operationId = id;
    } catch (reason) {
      this._refusal = RequestError.failureOf(reason);
    } finally {
      this._isSubmitting = false;
      this._announce();
    }
  }

  /** Go back to a step after what was begun has failed or was cancelled. */
  again(step: Step): void {
    this._operationId = null;
    this._step = step;
    this.planning.reset();
    this._announce();
    if (step === 'review') {
      this._plan();
    }
  }

  private _announce(): void {
    this._revision += 1;
    this._changed.emit();
  }

  private _plan(): void {
    void this.planning.ask({
      create: requestOf(this._draft),
      environment_id: null,
      change: null
    });
  }

  /** What is taken, and where it goes, depends on the list. */
  private _onListed(): void {
    this._announce();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _draft: IDraft;
  private _isDisposed = false;
  private _isSubmitting = false;
  private _operationId: string | null;
  private _refusal: RequestFailure | null = null;
  private _revision = 0;
  private _step: Step;
}
