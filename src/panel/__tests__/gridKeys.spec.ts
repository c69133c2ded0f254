import { describe, expect, it } from 'vitest';

import { gridCommand } from '../gridKeys';
import type { IKey } from '../gridKeys';

const COUNT = 100;
const PAGE = 10;

function key(name: string, modifiers: Partial<IKey> = {}): IKey {
  return {
    key: name,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...modifiers
  };
}

describe('a key in the list', () => {
  it.each([
    ['ArrowDown', 51],
    ['ArrowUp', 49],
    ['PageDown', 59],
    ['PageUp', 41],
    ['Home', 0],
    ['End', 99]
  ])('%s moves from row 50 to row %s', (name, to) => {
    expect(gridCommand(key(name), 50, COUNT, PAGE)).toEqual({
      kind: 'move',
      to,
      extend: false
    });
  });

  it('never moves out of the list', () => {
    expect(gridCommand(key('ArrowUp'), 0, COUNT, PAGE)).toMatchObject({
      to: 0
    });
    expect(gridCommand(key('PageDown'), 98, COUNT, PAGE)).toMatchObject({
      to: 99
    });
  });

  it('extends the selection with Shift', () => {
    expect(
      gridCommand(key('ArrowDown', { shiftKey: true }), 0, COUNT, PAGE)
    ).toEqual({ kind: 'move', to: 1, extend: true });
  });

  it('opens the menu by its own key and by Shift+F10', () => {
    for (const menu of [key('ContextMenu'), key('F10', { shiftKey: true })]) {
      expect(gridCommand(menu, 0, COUNT, PAGE)).toEqual({ kind: 'menu' });
    }
  });

  it('leaves alone what belongs to the browser or to JupyterLab', () => {
    for (const other of [
      key('F10'),
      key('a'),
      key('c', { ctrlKey: true }),
      key('ArrowDown', { altKey: true }),
      key('End', { ctrlKey: true }),
      key('Enter'),
      key('Delete'),
      key('Tab')
    ]) {
      expect(gridCommand(other, 0, COUNT, PAGE)).toBeNull();
    }
  });
});
