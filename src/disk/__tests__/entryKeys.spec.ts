import { describe, expect, it } from 'vitest';

import type { IKey } from '../../panel/gridKeys';
import { entryCommand } from '../entryKeys';

function press(key: string, given: Partial<IKey> = {}): IKey {
  return {
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...given
  };
}

describe('a key in the table', () => {
  it.each([
    ['ArrowDown', { kind: 'move', to: 3 }],
    ['ArrowUp', { kind: 'move', to: 1 }],
    ['PageDown', { kind: 'move', to: 4 }],
    ['Home', { kind: 'move', to: 0 }],
    ['End', { kind: 'move', to: 4 }],
    ['Enter', { kind: 'open' }],
    ['Backspace', { kind: 'up' }],
    ['Delete', { kind: 'remove' }],
    ['ArrowRight', { kind: 'in_row', step: 1 }],
    ['x', null]
  ])('%s asks for %o', (key, command) => {
    expect(entryCommand(press(key), 2, 5)).toEqual(command);
  });

  it('goes up with Alt, too, and leaves the shortcuts of others alone', () => {
    expect(entryCommand(press('ArrowUp', { altKey: true }), 2, 5)).toEqual({
      kind: 'up'
    });
    expect(
      entryCommand(press('ArrowDown', { ctrlKey: true }), 2, 5)
    ).toBeNull();
    expect(entryCommand(press('Delete', { shiftKey: true }), 2, 5)).toBeNull();
  });

  it('stays in the table', () => {
    expect(entryCommand(press('ArrowDown'), 4, 5)).toEqual({
      kind: 'move',
      to: 4
    });
  });
});
