/**
 * The bytes of a log that are kept in this tab, and where its lines are; no DOM, no network.
 */
import { PLAIN, spansOf, styleAfter } from './ansi';
import type { ISpan } from './ansi';
import { Block, MAX_LINE_BYTES } from './logBlock';
import { plainText } from './lineText';
import { Severity } from './severity';

/** Styles at the starts of lines that were drawn lately. */
const KEEP_STYLES = 4096;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Lines are counted from 0, from the beginning of what was read.
 *
 * #### Notes
 * Lines are bytes in a few large arrays, and numbers that say where they begin: a million of them are
 * not a million objects. Text and colours are made of them for the lines that are drawn.
 */
export class LogText {
  /**
   * @param _keepBytes - Beyond this the oldest lines are let go of: a tab has other things to keep.
   */
  constructor(private readonly _keepBytes: number) {}

  /** The first line that is kept. */
  get firstLine(): number {
    return this._blocks[0]?.firstLine ?? 0;
  }

  /** Behind the last line. */
  get endLine(): number {
    const { _tail: tail } = this;
    return tail.firstLine + tail.lineCount - (tail.isLastLineEmpty ? 1 : 0);
  }

  /** How many lines are complete: the rest of the last one may be still to come. */
  get completeEnd(): number {
    return this._tail.firstLine + this._tail.lineCount - 1;
  }

  /** Bytes that are kept. */
  get byteLength(): number {
    return this._byteLength;
  }

  /** Take in what follows. */
  append(data: Uint8Array): void {
    let rest = data;
    while (rest.length > 0) {
      rest = this._isSkipping ? this._skip(rest) : this._write(rest);
    }
    this._forgetOldest();
    this._styles.delete(this.endLine - 1);
  }

  /** Forget everything. */
  clear(): void {
    this._blocks = [new Block(0, PLAIN)];
    this._byteLength = 0;
    this._isSkipping = false;
    this._styles.clear();
  }

  /** A line as it was written, without its end; empty where it is not kept. */
  raw(line: number): string {
    const block = this._blockOf(line);
    return block?.text(line - block.firstLine, 1) ?? '';
  }

  /** A line as it is drawn. */
  spans(line: number): readonly ISpan[] {
    return spansOf(this.raw(line), this._styleAt(line));
  }

  severity(line: number): Severity {
    const block = this._blockOf(line);
    return block === null
      ? Severity.none
      : block.severity(line - block.firstLine);
  }

  /**
   * The nearest line of a severity from one on, or null.
   *
   * @param step - 1 to look down, -1 to look up.
   */
  findSeverity(from: number, step: 1 | -1, severity: Severity): number | null {
    const blocks = step === 1 ? this._blocks : [...this._blocks].reverse();
    for (const block of blocks) {
      const index = block.nearestNotable(
        from - block.firstLine,
        step,
        severity
      );
      if (index !== null) {
        return block.firstLine + index;
      }
    }
    return null;
  }

  /** The worst severity of each of some equal parts of the log, from its first line to its last. */
  severityStrip(parts: number): readonly Severity[] {
    const strip = new Array<Severity>(parts).fill(Severity.none);
    const { firstLine } = this;
    const count = Math.max(1, this.endLine - firstLine);
    for (const block of this._blocks) {
      block.eachNotable((index, severity) => {
        const line = block.firstLine + index - firstLine;
        const part = Math.min(parts - 1, Math.floor((line / count) * parts));
        if (severity > (strip[part] ?? Severity.none)) {
          strip[part] = severity;
        }
      });
    }
    return strip;
  }

  /**
   * Lines from one on as bytes, as many as are kept together; null where there are none.
   */
  piece(from: number): {
    readonly bytes: Uint8Array;
    readonly firstLine: number;
    readonly endLine: number;
  } | null {
    const line = Math.max(from, this.firstLine);
    const block = this._blockOf(line);
    if (block === null || line >= this.endLine) {
      return null;
    }
    const index = line - block.firstLine;
    const endLine = Math.min(block.firstLine + block.lineCount, this.endLine);
    return {
      bytes: block.bytes(index, endLine - line),
      firstLine: line,
      endLine
    };
  }

  /** Lines as they can be read, without colours. */
  plain(from: number, end: number): string {
    const parts: string[] = [];
    let line = Math.max(from, this.firstLine);
    while (line < Math.min(end, this.endLine)) {
      const block = this._blockOf(line);
      if (block === null) {
        break;
      }
      const index = line - block.firstLine;
      const count = Math.min(end - line, block.lineCount - index);
      parts.push(plainText(block.text(index, count)));
      line += count;
    }
    return parts.join('\n');
  }

  private get _tail(): Block {
    const tail = this._blocks[this._blocks.length - 1];
    if (tail === undefined) {
      throw new Error('There is always a block.');
    }
    return tail;
  }

  private _write(data: Uint8Array): Uint8Array {
    if (this._tail.room === 0) {
      this._blocks.push(this._tail.split());
    }
    const count = Math.min(data.length, this._tail.room);
    this._tail.write(data.subarray(0, count));
    this._byteLength += count;
    if (this._tail.lastLineLength > MAX_LINE_BYTES) {
      this._shorten();
    }
    return data.subarray(count);
  }

  /** Keep of a line that does not end what a person could see of it. */
  private _shorten(): void {
    const before = this._tail.lastLineLength;
    if (!this._tail.dropBeforeLast(RETURN)) {
      this._tail.cutLastLine(MAX_LINE_BYTES);
      this._isSkipping = true;
    }
    this._byteLength -= before - this._tail.lastLineLength;
  }

  private _skip(data: Uint8Array): Uint8Array {
    const end = data.indexOf(NEWLINE);
    if (end === -1) {
      return data.subarray(data.length);
    }
    this._isSkipping = false;
    return data.subarray(end);
  }

  private _forgetOldest(): void {
    while (this._byteLength > this._keepBytes && this._blocks.length > 1) {
      this._byteLength -= this._blocks.shift()?.length ?? 0;
    }
  }

  private _blockOf(line: number): Block | null {
    let low = 0;
    let high = this._blocks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this._blocks[middle]?.firstLine ?? 0) <= line) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const block = this._blocks[low];
    return block !== undefined &&
      line >= block.firstLine &&
      line < block.firstLine + block.lineCount
      ? block
      : null;
  }

  /** The style at the start of a line: from one that is known before it, line by line. */
  private _styleAt(line: number): string {
    const block = this._blockOf(line);
    if (block?.hasEscapes !== true) {
      return block?.styleAtStart ?? PLAIN;
    }
    if (this._styles.size > KEEP_STYLES) {
      this._styles.clear();
    }
    const known = block.checkpoint(line - block.firstLine);
    let at = block.firstLine + known.index;
    let { style } = known;
    for (let near = line; near > at; near -= 1) {
      const remembered = this._styles.get(near);
      if (remembered !== undefined) {
        at = near;
        style = remembered;
        break;
      }
    }
    style = styleAfter(style, block.text(at - block.firstLine, line - at));
    this._styles.set(line, style);
    return style;
  }

  private _blocks: Block[] = [new Block(0, PLAIN)];
  private _byteLength = 0;
  /** Whether the rest of a line is being left out that was too long. */
  private _isSkipping = false;
  private readonly _styles = new Map<number, string>();
}
