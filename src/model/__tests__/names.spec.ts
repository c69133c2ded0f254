import { describe, expect, it } from 'vitest';

import { nameProblem } from '../names';

describe('the name of an instance', () => {
  it.each(['abc', 'A1-b2', 'x'.repeat(24), 'a-1b', 'Data-Team-7x'])(
    'may be %s',
    name => {
      expect(nameProblem(name)).toBeNull();
    }
  );

  it.each([
    ['', 'empty'],
    ['ab', 'too_short'],
    ['x'.repeat(25), 'too_long'],
    ['1abc', 'starts_wrong'],
    ['-abc', 'starts_wrong'],
    ['äbc', 'starts_wrong'],
    ['abc_d', 'character'],
    ['abc d', 'character'],
    ['../etc', 'starts_wrong'],
    ['abç', 'character'],
    ['abc-', 'hyphen'],
    ['ab--c', 'hyphen'],
    ['etl-2', 'ends_in_number']
  ])('may not be “%s”: %s', (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });
});
