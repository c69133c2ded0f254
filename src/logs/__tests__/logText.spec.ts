import { describe, expect, it } from 'vitest';

import { Severity } from '../severity';
import { bytes, logText, rawLines } from './lines';

const ESC = '\u001b';
const MEBIBYTE = 1024 * 1024;

describe('the text of a log', () => {
  const TEXT = 'one\ntwö 日本\n\nfour';

  it.each([1, 2, 3, 7, 100])(
    'is the same whatever pieces it arrives in: %i bytes',
    pieces => {
      const log = logText(TEXT, { pieces });
      expect(rawLines(log)).toEqual(TEXT.split('\n'));
      expect(log.completeEnd).toBe(3);
    }
  );

  it('has no line behind the last line end', () => {
    const log = logText('one\ntwo\n');
    expect(log.endLine).toBe(2);
    log.append(bytes('three'));
    expect(log.endLine).toBe(3);
  });

  it('shows bytes that are not UTF-8', () => {
    const log = logText('');
    log.append(Uint8Array.from([0x61, 0xff, 0x62, 0x0a]));
    expect(log.raw(0)).toBe('a\ufffdb');
  });

  it('keeps every byte', () => {
    const log = logText(TEXT, { pieces: 3 });
    expect(log.byteLength).toBe(bytes(TEXT).length);
    expect(
      Array.from({ length: log.endLine }, (_, line) => log.raw(line)).join('\n')
    ).toBe(TEXT.replace(/\n$/, ''));
  });

  it('is found line by line across blocks', () => {
    const lines = Array.from({ length: 60_000 }, (_, n) =>
      `line ${n} `.padEnd(50, '.')
    );
    const log = logText(lines.join('\n'), { pieces: 100_000 });
    expect(log.endLine).toBe(lines.length);
    for (const line of [0, 1, 19_999, 20_972, 41_943, 59_999]) {
      expect(log.raw(line)).toBe(lines[line]);
    }
    expect(log.plain(41_000, 43_000)).toBe(
      lines.slice(41_000, 43_000).join('\n')
    );
  });

  it('lets go of the oldest lines, and counts the others as before', () => {
    const lines = Array.from({ length: 80_000 }, (_, n) =>
      `line ${n} `.padEnd(50, '.')
    );
    const log = logText(lines.join('\n'), {
      pieces: 100_000,
      keep: 2 * MEBIBYTE
    });
    expect(log.firstLine).toBeGreaterThan(0);
    expect(log.byteLength).toBeLessThanOrEqual(2 * MEBIBYTE);
    expect(log.raw(0)).toBe('');
    expect(log.raw(log.firstLine)).toBe(lines[log.firstLine]);
    expect(log.raw(79_999)).toBe(lines[79_999]);
  });

  it('keeps of progress that never ends its line only the newest', () => {
    const log = logText('');
    for (let n = 0; n < 50_000; n += 1) {
      log.append(bytes(`\rdownloading ${n} of 50000 …`));
    }
    log.append(bytes('\nnext\n'));
    expect(log.endLine).toBe(2);
    expect(log.spans(0)[0]?.text).toBe('downloading 49999 of 50000 …');
    expect(log.raw(1)).toBe('next');
    expect(log.byteLength).toBeLessThan(200_000);
  });

  it('keeps of a line without an end only its beginning', () => {
    const log = logText('');
    for (let n = 0; n < 40; n += 1) {
      log.append(bytes('x'.repeat(MEBIBYTE / 2)));
    }
    expect(log.byteLength).toBeLessThan(2 * MEBIBYTE);
    log.append(bytes('yyy\nnext\n'));
    expect(log.endLine).toBe(2);
    expect(log.raw(1)).toBe('next');
  });

  it('knows the colour of a line that begins far below where it was set', () => {
    const log = logText(
      `${ESC}[32m${'green\n'.repeat(100_000)}${ESC}[0mplain\n`,
      { pieces: 77_777 }
    );
    for (const line of [0, 255, 256, 5000, 99_999]) {
      expect(log.spans(line)[0]?.className).toBe('jp-ci-front-green');
    }
    expect(log.spans(100_000)[0]?.className).toBeNull();
  });

  it('knows its errors and warnings', () => {
    const log = logText(
      'fine\nWARNING: old\n0 errors\nbash: conda: command not found\nValueError: x\n',
      { pieces: 5 }
    );
    expect([0, 1, 2, 3, 4].map(line => log.severity(line))).toEqual([
      Severity.none,
      Severity.warning,
      Severity.none,
      Severity.error,
      Severity.error
    ]);
    expect(log.findSeverity(0, 1, Severity.error)).toBe(3);
    expect(log.findSeverity(4, -1, Severity.error)).toBe(4);
    expect(log.findSeverity(2, -1, Severity.warning)).toBe(1);
    expect(log.findSeverity(5, 1, Severity.error)).toBeNull();
    expect(log.severityStrip(5)).toEqual([0, 1, 0, 2, 2]);
  });
});
