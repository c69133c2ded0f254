/**
 * Bytes of logs, and texts made of them, for tests.
 */
import { LogText } from '../logText';

const encoder = new TextEncoder();

/** UTF-8. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A log with this text, which arrives in pieces of so many bytes. */
export function logText(
  text: string,
  { pieces = Infinity, keep = 64 * 1024 * 1024 } = {}
): LogText {
  const log = new LogText(keep);
  const all = bytes(text);
  for (let at = 0; at < all.length; at += pieces) {
    log.append(all.subarray(at, at + Math.min(pieces, all.length)));
  }
  return log;
}

/** All lines as they were written. */
export function rawLines(log: LogText): string[] {
  const lines: string[] = [];
  for (let line = log.firstLine; line < log.endLine; line += 1) {
    lines.push(log.raw(line));
  }
  return lines;
}
