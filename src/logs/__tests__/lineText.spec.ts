import { describe, expect, it } from 'vitest';

import { plainLine, styledLine } from '../lineText';

const ESC = '\u001b';

describe('a line as it is shown', () => {
  it.each([
    ['progress 10 %\rprogress 99 %', 'progress 99 %'],
    ['done\r', 'done'],
    [`10 %\r20 %\r${ESC}[K`, '20 %'],
    ['', '']
  ])('is what carriage returns leave on a terminal: %j', (raw, shown) => {
    expect(plainLine(raw)).toBe(shown);
  });

  it.each([
    [`${ESC}[2K${ESC}[1Adone`, 'done'],
    [`${ESC}]0;a title\u0007text`, 'text'],
    [`${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}Pq#0~~${ESC}\\after`, 'after'],
    [`${ESC}(Btext`, 'text'],
    [`${ESC}[31mred${ESC}[0m`, 'red']
  ])('has no escape sequences: %j', (raw, shown) => {
    expect(plainLine(raw)).toBe(shown);
  });

  it('shows what else a terminal would obey instead of hiding it', () => {
    expect(plainLine('a\u0000b\u0008c\u007f\u202ed')).toBe('a␀b␈c␡⟨U+202E⟩d');
    expect(plainLine(`cut off ${ESC}[3`)).toBe('cut off ␛[3');
  });

  it('keeps tabs and markup as they are', () => {
    expect(plainLine('a\t<img src=x onerror=alert(1)>')).toBe(
      'a\t<img src=x onerror=alert(1)>'
    );
  });

  it('keeps colours, also of progress that was overwritten', () => {
    expect(styledLine(`${ESC}[32m10 %\r20 %`)).toBe(`${ESC}[32m20 %`);
  });

  it('reads colours with colons as those with semicolons', () => {
    expect(styledLine(`${ESC}[38:2::1:2:3mx`)).toBe(`${ESC}[38;2;1;2;3mx`);
  });

  it('is cut where it is too long to be drawn', () => {
    expect(plainLine('x'.repeat(100_000))).toHaveLength(16 * 1024 + 1);
  });
});
