/**
 * How full the disks of the server's machine are; fetched while someone watches; no DOM, no words
 * for people.
 */
import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { DiskStatus, ErrorBody, Filesystem } from '../api/types';
import type { DiskState, IDiskModel } from '../tokens';
import { FreshModel } from './freshModel';
import { isActive, operationUnderWay } from './operations';
import type { OperationsModel } from './operations';

/** Disks fill in hours or days: this often is enough. */
const CALM_SECONDS = 30;
/** Someone is about to make room, or the last of it is being used. */
const CRITICAL_SECONDS = 10;
/** Bytes are being freed under the eyes of a person. */
const CLEANUP_SECONDS = 2;

/**
 * Whether something was refused because a disk is full, by our check or by Azure; a dialog asks
 * what to do then.
 */
export function isAboutDisk({ code }: ErrorBody): boolean {
  return code === 'DiskNearlyFull' || code === 'InstanceDiskFull';
}

/** The file system of the OS disk, or null where the server tells of none. */
export function osDisk(status: DiskStatus): Filesystem | null {
  return status.filesystems.find(each => each.roles.includes('os')) ?? null;
}

/**
 * The figures as the server last told them.
 */
export class DiskModel extends FreshModel<DiskState> implements IDiskModel {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {
    super({ status: 'loading' });
    _operations.updated.connect((_, operation) => {
      if (operation.kind === 'disk.cleanup') {
        // The next interval is shorter from its start on; its end has freed what it could.
        const begins = operation.id !== this._cleanupId;
        this._cleanupId = operation.id;
        if (begins || !isActive(operation)) {
          this.freshness.wake();
        }
      }
    });
  }

  /** Whether to fetch by the clock as well, or only when asked or told. */
  set automatic(value: boolean) {
    this.freshness.automatic = value;
  }

  protected override async fetch(): Promise<number> {
    let value: DiskStatus;
    try {
      value = await this._client.disk();
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this.become(
        this.state.status === 'known'
          ? { ...this.state, stale: failure }
          : { status: 'failed', failure }
      );
      throw reason;
    }
    this.become({ status: 'known', value, stale: null });
    if (operationUnderWay(this._operations, 'disk.cleanup') !== null) {
      // Where no events come, this is how its end is noticed.
      await this._operations.refresh();
      return CLEANUP_SECONDS;
    }
    return value.level === 'critical' ? CRITICAL_SECONDS : CALM_SECONDS;
  }

  /** The cleanup that was last heard of. */
  private _cleanupId: string | null = null;
}
