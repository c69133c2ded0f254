/**
 * What fills the disk, by the newest scan, and the scan under way; no DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { Operation, StartScan } from '../api/types';
import type { IScanModel, ScanState } from '../tokens';
import { Freshness } from './freshness';
import { isActive, operationUnderWay } from './operations';
import type { OperationsModel } from './operations';

/** Another tab may have scanned, and its event may have been missed. */
const CALM_SECONDS = 60;
/** Events tell the progress; this is for where none come. */
const RUNNING_SECONDS = 1;

/**
 * The newest scan as the server last told it.
 */
export class ScanModel implements IScanModel, IDisposable {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {
    this._freshness = new Freshness(() => this._fetch());
    _operations.updated.connect((_, operation) => {
      if (operation.kind === 'disk.scan' && !isActive(operation)) {
        this._freshness.wake();
      }
    });
    _operations.changed.connect(() => {
      const running = operationUnderWay(_operations, 'disk.scan');
      if (running !== this._running) {
        this._running = running;
        this._changed.emit();
      }
    });
  }

  get state(): ScanState {
    return this._state;
  }

  get running(): Operation | null {
    return this._running;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._freshness.isDisposed;
  }

  dispose(): void {
    this._freshness.dispose();
  }

  watch(): IDisposable {
    return this._freshness.watch();
  }

  async refresh(): Promise<void> {
    try {
      await this._freshness.refresh();
    } catch (reason) {
      // It is a state of this model by now, which the views show.
      RequestError.failureOf(reason);
    }
  }

  async start(request: Partial<StartScan> = {}): Promise<Operation> {
    const operation = await this._client.startScan({
      root: null,
      anew: false,
      ...request
    });
    // Not adopted: who starts one looks at its progress, and needs no notification of it.
    this._operations.apply(operation);
    this._freshness.wake();
    return operation;
  }

  async cancel(): Promise<void> {
    if (this._running !== null) {
      await this._operations.dismiss(this._running.id);
    }
  }

  private async _fetch(): Promise<number> {
    try {
      const value = await this._client.scan();
      this._become({ status: 'known', value });
      if (value.operation_id === null && this._running === null) {
        return CALM_SECONDS;
      }
    } catch (reason) {
      // A result that is known stays: the next answer replaces it.
      if (this._state.status !== 'known') {
        const failure = RequestError.failureOf(reason);
        this._become({ status: 'failed', failure });
      }
      throw reason;
    }
    await this._operations.refresh();
    return RUNNING_SECONDS;
  }

  private _become(state: ScanState): void {
    const before = this._state;
    this._state =
      before.status === 'known' &&
      state.status === 'known' &&
      before.value.result?.ended_at === state.value.result?.ended_at
        ? // The same tree, so that what is drawn of it stays as it is.
          {
            status: 'known',
            value: { ...before.value, operation_id: state.value.operation_id }
          }
        : state;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _freshness: Freshness;
  private _running: Operation | null = null;
  private _state: ScanState = { status: 'loading' };
}
