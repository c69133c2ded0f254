import { describe, expect, it } from 'vitest';

import { nameProblem } from '../../model/names';
import { suggestedName } from '../nameSuggestion';

const FREE = (): boolean => false;

describe('a suggested name', () => {
  it.each([
    ['amy@example.com', 'amy-ci'],
    ['Amy Pond', 'amy-pond-ci'],
    ['Zoë Ångström', 'zoe-angstrom-ci'],
    ['4711', 'my-ci'],
    ['', 'my-ci'],
    [null, 'my-ci'],
    ['山田', 'my-ci'],
    ["o'hara; rm -rf /", 'o-hara-rm-rf-ci'],
    ['--', 'my-ci']
  ])('for %j is %s', (person, wanted) => {
    expect(suggestedName(person, FREE)).toBe(wanted);
  });

  it('obeys the rules, however long the person’s name is', () => {
    for (const person of [
      'a'.repeat(300),
      'Maximiliane Freifrau von Hohenstein-Wittelsbach',
      'a-'.repeat(30),
      'bartholomew-simpson-9-9-9'
    ]) {
      for (const used of [FREE, (name: string) => !name.endsWith('7')]) {
        expect(nameProblem(suggestedName(person, used))).toBeNull();
      }
    }
  });

  it('is none that is in use', () => {
    const used = new Set(['amy-ci', 'amy-ci2']);
    expect(suggestedName('amy', name => used.has(name))).toBe('amy-ci3');
  });
});
