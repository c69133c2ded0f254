/**
 * A log as it is looked at: what was read of it, where a person is, and what is known of it; no DOM.
 */
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient, LogAddress } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { ILogChunk } from '../api/response';
import type { LogDiagnosis, LogFile, LogList } from '../api/types';
import { ArrivalTimes } from './arrivalTimes';
import { LogReader } from './logReader';
import { LogText } from './logText';
import { LogSearch } from './search';
import type { ISearchThread } from './searchThread';
import { Severity } from './severity';

/** What a tab keeps of a log. */
const KEEP_BYTES = 96 * 1024 * 1024;

/** How often to look for a log where there is none yet. */
const LOOK_AGAIN_MS = 5000;

/** After the last news, when to ask what the log comes to. */
const DIAGNOSE_AFTER_MS = 1500;

/**
 * Which log is shown: with `log` null, the newest of the instance, as soon as there is one.
 */
export type LogTarget =
  | {
      readonly kind: 'instance';
      readonly name: string;
      readonly log: string | null;
    }
  | { readonly kind: 'operation'; readonly id: string };

/**
 * That what was read is not there any more.
 */
export interface ILogChange {
  readonly kind: 'truncated' | 'replaced';
  readonly at: number;
}

/**
 * One log, and a person's place in it.
 */
export class LogDocument implements IDisposable {
  constructor(
    private readonly _client: CiManagerClient,
    readonly target: LogTarget,
    thread?: ISearchThread
  ) {
    this.text = new LogText(KEEP_BYTES);
    this.search = new LogSearch(this.text, thread);
    const address = addressOf(target);
    if (address !== null) {
      this._open(address);
    }
  }

  readonly text: LogText;
  readonly search: LogSearch;
  readonly arrivals = new ArrivalTimes();

  /** Grows with whatever changes. */
  get revision(): number {
    return this._revision;
  }

  /** Grows when the log begins anew. */
  get epoch(): number {
    return this._epoch;
  }

  /** Null before it is known which log it is. */
  get reader(): LogReader | null {
    return this._reader;
  }

  /** Where it is read; null before it is known which log it is. */
  get address(): LogAddress | null {
    return this._reader?.address ?? null;
  }

  /** The log's id, or null before it is known, and for operations. */
  get log(): string | null {
    return this._log;
  }

  /** All logs of the instance, or null before they are known. */
  get list(): LogList | null {
    return this._list;
  }

  /** Why they are not known, or null. */
  get listFailure(): RequestFailure | null {
    return this._listFailure;
  }

  /** What the list says of the log. */
  get file(): LogFile | null {
    return this._list?.items.find(each => each.id === this._log) ?? null;
  }

  get diagnosis(): LogDiagnosis | null {
    return this._diagnosis;
  }

  /** The last time that it began anew, or null. */
  get change(): ILogChange | null {
    return this._change;
  }

  /** Whether the newest lines are kept in sight. */
  get isFollowing(): boolean {
    return this._isFollowing;
  }

  set isFollowing(value: boolean) {
    if (this._isFollowing !== value) {
      this._isFollowing = value;
      this._emit();
    }
  }

  /** The line that a person has picked, counted from 0, or null. */
  get selected(): number | null {
    return this._selected;
  }

