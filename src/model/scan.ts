/**
 * What fills the disk, by the newest scan, and the scan under way; no DOM, no words for people.
 */
import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { Operation, StartScan } from '../api/types';
import type { IScanModel, ScanState } from '../tokens';
import { FreshModel } from './freshModel';
import { isActive, operationUnderWay } from './operations';
import type { OperationsModel } from './operations';

/** Another tab may have scanned, and its event may have been missed. */
const CALM_SECONDS = 60;
/** Events tell the progress; this is for where none come. */
const RUNNING_SECONDS = 1;

/**
 * The newest scan as the server last told it.
 */
export class ScanModel extends FreshModel<ScanState> implements IScanModel {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {
    super({ status: 'loading' });
    _operations.updated.connect((_, operation) => {
      if (operation.kind === 'disk.scan' && !isActive(operation)) {
        this.freshness.wake();
      }
    });
    _operations.changed.connect(() => {
      const running = operationUnderWay(_operations, 'disk.scan');
      if (running !== this._running) {
        this._running = running;
        this.announce();
      }
    });
  }

  get running(): Operation | null {
    return this._running;
  }

  async start(request: Partial<StartScan> = {}): Promise<Operation> {
    const operation = await this._client.startScan({
      root: null,
      anew: false,
      ...request
    });
    // Not adopted: who starts one looks at its progress, and needs no notification of it.
    this._operations.apply(operation);
    this.freshness.wake();
    return operation;
  }

  async cancel(): Promise<void> {
    if (this._running !== null) {
      await this._operations.dismiss(this._running.id);
    }
  }

  protected override async fetch(): Promise<number> {
    try {
      const value = await this._client.scan();
      this.become({ status: 'known', value });
      if (value.operation_id === null && this._running === null) {
        return CALM_SECONDS;
      }
    } catch (reason) {
      // A result that is known stays: the next answer replaces it.
      if (this.state.status !== 'known') {
        const failure = RequestError.failureOf(reason);
        this.become({ status: 'failed', failure });
      }
      throw reason;
    }
    await this._operations.refresh();
    return RUNNING_SECONDS;
  }

  protected override become(state: ScanState): void {
    const before = this.state;
    super.become(
      before.status === 'known' &&
        state.status === 'known' &&
        before.value.result?.ended_at === state.value.result?.ended_at
        ? // The same tree, so that what is drawn of it stays as it is.
          {
            status: 'known',
            value: { ...before.value, operation_id: state.value.operation_id }
          }
        : state
    );
  }

  private _running: Operation | null = null;
}
