import { describe, expect, it } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  stopped,
  vmSize,
  workspaceStatus
} from '../../__tests__/builders';
import { FakeServer, managerOf } from '../../__tests__/fakeServer';
import type { Instance } from '../../api/types';
import { Listing } from '../listing';
import type { CiManager } from '../manager';

async function listingOf(items: readonly Instance[]): Promise<{
  readonly listing: Listing;
  readonly manager: CiManager;
  readonly become: (items: readonly Instance[]) => Promise<void>;
}> {
  const server = new FakeServer()
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }));
  const { manager } = managerOf(server);
  const listing = new Listing(manager);
  const become = async (next: readonly Instance[]): Promise<void> => {
    server.on('GET instances', () =>
      instanceList(next, {
        sizes: {
          big: vmSize('big', { vcpus: 16 }),
          small: vmSize('small', { vcpus: 2 })
        }
      })
    );
    await manager.instances.refresh();
  };
  await become(items);
  return { listing, manager, become };
}

function namesIn(listing: Listing): string[] {
  return listing.rows.map(row => row.name);
}

describe('the listing', () => {
  it('sorts by name as people do, numbers by their value', async () => {
    const { listing } = await listingOf([
      instance('vm10'),
      instance('VM2'),
      instance('vm1')
    ]);
    expect(namesIn(listing)).toEqual(['vm1', 'VM2', 'vm10']);
  });

  it('sorts idle shutdown by its length, what has none last', async () => {
    const { listing, manager } = await listingOf([
      instance('none'),
      instance('hour', { idle_shutdown: 'PT1H' }),
      instance('half', { idle_shutdown: 'PT30M' })
    ]);
    manager.preferences.set('sort', 'idle');
    expect(namesIn(listing)).toEqual(['half', 'hour', 'none']);
  });

  it('keeps rows where they are while their states change, though it is sorted by state', async () => {
    const { listing, manager, become } = await listingOf([
      instance('a', { state: 'Running' }),
      instance('b', { state: 'Starting' })
    ]);
    manager.preferences.set('sort', 'state');
    expect(namesIn(listing)).toEqual(['a', 'b']);
    await become([
      instance('a', { state: 'Stopping' }),
      instance('b', { state: 'Running' })
    ]);
    expect(namesIn(listing)).toEqual(['a', 'b']);
  });

  it('orders by the states of now when the person sorts again', async () => {
    const { listing, manager, become } = await listingOf([
      instance('a', { state: 'Running' }),
      instance('b', { state: 'Starting' })
    ]);
    manager.preferences.set('sort', 'state');
    await become([
      instance('a', { state: 'Stopping' }),
      instance('b', { state: 'Running' })
    ]);
    manager.preferences.set('sort', '-state');
    expect(namesIn(listing)).toEqual(['a', 'b']);
    manager.preferences.set('sort', 'state');
    expect(namesIn(listing)).toEqual(['b', 'a']);
  });

  it('puts a new row where it belongs without moving the others', async () => {
    const { listing, become } = await listingOf([instance('a'), instance('c')]);
    await become([instance('c'), instance('b'), instance('a')]);
    expect(namesIn(listing)).toEqual(['a', 'b', 'c']);
  });

  it('puts what is unknown last in both directions', async () => {
    const { listing, manager } = await listingOf([
      instance('unknown', { vm_size: 'other' }),
      instance('big', { vm_size: 'big' }),
      instance('small', { vm_size: 'small' })
    ]);
    manager.preferences.set('sort', 'size');
    expect(namesIn(listing)).toEqual(['small', 'big', 'unknown']);
    manager.preferences.set('sort', '-size');
    expect(namesIn(listing)).toEqual(['big', 'small', 'unknown']);
  });

  it('sorts by uptime only what runs', async () => {
    const { listing, manager } = await listingOf([
      stopped('off', { state_since: '2026-01-01T00:00:00Z' }),
      instance('long', { state_since: '2026-03-01T00:00:00Z' }),
      instance('short', { state_since: '2026-03-02T00:00:00Z' })
    ]);
    manager.preferences.set('sort', '-uptime');
    expect(namesIn(listing)).toEqual(['long', 'short', 'off']);
  });

  it('finds all words in name, state, size or owner', async () => {
    const { listing } = await listingOf([
      instance('etl', {
        created_by: { object_id: null, tenant_id: null, name: 'Ben' }
      }),
      stopped('notebooks', { vm_size: 'Standard_NC6' })
    ]);
    listing.query = 'BEN run';
    expect(namesIn(listing)).toEqual(['etl']);
    listing.query = 'nc6 stopped';
    expect(namesIn(listing)).toEqual(['notebooks']);
    listing.query = 'nc6 running';
    expect(namesIn(listing)).toEqual([]);
    expect(listing.total).toBe(2);
  });

  it('shows only mine when that is asked for', async () => {
    const { listing, manager } = await listingOf([
      instance('mine'),
      instance('theirs', { mine: false })
    ]);
    manager.preferences.set('onlyMine', true);
    expect(namesIn(listing)).toEqual(['mine']);
  });

  it('shows what is being created before Azure lists it, once', async () => {
    const { listing, manager, become } = await listingOf([instance('a')]);
    manager.operations.apply(
      operation('o1', { kind: 'instance.create', target: 'b' })
    );
    expect(listing.rows.map(row => [row.name, row.kind])).toEqual([
      ['a', 'instance'],
      ['b', 'requested']
    ]);
    await become([instance('a'), instance('b', { state: 'Creating' })]);
    expect(listing.rows.map(row => [row.name, row.kind])).toEqual([
      ['a', 'instance'],
      ['b', 'instance']
    ]);
  });

  it('does not show what is being created in another workspace', async () => {
    const { listing, manager } = await listingOf([instance('a')]);
    manager.operations.apply(
      operation('o1', {
        kind: 'instance.create',
        target: 'b',
        workspace_id: 'other'
      })
    );
    expect(namesIn(listing)).toEqual(['a']);
  });
});
