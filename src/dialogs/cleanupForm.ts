/**
 * Cleaning up from the plan to the last step: what can be removed, what is chosen, how it went;
 * no DOM.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type {
  CleanupPlan,
  CleanupReport,
  CleanupStep,
  CleanupStepResult,
  Operation
} from '../api/types';
import { Coalescer } from '../model/coalescer';
import { isActive } from '../model/operations';
import type { ICleanupModel, IOperationsModel } from '../tokens';
import type { ISubmittable } from './submitDialog';

/**
 * How far it is.
 *
 * - `planning`: the server looks for what could be removed.
 * - `failed`: there is no plan, or it was refused; `failure` says why.
 * - `choosing`: a person reads the plan, perhaps with the report of a dry run.
 * - `running`: the chosen steps are carried out.
 * - `done`: they are, well or not: the report says which.
 */
export type CleanupPhase =
  'planning' | 'failed' | 'choosing' | 'running' | 'done';

/**
 * What it needs of the model.
 */
export interface ICleanupFormOptions {
  readonly cleanup: ICleanupModel;
  readonly operations: IOperationsModel;
  readonly trans: TranslationBundle;
  /** URIs of what is to be moved to the trash; none means: what known tools can clean. */
  readonly trash?: readonly string[];
}

/**
 * Whether a step is chosen before anyone has chosen: what is fetched again by itself is, and what a
 * person pointed at. What is lost for good, or takes long to come back, is not.
 */
export function isChosenAtFirst(step: CleanupStep): boolean {
  if (step.kind === 'move_to_trash') {
    // Also an empty file: a person pointed at it.
    return step.available;
  }
  const harmless =
    step.kind === 'conda_clean' ||
    step.kind === 'embedded_packages' ||
    step.kind === 'pip_cache_purge';
  return step.available && harmless && step.bytes !== 0;
}

/**
 * The form of the cleanup dialog.
 */
export class CleanupForm implements ISubmittable, IDisposable {
  constructor(private readonly _options: ICleanupFormOptions) {
    const { operations } = _options;
    operations.updated.connect(this._onUpdated, this);
  }

  get phase(): CleanupPhase {
    return this._phase;
  }

  get plan(): CleanupPlan | null {
    return this._plan;
  }

  /** Ids of the steps that are chosen. */
  get chosen(): ReadonlySet<string> {
    return this._chosen;
  }

  get dryRun(): boolean {
    return this._dryRun;
  }
  set dryRun(value: boolean) {
    this._dryRun = value;
    this._changed.emit();
  }

  /** The operation that carries the steps out, or did; null before. */
  get operation(): Operation | null {
    return this._operation;
  }

  /** How the steps went so far, or null. */
  get report(): CleanupReport | null {
    return this._report;
  }

  /** Why there is no plan, or why it was refused; null where all went well. */
  get failure(): RequestFailure | null {
    return this._failure;
  }

  /** Whether this is about files that a person pointed at. */
  get isTrash(): boolean {
    return (this._options.trash ?? []).length > 0;
  }

  get isReady(): boolean {
    return (
      this._phase === 'done' ||
      (this._phase === 'choosing' && this._chosen.size > 0)
    );
  }

  get isDone(): boolean {
    return this._phase === 'done';
  }

  get submitLabel(): string {
    const { trans } = this._options;
    switch (this._phase) {
      case 'running':
        return this._dryRun ? trans.__('Checking…') : trans.__('Cleaning up…');
      case 'done':
        return trans.__('Done');
      case 'planning':
      case 'failed':
      case 'choosing':
        if (this._dryRun) {
          return trans.__('Try it out');
        }
        return this.isTrash ? trans.__('Move to trash') : trans.__('Clean up');
    }
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.operations.updated.disconnect(this._onUpdated, this);
    if (this._operation !== null && isActive(this._operation)) {
      this._options.cleanup.leave(this._operation);
    }
    Signal.clearData(this);
  }

