/**
 * How full the disks of the server's machine are; fetched while someone watches; no DOM, no words
 * for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { DiskStatus, ErrorBody, Filesystem } from '../api/types';
import type { DiskState, IDiskModel } from '../tokens';
import { Freshness } from './freshness';
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
export class DiskModel implements IDiskModel, IDisposable {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {
    this._freshness = new Freshness(() => this._fetch());
    _operations.updated.connect((_, operation) => {
      if (operation.kind === 'disk.cleanup') {
        // The next interval is shorter from its start on; its end has freed what it could.
        const begins = operation.id !== this._cleanupId;
        this._cleanupId = operation.id;
        if (begins || !isActive(operation)) {
          this._freshness.wake();
        }
      }
    });
  }

  get state(): DiskState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._freshness.isDisposed;
  }

  /** Whether to fetch by the clock as well, or only when asked or told. */
  set automatic(value: boolean) {
    this._freshness.automatic = value;
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

  private async _fetch(): Promise<number> {
    let value: DiskStatus;
    try {
      value = await this._client.disk();
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this._become(
        this._state.status === 'known'
          ? { ...this._state, stale: failure }
          : { status: 'failed', failure }
      );
      throw reason;
    }
    this._become({ status: 'known', value, stale: null });
    if (operationUnderWay(this._operations, 'disk.cleanup') !== null) {
      // Where no events come, this is how its end is noticed.
      await this._operations.refresh();
      return CLEANUP_SECONDS;
    }
    return value.level === 'critical' ? CRITICAL_SECONDS : CALM_SECONDS;
  }

  private _become(state: DiskState): void {
    this._state = state;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  /** The cleanup that was last heard of. */
  private _cleanupId: string | null = null;
  private readonly _freshness: Freshness;
  private _state: DiskState = { status: 'loading' };
}
