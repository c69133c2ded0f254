import { describe, expect, it } from 'vitest';

import { indicesOf, rangeInSight, scrollTopFor } from '../windowing';

const ROW = 44;

describe('the window onto a long list', () => {
  it('has the rows in sight and eight more on either side', () => {
    expect(rangeInSight(100 * ROW, 10 * ROW, ROW, 5000)).toEqual({
      start: 92,
      end: 118
    });
  });

  it('ends where the list ends', () => {
    expect(rangeInSight(0, 10 * ROW, ROW, 5000)).toEqual({ start: 0, end: 18 });
    expect(rangeInSight(4990 * ROW, 10 * ROW, ROW, 5000)).toEqual({
      start: 4982,
      end: 5000
    });
  });

  it('is empty rather than wrong when the list has become shorter than it was scrolled', () => {
    expect(rangeInSight(4990 * ROW, 10 * ROW, ROW, 3)).toEqual({
      start: 3,
      end: 3
    });
  });

  it('draws the row with the focus, wherever it is, and draws none twice', () => {
    expect(indicesOf({ start: 5, end: 8 }, 2)).toEqual([5, 6, 7, 2]);
    expect(indicesOf({ start: 5, end: 8 }, 6)).toEqual([5, 6, 7]);
  });

  it('scrolls no further than is needed to show a row', () => {
    const height = 10 * ROW;
    expect(scrollTopFor(3, 0, height, ROW)).toBe(0);
    expect(scrollTopFor(10, 0, height, ROW)).toBe(ROW);
    expect(scrollTopFor(2, 5 * ROW, height, ROW)).toBe(2 * ROW);
  });
});
