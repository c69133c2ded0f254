/**
 * Looks for a text or a regular expression in a log, on while the log grows; no DOM.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { LogText } from './logText';
import { NUMBERS_PER_MATCH } from './searchPiece';
import { Ended, SearchWorker, TooSlow } from './searchThread';
import type { ISearchThread } from './searchThread';

/** Nobody goes through more one by one. */
const MOST_MATCHES = 100_000;

/**
 * What is searched for.
 */
export interface IQuery {
  readonly text: string;
  readonly isRegex: boolean;
  readonly matchCase: boolean;
}

/**
 * How far a search has come.
 *
 * - `idle`: nothing is searched for.
 * - `invalid`: the regular expression is none; the message is the browser's.
 * - `slow`: the pattern takes too long on some line, so the search was ended there.
 * - `failed`: the browser could not search at all.
 */
export type SearchStatus =
  | { readonly kind: 'idle' | 'searching' | 'done' | 'slow' }
  | { readonly kind: 'invalid' | 'failed'; readonly message: string };

/**
 * A match within a line.
 */
export interface IMatch {
  readonly start: number;
  readonly end: number;
  readonly isCurrent: boolean;
}

const NO_QUERY: IQuery = { text: '', isRegex: false, matchCase: false };

/**
 * A search in one log.
 */
export class LogSearch implements IDisposable {
  constructor(
    private readonly _text: LogText,
    private readonly _thread: ISearchThread = new SearchWorker()
  ) {}

  get query(): IQuery {
    return this._query;
  }

  get status(): SearchStatus {
    return this._status;
  }

  /** How many matches there are so far. */
  get count(): number {
    return this._matches.length / NUMBERS_PER_MATCH;
  }

  /** Whether there are more than are counted. */
  get isCapped(): boolean {
    return this.count >= MOST_MATCHES;
  }

  /** The match a person is at, counted from 0; -1 before the first. */
  get current(): number {
    return this._current;
  }

  /** The line of that match, or null. */
  get currentLine(): number | null {
    return this._current < 0 ? null : this._lineOf(this._current);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._thread.dispose();
    Signal.clearData(this);
  }

  /** Search for something else, from the beginning. */
  start(query: IQuery): void {
    this._query = query;
    this._restart();
  }

  /** The log has grown. */
  more(): void {
    if (this._status.kind === 'done' || this._status.kind === 'searching') {
      void this._run();
    }
  }

  /** The log began anew. */
  again(): void {
    this._restart();
  }

  /**
   * Go to the next match, or the one before, round the ends.
   *
   * @param near - The line that a person sees: where to begin at first.
   */
  step(by: 1 | -1, near: number): void {
    const { count } = this;
    if (count === 0) {
      return;
    }
    if (this._current < 0) {
      const at = this._firstFrom(near);
      this._current = by === 1 ? at % count : (at - 1 + count) % count;
    } else {
      this._current = (this._current + by + count) % count;
    }
    this._changed.emit();
  }

  /** The matches in a line. */
  matchesIn(line: number): readonly IMatch[] {
    const found: IMatch[] = [];
    for (
      let index = this._firstFrom(line);
      index < this.count && this._lineOf(index) === line;
      index += 1
    ) {
      const at = index * NUMBERS_PER_MATCH;
      found.push({
        start: this._matches[at + 1] ?? 0,
        end: this._matches[at + 2] ?? 0,
        isCurrent: index === this._current
      });
    }
    return found;
  }

  /** In which of the equal parts of the lines from `firstLine` to `endLine` there is a match. */
  strip(firstLine: number, endLine: number, parts: number): readonly boolean[] {
    const count = Math.max(1, endLine - firstLine);
    const startOf = (part: number): number =>
      this._firstFrom(firstLine + Math.ceil((part * count) / parts));
    const starts = Array.from({ length: parts + 1 }, (_, part) =>
      startOf(part)
    );
    return Array.from(
      { length: parts },
      (_, part) => (starts[part] ?? 0) < (starts[part + 1] ?? 0)
    );
  }

  private _restart(): void {
    this._round += 1;
    this._thread.dispose();
    this._matches = [];
    this._current = -1;
    this._next = 0;
    if (this._query.text === '') {
      this._publish({ kind: 'idle' });
      return;
    }
    try {
      this._expression = new RegExp(
        this._query.isRegex ? this._query.text : escaped(this._query.text),
        this._query.matchCase ? 'g' : 'gi'
      );
    } catch (reason) {
      if (!(reason instanceof SyntaxError)) {
        throw reason;
      }
      this._publish({ kind: 'invalid', message: reason.message });
      return;
    }
    void this._run();
  }

  private async _run(): Promise<void> {
    if (this._running === this._round) {
      return;
    }
    const round = this._round;
    this._running = round;
    this._publish({ kind: 'searching' });
    try {
      while (await this._searchNext(round)) {
        this._changed.emit();
      }
      if (round === this._round) {
        this._publish({ kind: 'done' });
      }
    } catch (reason) {
      if (round === this._round && !(reason instanceof Ended)) {
        this._publish(
          reason instanceof TooSlow
            ? { kind: 'slow' }
            : { kind: 'failed', message: String(reason) }
        );
      }
    } finally {
      if (this._running === round) {
        this._running = -1;
      }
    }
  }

  /** Search what comes next; false when nothing does. */
  private async _searchNext(round: number): Promise<boolean> {
    const piece = this._text.piece(this._next);
    if (piece === null || this.isCapped || this._isDisposed) {
      return false;
    }
    const matches = await this._thread.search({
      pattern: this._expression.source,
      flags: this._expression.flags,
      bytes: piece.bytes,
      firstLine: piece.firstLine,
      limit: MOST_MATCHES - this.count
    });
    if (round !== this._round) {
      return false;
    }
    // The last line may have been searched before it was complete.
    this._matches.length = this._firstFrom(piece.firstLine) * NUMBERS_PER_MATCH;
    for (const number of matches) {
      this._matches.push(number);
    }
    const { completeEnd } = this._text;
    const isLast = piece.endLine > completeEnd;
    this._next = isLast ? completeEnd : piece.endLine;
    return !isLast;
  }

  private _publish(status: SearchStatus): void {
    this._status = status;
    this._changed.emit();
  }

  private _lineOf(index: number): number {
    return this._matches[index * NUMBERS_PER_MATCH] ?? 0;
  }

  /** The first match in a line or below it. */
  private _firstFrom(line: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this._lineOf(middle) < line) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private readonly _changed = new Signal<this, void>(this);
  private _current = -1;
  private _expression = /(?:)/g;
  private _isDisposed = false;
  private _matches: number[] = [];
  /** The first line that was not searched. */
  private _next = 0;
  private _query: IQuery = NO_QUERY;
  /** Counts the searches: what comes of an earlier one is dropped. */
  private _round = 0;
  private _running = -1;
  private _status: SearchStatus = { kind: 'idle' };
}

/** A text as a regular expression that matches it. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
