import { describe, expect, it } from 'vitest';

import { columnsFor } from '../columns';

/** JupyterLab's font size, in pixels. */
const FONT = 13;

function keysAt(pixels: number, font = FONT): string[] {
  return columnsFor(pixels / font).map(column => column.key);
}

describe('the columns', () => {
  it.each([250, 320, 490])('are none at %s px: rows have two lines', pixels => {
    expect(keysAt(pixels)).toEqual([]);
  });

  it('are those that are worth most when there is room for few', () => {
    expect(keysAt(520)).toEqual(['name', 'state', 'size']);
  });

  it('are all when there is room', () => {
    expect(keysAt(1100)).toEqual([
      'name',
      'state',
      'size',
      'owner',
      'uptime',
      'cost',
      'idle',
      'schedules'
    ]);
  });

  it('become fewer when the person likes a larger font', () => {
    expect(keysAt(800, 20).length).toBeLessThan(keysAt(800).length);
  });
});
