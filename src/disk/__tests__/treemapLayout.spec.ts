import { describe, expect, it } from 'vitest';

import { node, smallTree } from '../../__tests__/diskBuilders';
import { HEAD_HEIGHT, labelLines, layOut } from '../treemapLayout';
import type { ITile } from '../treemapLayout';

function area({ width, height }: ITile): number {
  return width * height;
}

describe('the treemap', () => {
  it('gives each entry an area like its size', () => {
    const flat = node('/', 100, {
      children: [node('a', 60), node('b', 30), node('c', 10)]
    });
    const tiles = layOut(flat, null, 1000, 500);
    expect(tiles.map(tile => tile.node.name)).toEqual(['a', 'b', 'c']);
    const whole = tiles.reduce((sum, tile) => sum + area(tile), 0);
    for (const tile of tiles) {
      expect(area(tile) / whole).toBeCloseTo(tile.node.bytes / 100, 1);
    }
  });

  it('keeps every tile inside, and no two of a level on the same place', () => {
    const tiles = layOut(smallTree(), null, 600, 400);
    for (const tile of tiles) {
      expect(tile.x + tile.width).toBeLessThanOrEqual(600);
      expect(tile.y + tile.height).toBeLessThanOrEqual(400);
    }
    const top = tiles.filter(tile => tile.depth === 1);
    for (const a of top) {
      for (const b of top.filter(each => each !== a)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('draws what is in a folder below a strip with its name', () => {
    const tiles = layOut(smallTree(), null, 600, 400);
    const anaconda = tiles.find(tile => tile.node.name === 'anaconda');
    const pkgs = tiles.find(tile => tile.node.name === 'pkgs');
    expect(anaconda?.nests).toBe(true);
    expect(pkgs?.y).toBe((anaconda?.y ?? 0) + HEAD_HEIGHT);
    expect(pkgs?.key).toBe('file:///anaconda');
  });

  it('draws a folder as one piece where there is no room for what is in it', () => {
    const tiles = layOut(smallTree(), null, 80, 60);
    expect(tiles.every(tile => tile.depth === 1)).toBe(true);
  });

  it('colours what is in a cache like the cache', () => {
    const tiles = layOut(smallTree(), null, 600, 400);
    expect(tiles.find(tile => tile.node.name === 'mkl')?.consumer).toBe(
      'conda_packages'
    );
  });

  it('has nothing to draw without room', () => {
    expect(layOut(smallTree(), null, 0, 400)).toEqual([]);
  });

  it('leaves nothing out of an empty disk, and does not divide by zero', () => {
    expect(layOut(node('/', 0), null, 600, 400)).toEqual([]);
    expect(
      layOut(node('/', 0, { children: [node('a', 0)] }), null, 600, 400)
    ).toEqual([]);
  });

  it('gives every tile an id of its own', () => {
    const tiles = layOut(smallTree(), null, 600, 400);
    expect(new Set(tiles.map(tile => tile.id)).size).toBe(tiles.length);
  });
});

describe('a label', () => {
  const tile: ITile = {
    id: 'a',
    key: 'a',
    node: node('a', 1),
    consumer: null,
    x: 0,
    y: 0,
    width: 200,
    height: 100,
    depth: 1,
    nests: false
  };

  it('has name and size where both fit, and less where not', () => {
    expect(labelLines(tile, 'name')).toBe(2);
    expect(labelLines({ ...tile, height: 20 }, 'name')).toBe(1);
    expect(labelLines({ ...tile, height: 10 }, 'name')).toBe(0);
    expect(labelLines({ ...tile, width: 20 }, 'a long name')).toBe(0);
    expect(labelLines({ ...tile, nests: true }, 'name')).toBe(1);
  });
});
