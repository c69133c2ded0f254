/**
 * Working out what creating or changing comes to: asks, follows the operation, fetches the plan.
 * No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type {
  EnvironmentPlan,
  ErrorBody,
  Operation,
  PlanEnvironment
} from '../api/types';
import { isActive } from '../model/operations';
import type { ICiManager } from '../tokens';

/** How far the working out is. */
export type PlanState =
  | { readonly status: 'none' }
  | { readonly status: 'solving'; readonly operation: Operation | null }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | {
      readonly status: 'ready';
      readonly plan: EnvironmentPlan;
      /** How long the solver took, or null where the server does not say. */
      readonly seconds: number | null;
    };

/** Where an operation ends without a word of its own. */
const NO_WORD: Omit<ErrorBody, 'code' | 'message'> = {
  hint: null,
  details: null,
  request_id: null
};

/**
 * One plan at a time; a newer question drops the one before.
 */
export class Planning implements IDisposable {
  constructor(
    private readonly _manager: Pick<
      ICiManager,
      'client' | 'environmentWork' | 'operations'
    >
  ) {
    _manager.operations.updated.connect(this._onUpdated, this);
  }

  get state(): PlanState {
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
      this._manager.operations.updated.disconnect(this._onUpdated, this);
      this.reset();
      Signal.clearData(this);
    }
  }

  /** Work out something else. */
  async ask(request: PlanEnvironment): Promise<void> {
    this.reset();
    const question = this._question;
    this._become({ status: 'solving', operation: null });
    try {
      const operation = await this._manager.environmentWork.plan(request);
      if (question !== this._question) {
        this._abandon(operation);
        return;
      }
      // An event may have told its end before the answer to the request was read.
      const newest = this._manager.operations.items.find(
        each => each.id === operation.id
      );
      await this._follow(newest ?? operation);
    } catch (reason) {
      this._fail(question, reason);
    }
  }

  /** Forget what was worked out, and cancel what is under way. */
  reset(): void {
    this._question += 1;
    const { state } = this;
    if (state.status === 'solving' && state.operation !== null) {
      this._abandon(state.operation);
    }
    this._become({ status: 'none' });
  }

  private _onUpdated(_: unknown, operation: Operation): void {
    const { state } = this;
    if (state.status === 'solving' && state.operation?.id === operation.id) {
      void this._follow(operation);
    }
  }

  private async _follow(operation: Operation): Promise<void> {
    if (isActive(operation)) {
      this._become({ status: 'solving', operation });
      return;
    }
    const question = this._question;
    if (operation.state !== 'succeeded') {
      const { error, message, state } = operation;
      this._become({
        status: 'failed',
        failure: {
          kind: 'refused',
          error: error ?? { ...NO_WORD, code: state, message }
        }
      });
      return;
    }
    try {
      const plan = await this._manager.client.environments.planned(
        operation.id
      );
      if (question === this._question) {
        this._become({ status: 'ready', plan, seconds: secondsOf(operation) });
      }
    } catch (reason) {
      this._fail(question, reason);
    }
  }

  private _fail(question: number, reason: unknown): void {
    const failure = RequestError.failureOf(reason);
    if (question === this._question) {
      this._become({ status: 'failed', failure });
    }
  }

  /** Nobody waits for it any more; whether it could be cancelled matters to nobody either. */
  private _abandon({ id }: Operation): void {
    this._manager.operations.dismiss(id).catch((reason: unknown) => {
      RequestError.failureOf(reason);
    });
  }

  private _become(state: PlanState): void {
    this._state = state;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  /** Counts what was asked. */
  private _question = 0;
  private _state: PlanState = { status: 'none' };
}

function secondsOf({
  started_at: start,
  ended_at: end
}: Operation): number | null {
  return start === null || end === null
    ? null
    : (Date.parse(end) - Date.parse(start)) / 1000;
}
