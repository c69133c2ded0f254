import { describe, expect, it } from 'vitest';

import {
  GB,
  node,
  scanResult,
  scanStatus,
  smallTree
} from '../../__tests__/diskBuilders';
import { FakeServer, managerOf } from '../../__tests__/fakeServer';
import type { CiManager } from '../../model/manager';
import { Explorer } from '../explorer';

async function explored(status = scanStatus(scanResult(smallTree()))): Promise<{
  readonly explorer: Explorer;
  readonly manager: CiManager;
  readonly server: FakeServer;
}> {
  const server = new FakeServer()
    .on('GET disk/scan', () => status)
    .on('GET operations', () => ({ items: [], warning: null }));
  const { manager } = managerOf(server);
  const explorer = new Explorer(manager.scan);
  await manager.scan.refresh();
  return { explorer, manager, server };
}

function names(explorer: Explorer): string[] {
  return explorer.entries.map(each => each.node.name);
}

function shown(explorer: Explorer): string | undefined {
  return explorer.folder?.name;
}

describe('the explorer', () => {
  it('begins at the root, largest first, with the rest last', async () => {
    const { explorer } = await explored();
    expect(shown(explorer)).toBe('/');
    expect(names(explorer)).toEqual(['anaconda', 'home', '']);
    expect(explorer.entries[0]?.share).toBe(0.6);
    expect(explorer.active).toBe('file:///anaconda');
  });

  it('opens folders that have something in them, and nothing else', async () => {
    const { explorer } = await explored();
    explorer.open('file:///home');
    expect(shown(explorer)).toBe('home');
    explorer.open('file:///home/data.parquet');
    expect(shown(explorer)).toBe('home');
  });

  it('goes up to the folder above, with the one it left as the active entry', async () => {
    const { explorer } = await explored();
    explorer.open('file:///home');
    explorer.goUp();
    expect(shown(explorer)).toBe('/');
    expect(explorer.active).toBe('file:///home');
    explorer.goUp();
    expect(shown(explorer)).toBe('/');
  });

  it('says of everything in a cache that it belongs to the cache', async () => {
    const { explorer } = await explored();
    explorer.goTo('file:///anaconda/pkgs');
    expect(names(explorer)).toEqual(['mkl']);
    expect(explorer.entries[0]?.consumer).toBe('conda_packages');
  });

  it('goes to what cannot be opened by marking it in its folder', async () => {
    const { explorer } = await explored();
    expect(explorer.goTo('file:///home/data.parquet')).toBe(true);
    expect(shown(explorer)).toBe('home');
    expect(explorer.active).toBe('file:///home/data.parquet');
  });

  it('goes to the nearest folder above of what is too small to be in the tree', async () => {
    const { explorer } = await explored();
    expect(explorer.goTo('file:///anaconda/pkgs/mkl/deep/down')).toBe(true);
    expect(shown(explorer)).toBe('pkgs');
    expect(explorer.active).toBe('file:///anaconda/pkgs/mkl');
  });

  it('does not take a folder for another whose name begins alike', async () => {
    const { explorer } = await explored();
    explorer.goTo('file:///home2/x');
    expect(shown(explorer)).toBe('/');
  });

  it('sorts by a column, and again to reverse it; the rest stays last', async () => {
    const { explorer } = await explored();
    explorer.sortBy('files');
    expect(names(explorer)).toEqual(['home', 'anaconda', '']);
    explorer.sortBy('files');
    expect(names(explorer)).toEqual(['anaconda', 'home', '']);
    explorer.sortBy('name');
    expect(explorer.sort).toBe('name');
  });

  it('says by how much an entry grew since the scan before', async () => {
    const { explorer } = await explored(
      scanStatus(scanResult(smallTree()), {
        changes: [
          {
            name: '/home',
            uri: 'file:///home',
            bytes_before: 25 * GB,
            bytes: 30 * GB
          }
        ]
      })
    );
    expect(explorer.entries.map(each => each.change)).toEqual([
      null,
      5 * GB,
      null
    ]);
  });

  it('stays where it is when a new scan comes in', async () => {
    const { explorer, manager, server } = await explored();
    explorer.open('file:///home');
    const grown = node('/', 110 * GB, {
      uri: 'file:///',
      children: [
        node('home', 110 * GB, {
          children: [node('new', 1, { uri: 'file:///home/new' })]
        })
      ]
    });
    server.on('GET disk/scan', () =>
      scanStatus(scanResult(grown, { ended_at: '2026-03-02T13:00:00Z' }))
    );
    await manager.scan.refresh();
    expect(shown(explorer)).toBe('home');
    expect(names(explorer)).toEqual(['new']);
  });

  it('keeps what is drawn when the same scan is told again', async () => {
    const { explorer, manager } = await explored();
    const { entries } = explorer;
    await manager.scan.refresh();
    expect(explorer.entries).toBe(entries);
  });
});
