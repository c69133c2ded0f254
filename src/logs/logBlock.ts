/**
 * A part of a log of about a mebibyte: its bytes, where its lines begin, which are notable, and now
 * and then the style that holds. It knows neither what is before it nor what follows.
 */
import { styleAfter } from './ansi';
import { findSeverities, Severity } from './severity';

const BLOCK_BYTES = 1024 * 1024;

/** Of a line that is longer, the rest is not kept. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Every so many lines the style is kept. */
const CHECKPOINT_LINES = 256;

const NEWLINE = 0x0a;
const ESCAPE = 0x1b;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Whole lines, and at the end one that may still grow. Lines are counted from 0 within the block.
 */
export class Block {
  /**
   * @param firstLine - How many lines are before it.
   * @param styleAtStart - The style that holds at its beginning.
   */
  constructor(
    readonly firstLine: number,
    readonly styleAtStart: string
  ) {
    this._style = styleAtStart;
  }

  /** In bytes. */
  get length(): number {
    return this._length;
  }

  /** With the last one, which may be empty. */
  get lineCount(): number {
    return this._lineCount;
  }

  get isLastLineEmpty(): boolean {
    return this.lastLineLength === 0;
  }

  get lastLineLength(): number {
    return this._length - this._start(this._lineCount - 1);
  }

  /** How many bytes it can take in. */
  get room(): number {
    return Math.max(0, BLOCK_BYTES - this._length);
  }

  get hasEscapes(): boolean {
    return this._hasEscapes;
  }

  /** Take in bytes, not more than there is room for. */
  write(data: Uint8Array): void {
    const end = this._length + data.length;
    this._bytes = grown(this._bytes, this._length, end);
    this._bytes.set(data, this._length);
    for (
      let at = data.indexOf(NEWLINE);
      at !== -1;
      at = data.indexOf(NEWLINE, at + 1)
    ) {
      this._addLine(this._length + at + 1);
    }
    this._hasEscapes ||= data.includes(ESCAPE);
    this._length = end;
    this._scan();
  }

  /** Begin the next block, with the last line of this one, which may still grow. */
  split(): Block {
    const start = this._start(this._lineCount - 1);
    const rest = this._bytes.slice(start, this._length);
    this._length = start;
    this._lineCount -= 1;
    this._bytes = this._bytes.slice(0, start);
    this._starts = this._starts.slice(0, this._lineCount);
    this._severities = this._severities.slice(0, this._lineCount);
    const next = new Block(this.firstLine + this._lineCount, this._style);
    next.write(rest);
    return next;
  }

  /**
   * Drop of the last line what is before the last such byte; false where it has none.
   */
  dropBeforeLast(byte: number): boolean {
    const start = this._start(this._lineCount - 1);
    const at = this._bytes.lastIndexOf(byte, this._length - 1);
    if (at <= start) {
      return false;
    }
    this._bytes.copyWithin(start, at, this._length);
    this._length -= at - start;
    return true;
  }

  /** Keep only so many bytes of the last line. */
  cutLastLine(bytes: number): void {
    this._length = Math.min(
      this._length,
      this._start(this._lineCount - 1) + bytes
    );
  }

  /** Lines as text, with line ends between them. */
  text(index: number, count: number): string {
    const bytes = this.bytes(index, count);
    const ends = bytes[bytes.length - 1] === NEWLINE;
    return decoder.decode(ends ? bytes.subarray(0, -1) : bytes);
  }

  /** Lines as bytes, with their ends; a view that the next `write` may outdate. */
  bytes(index: number, count: number): Uint8Array {
    const last = index + count;
    return this._bytes.subarray(
      this._start(index),
      last < this._lineCount ? this._start(last) : this._length
    );
  }

  severity(index: number): Severity {
    return (this._severities[index] ?? Severity.none) as Severity;
  }

  /** All notable lines. */
  eachNotable(visit: (index: number, severity: Severity) => void): void {
    for (const index of this._notable) {
      visit(index, this.severity(index));
    }
  }

  /** The nearest line of a severity, from one on that may be outside; null where there is none. */
  nearestNotable(
    from: number,
    step: 1 | -1,
    severity: Severity
  ): number | null {
    const isWanted = (index: number): boolean =>
      (step === 1 ? index >= from : index <= from) &&
      this.severity(index) >= severity;
    const found =
      step === 1
        ? this._notable.find(isWanted)
        : [...this._notable].reverse().find(isWanted);
    return found ?? null;
  }

  /** The nearest line at or above one of which the style at its start is kept. */
  checkpoint(index: number): {
    readonly index: number;
    readonly style: string;
  } {
    const at = Math.min(
      Math.floor(index / CHECKPOINT_LINES),
      this._checkpoints.length - 1
    );
    return at < 0
      ? { index: 0, style: this.styleAtStart }
      : {
          index: at * CHECKPOINT_LINES,
          style: this._checkpoints[at] ?? this.styleAtStart
        };
  }

  private _addLine(start: number): void {
    if (this._lineCount === this._starts.length) {
      this._starts = grown(this._starts, this._lineCount, this._lineCount + 1);
      this._severities = grown(
        this._severities,
        this._lineCount,
        this._starts.length
      );
    }
    this._starts[this._lineCount] = start;
    this._lineCount += 1;
  }

  private _start(index: number): number {
    return this._starts[index] ?? this._length;
  }

  /** Look once at each line that is complete. */
  private _scan(): void {
    const end = this._lineCount - 1;
    if (end === this._scanned) {
      return;
    }
    const first = this._scanned;
    findSeverities(this.text(first, end - first), (line, severity) => {
      const index = first + line;
      if (this._severities[index] === Severity.none) {
        this._notable.push(index);
      }
      this._severities[index] = severity;
    });
    let at = first;
    while (at < end) {
      if (at % CHECKPOINT_LINES === 0) {
        this._checkpoints.push(this._style);
      }
      const next = Math.min(
        end,
        at - (at % CHECKPOINT_LINES) + CHECKPOINT_LINES
      );
      if (this._hasEscapes) {
        this._style = styleAfter(this._style, this.text(at, next - at));
      }
      at = next;
    }
    this._scanned = end;
  }

  private _bytes = new Uint8Array(0);
  private readonly _checkpoints: string[] = [];
  private _hasEscapes = false;
  private _length = 0;
  private _lineCount = 1;
  private readonly _notable: number[] = [];
  private _scanned = 0;
  private _severities = new Uint8Array(1);
  private _starts = new Uint32Array(1);
  /** The style at the start of the first line that was not looked at. */
  private _style: string;
}

/** An array with room for so many numbers; it doubles, so that growing is rare. */
function grown<T extends Uint8Array | Uint32Array>(
  array: T,
  used: number,
  needed: number
): T {
  if (needed <= array.length) {
    return array;
  }
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(needed, array.length * 2, 64)
  );
  larger.set(array.subarray(0, used));
  return larger;
}
