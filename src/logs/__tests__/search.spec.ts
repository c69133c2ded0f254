import { describe, expect, it, vi } from 'vitest';

import { LogSearch } from '../search';
import { SearchHere, TooSlow } from '../searchThread';
import type { ISearchThread } from '../searchThread';
import { bytes, logText } from './lines';

const ESC = '\u001b';

function query(text: string, given = {}): Parameters<LogSearch['start']>[0] {
  return { text, isRegex: false, matchCase: false, ...given };
}

async function searched(
  search: LogSearch,
  ...given: Parameters<typeof query>
): Promise<LogSearch> {
  search.start(query(...given));
  await vi.waitFor(() => {
    expect(search.status.kind).not.toBe('searching');
  });
  return search;
}

describe('a search', () => {
  it('counts matches, in any case, in text as it is shown', async () => {
    const text = logText(`Error one\nno\n${ESC}[31mer${ESC}[0mror error\n`);
    const search = await searched(
      new LogSearch(text, new SearchHere()),
      'error'
    );
    expect(search.count).toBe(3);
    expect(search.matchesIn(2)).toEqual([
      { start: 0, end: 5, isCurrent: false },
      { start: 6, end: 11, isCurrent: false }
    ]);
    await searched(search, 'Error', { matchCase: true });
    expect(search.count).toBe(1);
  });

  it('takes a text literally, and a regular expression for one', async () => {
    const text = logText('a.c\nabc\n');
    const search = await searched(new LogSearch(text, new SearchHere()), 'a.c');
    expect(search.count).toBe(1);
    await searched(search, 'a.c', { isRegex: true });
    expect(search.count).toBe(2);
    await searched(search, '(', { isRegex: true });
    expect(search.status.kind).toBe('invalid');
    await searched(search, 'x*', { isRegex: true });
    expect(search.count).toBe(0);
  });

  it('says in which parts of the log the matches are', async () => {
    const text = logText('-\n'.repeat(50) + 'x x\n' + '-\n'.repeat(49) + 'x');
    const search = await searched(new LogSearch(text, new SearchHere()), 'x');
    const strip = search.strip(text.firstLine, text.endLine, 10);
    expect(strip.flatMap((isMatch, part) => (isMatch ? [part] : []))).toEqual([
      4, 9
    ]);
    expect(search.strip(0, text.endLine, 500).filter(Boolean)).toHaveLength(2);
  });

  it('goes from match to match, round the ends, beginning near what is seen', async () => {
    const text = logText('x\n-\nx\n-\nx\n');
    const search = await searched(new LogSearch(text, new SearchHere()), 'x');
    search.step(1, 1);
    expect([search.current, search.currentLine]).toEqual([1, 2]);
    search.step(1, 0);
    search.step(1, 0);
    expect(search.currentLine).toBe(0);
    search.step(-1, 0);
    expect(search.currentLine).toBe(4);
    expect(search.matchesIn(4)[0]?.isCurrent).toBe(true);
  });

  it('goes on while the log grows, and counts an unfinished line once', async () => {
    const text = logText('x\nx');
    const search = await searched(new LogSearch(text, new SearchHere()), 'x');
    expect(search.count).toBe(2);
    text.append(bytes('x\nx'));
    search.more();
    await vi.waitFor(() => {
      expect(search.count).toBe(4);
    });
  });

  it('finds what is in any block of a long log', async () => {
    const text = logText(`${'-'.repeat(80)}\n`.repeat(50_000) + 'here\n');
    const search = await searched(
      new LogSearch(text, new SearchHere()),
      'here'
    );
    expect(search.count).toBe(1);
    search.step(1, 0);
    expect(search.currentLine).toBe(50_000);
  });

  it('ends, and says so, when a pattern takes too long', async () => {
    const slow: ISearchThread = {
      search: () => Promise.reject(new TooSlow()),
      dispose: () => undefined
    };
    const search = await searched(
      new LogSearch(logText('x\n'), slow),
      '(a+)+$'
    );
    expect(search.status.kind).toBe('slow');
  });
});
