import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { operation } from '../../__tests__/builders';
import {
  diskStatus,
  fullDisk,
  scanResult,
  scanStatus,
  smallTree
} from '../../__tests__/diskBuilders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { RequestError } from '../../api/errors';
import { osDisk } from '../disk';
import type { CiManager } from '../manager';

const DISK = 'GET disk';
const SCAN = 'GET disk/scan';
const SECOND = 1000;

let server: FakeServer;
let manager: CiManager;

async function after(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer()
    .on(DISK, () => diskStatus())
    .on(SCAN, () => scanStatus(null))
    .on('GET operations', () => ({ items: [], warning: null }));
  ({ manager } = managerOf(server));
});

afterEach(() => {
  manager.dispose();
  vi.useRealTimers();
});

describe('the figures of the disk', () => {
  it('are asked for only while someone watches, every 30 s', async () => {
    await after(60 * SECOND);
    expect(server.count(DISK)).toBe(0);
    const watch = manager.disk.watch();
    await after(0);
    expect(server.count(DISK)).toBe(1);
    await after(31 * SECOND);
    expect(server.count(DISK)).toBe(2);
    watch.dispose();
    await after(120 * SECOND);
    expect(server.count(DISK)).toBe(2);
  });

  it('ask for no workspace and no instances', async () => {
    manager.disk.watch();
    await after(SECOND);
    expect(server.requests.map(each => each.route)).toEqual([DISK]);
  });

  it('are asked for more often while the disk is nearly full', async () => {
    server.on(DISK, fullDisk);
    manager.disk.watch();
    await after(31 * SECOND);
    expect(server.count(DISK)).toBe(4);
  });

  it('are asked for anew when a cleanup ends', async () => {
    manager.disk.watch();
    await after(SECOND);
    manager.operations.apply(
      operation('c', { kind: 'disk.cleanup', state: 'succeeded' })
    );
    await after(SECOND);
    expect(server.count(DISK)).toBe(2);
  });

  it('stay, with the reason why they are old, when the server does not answer', async () => {
    await manager.disk.refresh();
    server.on(DISK, () => refusal(500, 'Broken'));
    await manager.disk.refresh();
    const { state } = manager.disk;
    expect(state).toMatchObject({
      status: 'known',
      stale: { kind: 'refused', error: { code: 'Broken' } }
    });
  });

  it('that never came say why', async () => {
    server.on(DISK, () => refusal(403, 'Forbidden'));
    await manager.disk.refresh();
    expect(manager.disk.state).toMatchObject({
      status: 'failed',
      failure: { kind: 'refused', error: { code: 'Forbidden' } }
    });
  });

  it('know the OS disk, and that there may be none', () => {
    expect(osDisk(diskStatus())?.mount_point).toBe('/');
    expect(osDisk(diskStatus({ filesystems: [] }))).toBeNull();
  });
});

describe('a scan', () => {
  const running = operation('s', {
    kind: 'disk.scan',
    target: '/',
    cancellable: true
  });

  it('that is started is under way at once, and gives no notification', async () => {
    const startedHere = vi.fn();
    manager.operations.startedHere.connect(startedHere);
    server.on('POST disk/scan', () => json(running, 202));
    await manager.scan.start({ anew: true });
    expect(manager.scan.running?.id).toBe('s');
    expect(server.bodies).toEqual([{ root: null, anew: true }]);
    expect(startedHere).not.toHaveBeenCalled();
  });

  it('that ends brings its result', async () => {
    manager.scan.watch();
    await after(SECOND);
    manager.operations.apply(running);
    server.on(SCAN, () => scanStatus(scanResult(smallTree())));
    manager.operations.apply({ ...running, revision: 2, state: 'succeeded' });
    await after(SECOND);
    expect(manager.scan.running).toBeNull();
    expect(manager.scan.state).toMatchObject({
      value: { result: { bytes: 100_000_000_000 } }
    });
  });

  it('is followed without events, too', async () => {
    server
      .on(SCAN, () => scanStatus(null, { operation_id: 's' }))
      .on('GET operations', () => ({ items: [running], warning: null }));
    manager.scan.watch();
    await after(SECOND);
    expect(manager.scan.running?.id).toBe('s');
    server
      .on(SCAN, () => scanStatus(scanResult(smallTree())))
      .on('GET operations', () => ({
        items: [{ ...running, revision: 2, state: 'succeeded' }],
        warning: null
      }));
    await after(3 * SECOND);
    expect(manager.scan.running).toBeNull();
    expect(manager.scan.state).toMatchObject({
      value: { operation_id: null, result: { files: 1 } }
    });
  });

  it('that is cancelled is told as cancelled, and stays in the list', async () => {
    manager.operations.apply(running);
    server
      .on('DELETE operations/s', () => new Response(null, { status: 204 }))
      .on('GET operations', () => ({
        items: [{ ...running, revision: 2, state: 'cancelled' }],
        warning: null
      }));
    await manager.scan.cancel();
    expect(manager.scan.running).toBeNull();
    expect(manager.operations.items[0]?.state).toBe('cancelled');
  });

  it('that is refused says why', async () => {
    server.on('POST disk/scan', () => refusal(409, 'OperationInProgress'));
    await expect(manager.scan.start()).rejects.toBeInstanceOf(RequestError);
  });
});