  /** The result of a step, or null before there is one. */
  resultOf(step: CleanupStep): CleanupStepResult | null {
    return this._report?.results.find(each => each.id === step.id) ?? null;
  }

  /** Whether a step has removed something, as far as is known. */
  get hasRemoved(): boolean {
    return (
      this._report?.dry_run === false &&
      this._report.results.some(
        ({ state, bytes_freed: bytes }) => state === 'succeeded' || bytes > 0
      )
    );
  }

  /** What the chosen steps free, and how many of them only running tells. */
  get total(): { readonly bytes: number; readonly unknown: number } {
    const chosen = (this._plan?.steps ?? []).filter(step =>
      this._chosen.has(step.id)
    );
    return {
      bytes: chosen.reduce((sum, step) => sum + (step.bytes ?? 0), 0),
      unknown: chosen.filter(step => step.bytes === null).length
    };
  }

  choose(id: string, chosen: boolean): void {
    const all = new Set(this._chosen);
    if (chosen) {
      all.add(id);
    } else {
      all.delete(id);
    }
    this._chosen = all;
    this._changed.emit();
  }

  /** Ask what could be removed, for the first time or anew. */
  async makePlan(): Promise<void> {
    this._become('planning');
    try {
      const plan = await this._options.cleanup.plan(this._options.trash);
      this._plan = plan;
      this._chosen = new Set(
        plan.steps.filter(isChosenAtFirst).map(step => step.id)
      );
      this._report = null;
      this._failure = null;
      this._become('choosing');
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._become('failed');
    }
  }

  /** Carry out the chosen steps; the dialog stays until they are done. */
  async submit(): Promise<boolean> {
    if (this._phase !== 'choosing' || this._plan === null) {
      return this._phase === 'done';
    }
    const { id: planId, steps } = this._plan;
    this._report = null;
    this._become('running');
    try {
      const operation = await this._options.cleanup.run({
        plan_id: planId,
        steps: steps.map(({ id }) => id).filter(id => this._chosen.has(id)),
        dry_run: this._dryRun
      });
      this._follow(operation);
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._become('failed');
    }
    return false;
  }

  /** Stop the steps under way; what is freed by then stays so. */
  async cancel(): Promise<void> {
    if (this._operation === null) {
      return;
    }
    try {
      await this._options.operations.dismiss(this._operation.id);
    } catch (reason) {
      this._failure = RequestError.failureOf(reason);
      this._changed.emit();
    }
  }

  private _follow(operation: Operation): void {
    // Its events may have come before the answer to the request.
    const known = this._options.operations.items.find(
      each => each.id === operation.id
    );
    this._operation = known ?? operation;
    this._changed.emit();
    void this._reports.run();
  }

  private _onUpdated(_: unknown, operation: Operation): void {
    if (operation.id === this._operation?.id) {
      this._operation = operation;
      this._changed.emit();
      void this._reports.run();
    }
  }

  private async _fetchReport(): Promise<void> {
    const operation = this._operation;
    if (operation === null || this._isDisposed) {
      return;
    }
    const ended = !isActive(operation);
    try {
      const report = await this._options.cleanup.report();
      if (report?.operation_id === operation.id) {
        this._report = report;
      }
    } catch (reason) {
      // While it runs the next event asks again.
      if (ended) {
        this._failure = RequestError.failureOf(reason);
      }
    }
    if (ended && this._phase === 'running') {
      this._become(this._dryRun ? 'choosing' : 'done');
    } else {
      this._changed.emit();
    }
  }

  private _become(phase: CleanupPhase): void {
    this._phase = phase;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _chosen: ReadonlySet<string> = new Set();
  private _dryRun = false;
  private _failure: RequestFailure | null = null;
  private _isDisposed = false;
  private _operation: Operation | null = null;
  private _phase: CleanupPhase = 'planning';
  private _plan: CleanupPlan | null = null;
  private _report: CleanupReport | null = null;
  private readonly _reports = new Coalescer(() => this._fetchReport());
}
