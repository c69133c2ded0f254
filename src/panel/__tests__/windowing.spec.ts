import { describe, expect, it } from 'vitest';

import {
  indicesOf,
  isElsewhere,
  rangeInSight,
  scrollTopFor,
  slotsFor
} from '../windowing';

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

  it('knows when someone flies: nothing of what was drawn is to be drawn again', () => {
    const last = { start: 92, end: 118 };
    expect(isElsewhere({ start: 117, end: 143 }, last)).toBe(false);
    expect(isElsewhere({ start: 118, end: 144 }, last)).toBe(true);
    expect(isElsewhere({ start: 60, end: 92 }, last)).toBe(true);
    expect(isElsewhere(last, { start: 0, end: 0 })).toBe(false);
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

describe('the elements that rows are drawn with', () => {
  const first = slotsFor(new Map(), ['a', 'b', 'c'], null);

  it('stay with the rows that stay, and are taken over by those that come', () => {
    const next = slotsFor(first, ['b', 'c', 'd'], null);
    expect(Object.fromEntries(next)).toEqual({ b: 1, c: 2, d: 0 });
  });

  it('are as many as the rows', () => {
    const more = slotsFor(first, ['x', 'b', 'y', 'z'], null);
    expect(Object.fromEntries(more)).toEqual({ x: 0, b: 1, y: 2, z: 3 });
    expect(slotsFor(more, ['z'], null)).toEqual(new Map([['z', 3]]));
  });

  it('are not taken over from a row that had the focus and went', () => {
    const next = slotsFor(first, ['b', 'c', 'd'], 'a');
    expect(Object.fromEntries(next)).toEqual({ b: 1, c: 2, d: 3 });
  });
});
