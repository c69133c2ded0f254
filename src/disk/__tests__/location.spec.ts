import { describe, expect, it } from 'vitest';

import { contentsPath, pathOf } from '../location';

describe('the file browser', () => {
  it.each([
    ['file:///home/amy/a%20b/c.txt', 'file:///home/amy', 'a b/c.txt'],
    ['file:///home/amy', 'file:///home/amy', ''],
    ['file:///home/amy', 'file:///home/amy/', ''],
    ['file:///home/amy/x', 'file:///', 'home/amy/x'],
    ['file:///home/amy2/x', 'file:///home/amy', null],
    ['file:///var/log', 'file:///home/amy', null]
  ])('shows %s below %s as %s', (uri, root, path) => {
    expect(contentsPath(uri, root)).toBe(path);
  });

  it('has no path for bytes that are no text', () => {
    expect(pathOf('file:///home/%ff%fe')).toBeNull();
    expect(contentsPath('file:///home/%ff', 'file:///home')).toBeNull();
  });

  it('has none where the page does not say what it shows', () => {
    expect(contentsPath('file:///home', '')).toBeNull();
  });
});
