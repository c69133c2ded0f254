import { describe, expect, it } from 'vitest';

import {
  anchorOf,
  linesInSight,
  mostLinesInSight,
  scrollHeight,
  scrollTopOf
} from '../lineWindow';

const VIEW = { scrollTop: 0, height: 170, lineHeight: 17, count: 1000 };
const TOTAL = scrollHeight(1000, 17, 1);

describe('the lines in sight', () => {
  it('are where scrolling puts them when all are of one height', () => {
    for (const scrollTop of [0, 5, 1234, TOTAL - 170]) {
      const { line, y } = anchorOf({ ...VIEW, scrollTop }, TOTAL);
      expect(y - line * 17).toBeCloseTo(-scrollTop);
    }
  });

  it('begin with the first and end with the last line', () => {
    expect(linesInSight(VIEW, TOTAL).start).toBe(0);
    const end = { ...VIEW, scrollTop: TOTAL - 170 };
    expect(linesInSight(end, TOTAL).end).toBe(1000);
    expect(anchorOf(end, TOTAL)).toEqual({ line: 1000, y: 170 });
  });

  it('are few, and cover what is in sight, however long the log', () => {
    const count = 50_000_000;
    const total = scrollHeight(count, 17, 2);
    expect(total).toBeLessThan(33_554_432 / 2);
    const { start, end } = linesInSight(
      { ...VIEW, count, scrollTop: total / 2 },
      total
    );
    expect(end - start).toBeLessThan(60);
    expect(end - start).toBeGreaterThan(20);
  });

  it('are found again by a line, in either way of scrolling', () => {
    for (const isUniform of [true, false]) {
      for (const line of [0, 3, 500, 999]) {
        const scrollTop = scrollTopOf(line, VIEW, TOTAL, isUniform);
        const { start, end } = linesInSight({ ...VIEW, scrollTop }, TOTAL);
        expect(start).toBeLessThanOrEqual(line);
        expect(end).toBeGreaterThan(line);
      }
    }
  });

  it('are never more than there are elements for', () => {
    for (const height of [1, 16, 17, 170, 175.5]) {
      const most = mostLinesInSight({ ...VIEW, height });
      for (let scrollTop = 0; scrollTop < TOTAL; scrollTop += 5.3) {
        const { start, end } = linesInSight(
          { ...VIEW, height, scrollTop },
          TOTAL
        );
        expect(end - start).toBeLessThanOrEqual(most);
      }
    }
  });
});