  /** Grows each time that a line is to be brought into sight. */
  get reveals(): number {
    return this._reveals;
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
      clearTimeout(this._diagnosing);
      this._stop?.abort();
      this._reader?.dispose();
      this.search.dispose();
      Signal.clearData(this);
    }
  }

  /** Keep it current until the result is disposed. */
  watch(): IDisposable {
    const stop = new AbortController();
    this._stop = stop;
    void this._lookOn(stop.signal);
    let reading = this._reader?.watch() ?? null;
    this._start = reader => {
      reading = reader.watch();
    };
    return new DisposableDelegate(() => {
      this._start = null;
      stop.abort();
      reading?.dispose();
    });
  }

  /** Ask again, now, for what could not be had. */
  retry(): void {
    this._reader?.retry();
    this._lookAgain?.();
  }

  /** Pick a line, counted from 0, and bring it into sight, as soon as it was read. */
  goTo(line: number): void {
    this._isFollowing = false;
    this._selected = line;
    this._reveals += 1;
    this._emit();
  }

  /** Pick a line, or none. */
  select(line: number | null): void {
    this._selected = line;
    this._emit();
  }

  /** The next line that looks like an error, round the end; null where there is none. */
  nextError(step: 1 | -1, from: number): number | null {
    const { text } = this;
    return (
      text.findSeverity(from + step, step, Severity.error) ??
      text.findSeverity(
        step === 1 ? text.firstLine : text.endLine - 1,
        step,
        Severity.error
      )
    );
  }

  /** The first line that says what went wrong: the server's word, else what looks like it. */
  get firstError(): number | null {
    const said = this._diagnosis?.first_error_line ?? null;
    return said !== null && this._reader?.skippedBytes === 0
      ? said - 1
      : this.text.findSeverity(this.text.firstLine, 1, Severity.error);
  }

  /** Do not tell any more that it began anew. */
  dismissChange(): void {
    this._change = null;
    this._emit();
  }

  private _open(address: LogAddress): void {
    const reader = new LogReader(this._client, address, KEEP_BYTES);
    this._reader = reader;
    this._log = address.kind === 'instance' ? address.log : null;
    reader.read.connect(this._onRead, this);
    reader.statusChanged.connect(this._onStatus, this);
    this._start?.(reader);
  }

  /** Ask which logs there are, until there is the one that is meant. */
  private async _lookOn(stop: AbortSignal): Promise<void> {
    const { target } = this;
    if (target.kind === 'operation') {
      return;
    }
    while (!stop.aborted) {
      try {
        this._list = await this._client.logs(target.name, { signal: stop });
        this._listFailure = null;
      } catch (reason) {
        const failure = RequestError.failureOf(reason);
        if (failure.kind === 'aborted') {
          return;
        }
        this._listFailure = failure;
      }
      const newest = this._list?.items[0];
      if (this._reader === null && newest !== undefined) {
        this._open({ kind: 'instance', name: target.name, log: newest.id });
      }
      this._emit();
      if (this._reader !== null && this._list !== null) {
        return;
      }
      await this._untilNextLook(stop);
    }
  }

  private _untilNextLook(stop: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = (): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', done);
        this._lookAgain = null;
        resolve();
      };
      const timer = setTimeout(done, LOOK_AGAIN_MS);
      stop.addEventListener('abort', done);
      this._lookAgain = done;
    });
  }

  private _onRead(reader: LogReader, chunk: ILogChunk): void {
    if (chunk.change !== null) {
      this.text.clear();
      this.arrivals.clear();
      this._change = { kind: chunk.change, at: Date.now() };
      this._selected = null;
      this._diagnosis = null;
      this._epoch += 1;
      this._isLive = false;
      this.search.again();
    }
    if (chunk.data.length > 0) {
      if (this._isLive) {
        this.arrivals.note(
          this.text.completeEnd,
          chunk.data.length,
          Date.now()
        );
      }
      this.text.append(chunk.data);
      this.search.more();
      this._diagnoseSoon();
    }
    const { offset, size } = reader.place;
    this._isLive ||= offset >= size;
    this._emit();
  }

  private _onStatus(): void {
    this._emit();
  }

  private _diagnoseSoon(): void {
    clearTimeout(this._diagnosing);
    this._diagnosing = setTimeout(() => {
      void this._diagnose();
    }, DIAGNOSE_AFTER_MS);
  }

  private async _diagnose(): Promise<void> {
    const { target } = this;
    const stop = this._stop?.signal;
    if (
      target.kind === 'operation' ||
      this._log === null ||
      stop === undefined ||
      stop.aborted
    ) {
      return;
    }
    try {
      this._diagnosis = await this._client.logDiagnosis(
        target.name,
        this._log,
        { signal: stop }
      );
    } catch (reason) {
      // The log itself can be read all the same; if not, the reader tells why.
      RequestError.failureOf(reason);
      return;
    }
    this._emit();
  }

  private _emit(): void {
    this._revision += 1;
    this._changed.emit();
  }

  private _change: ILogChange | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private _diagnosing: ReturnType<typeof setTimeout> | undefined;
  private _diagnosis: LogDiagnosis | null = null;
  private _epoch = 0;
  private _isDisposed = false;
  private _isFollowing = true;
  /** Whether all there was has been read once: what comes now was just written. */
  private _isLive = false;
  private _list: LogList | null = null;
  private _listFailure: RequestFailure | null = null;
  private _log: string | null = null;
  private _lookAgain: (() => void) | null = null;
  private _reader: LogReader | null = null;
  private _reveals = 0;
  private _revision = 0;
  private _selected: number | null = null;
  private _start: ((reader: LogReader) => void) | null = null;
  private _stop: AbortController | null = null;
}

function addressOf(target: LogTarget): LogAddress | null {
  if (target.kind === 'operation') {
    return target;
  }
  const { name, log } = target;
  return log === null ? null : { kind: 'instance', name, log };
}
