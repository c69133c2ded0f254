/**
 * Plans and runs of cleaning up, as the server tells them; no DOM, no words for people.
 */
import type { CiManagerClient } from '../api/client';
import type {
  CleanupPlan,
  CleanupReport,
  Operation,
  RunCleanup
} from '../api/types';
import type { ICleanupModel } from '../tokens';
import { operationUnderWay } from './operations';
import type { OperationsModel } from './operations';

/**
 * Sends what a person asks for and hands the operation that comes of it to the operations model.
 */
export class CleanupModel implements ICleanupModel {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {}

  get running(): Operation | null {
    return operationUnderWay(this._operations, 'disk.cleanup');
  }

  plan(
    trash: readonly string[] = [],
    signal?: AbortSignal
  ): Promise<CleanupPlan> {
    return this._client.planCleanup(trash, signal ? { signal } : {});
  }

  async run(request: RunCleanup): Promise<Operation> {
    const operation = await this._client.runCleanup(request);
    // Not adopted: the dialog shows its progress, and announces it when it is closed meanwhile.
    this._operations.apply(operation);
    return operation;
  }

  async report(): Promise<CleanupReport | null> {
    const { report } = await this._client.cleanup();
    return report;
  }

  leave(operation: Operation): void {
    this._operations.adopt(operation);
  }
}
