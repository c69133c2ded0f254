/**
 * Reads a log for as long as someone looks, across breaks, each byte once; no DOM, no lines.
 */
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient, LogAddress } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { ILogChunk } from '../api/response';

/** How long the server may wait for news; less than proxies do. */
const WAIT_SECONDS = 25;

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** When to look again for what the server says is not there. */
const REFUSED_RETRY_MS = 15_000;

/**
 * How the reading goes.
 *
 * - `paused`: nobody looks.
 * - `reading`: there is more that was not read yet.
 * - `following`: all was read, and the server is to say when there is more.
 * - `reconnecting`: there is no answer; it is tried again.
 * - `refused`: the server says why it cannot be read; it is tried again now and then.
 */
export type ReaderStatus =
  | { readonly kind: 'paused' | 'reading' | 'following' }
  | {
      readonly kind: 'reconnecting' | 'refused';
      readonly failure: RequestFailure;
    };

/**
 * Where in the log it is.
 */
export interface IPlace {
  /** The next byte to read. */
  readonly offset: number;
  /** Of the log when it was last read. */
  readonly size: number;
}

/**
 * The reader of one log.
 */
export class LogReader implements IDisposable {
  /**
   * @param _keepBytes - Of a log that is longer, the end is read.
   */
  constructor(
    private readonly _client: Pick<CiManagerClient, 'readLog'>,
    readonly address: LogAddress,
    private readonly _keepBytes: number
  ) {}

  get status(): ReaderStatus {
    return this._status;
  }

  get place(): IPlace {
    return this._place;
  }

  /** How many bytes at the beginning of the log were not read, as it is too long. */
  get skippedBytes(): number {
    return this._skippedBytes;
  }

  /** Emitted with each piece, in their order. */
  get read(): ISignal<this, ILogChunk> {
    return this._read;
  }

  get statusChanged(): ISignal<this, void> {
    return this._statusChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._stop?.abort();
      Signal.clearData(this);
    }
  }

  /** Read until the result is disposed. */
  watch(): IDisposable {
    const stop = new AbortController();
    this._stop?.abort();
    this._stop = stop;
    void this._readOn(stop.signal);
    return new DisposableDelegate(() => {
      stop.abort();
    });
  }

  /** Do not wait for the next attempt. */
  retry(): void {
    this._wake?.();
  }

  private get _isAtEnd(): boolean {
    return this._generation !== '' && this._place.offset >= this._place.size;
  }

  private async _readOn(stop: AbortSignal): Promise<void> {
    let attempts = 0;
    this._setStatus({ kind: this._isAtEnd ? 'following' : 'reading' });
    while (!stop.aborted) {
      try {
        await this._readNext(stop);
        attempts = 0;
      } catch (reason) {
        const failure = RequestError.failureOf(reason);
        if (failure.kind !== 'aborted') {
          const isBreak = isTemporary(failure);
          this._setStatus({
            kind: isBreak ? 'reconnecting' : 'refused',
            failure
          });
          await this._sleep(
            isBreak
              ? Math.min(FIRST_RETRY_MS * 2 ** attempts, LAST_RETRY_MS)
              : REFUSED_RETRY_MS,
            stop
          );
          attempts += 1;
        }
      }
    }
    if (this._stop?.signal === stop) {
      this._setStatus({ kind: 'paused' });
    }
  }

  private async _readNext(stop: AbortSignal): Promise<void> {
    const isBroken =
      this._status.kind === 'reconnecting' || this._status.kind === 'refused';
    const isFirst = this._generation === '';
    const chunk = await this._client.readLog(this.address, {
      offset: this._place.offset,
      generation: this._generation,
      // At first and after a break, at once: whether there is an answer is what a person waits for.
      waitSeconds: isBroken || isFirst ? 0 : WAIT_SECONDS,
      signal: stop
    });
    if (stop.aborted) {
      return;
    }
    this._generation = chunk.generation;
    this._place = { offset: chunk.nextOffset, size: chunk.size };
    if (chunk.change !== null) {
      this._skippedBytes = 0;
    }
    if (
      (isFirst || chunk.change !== null) &&
      chunk.size - chunk.offset > this._keepBytes
    ) {
      // Somebody wants to see how it ended; all of it would not fit into the tab.
      this._skippedBytes = chunk.size - this._keepBytes;
      this._place = { offset: this._skippedBytes, size: chunk.size };
      this._emit({ ...chunk, data: new Uint8Array(0) });
    } else {
      this._emit(chunk);
    }
    this._setStatus({ kind: this._isAtEnd ? 'following' : 'reading' });
  }

  private _emit(chunk: ILogChunk): void {
    this._read.emit(chunk);
  }

  private _sleep(milliseconds: number, stop: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        this._wake = null;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      stop.addEventListener('abort', done);
      this._wake = done;
    });
  }

  private _setStatus(status: ReaderStatus): void {
    const last = this._status;
    this._status = status;
    if (last.kind !== status.kind || 'failure' in status) {
      this._statusChanged.emit();
    }
  }

  private _generation = '';
  private _isDisposed = false;
  private _place: IPlace = { offset: 0, size: 0 };
  private readonly _read = new Signal<this, ILogChunk>(this);
  private _skippedBytes = 0;
  private _status: ReaderStatus = { kind: 'paused' };
  private readonly _statusChanged = new Signal<this, void>(this);
  private _stop: AbortController | null = null;
  private _wake: (() => void) | null = null;
}

/** Whether it is likely to pass: a server that restarts, a network that is away, a share that hangs. */
function isTemporary(failure: RequestFailure): boolean {
  switch (failure.kind) {
    case 'unreachable':
    case 'timeout':
    case 'not_json':
    case 'not_installed': // So a hub answers while the server is away.
      return true;
    case 'jupyter':
      return failure.status >= 500;
    case 'refused':
      return failure.error.code === 'LogUnreachable';
    case 'aborted':
      return false;
  }
}
