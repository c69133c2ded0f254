import type { IDisposable } from '@lumino/disposable';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { CiManagerClient } from '../../api/client';
import { LogReader } from '../logReader';
import { FakeLog, gone, notFound } from './fakeLog';
import { bytes } from './lines';

const KEEP = 4 * 1024 * 1024;

let held: IDisposable | null = null;

function reading(log: FakeLog): {
  readonly reader: LogReader;
  readonly text: () => string;
} {
  const reader = new LogReader(
    new CiManagerClient(log.server.settings),
    { kind: 'instance', name: 'ds-amy', log: 'setup.log' },
    KEEP
  );
  let text = '';
  reader.read.connect((_, { data, change }) => {
    text = (change === null ? text : '') + new TextDecoder().decode(data);
  });
  held = reader.watch();
  return { reader, text: () => text };
}

describe('the reader of a log', () => {
  afterEach(() => {
    held?.dispose();
    vi.useRealTimers();
  });

  it('reads what there is, and what comes', async () => {
    const log = new FakeLog();
    log.append('one\n');
    const { reader, text } = reading(log);
    await vi.waitFor(() => {
      expect(reader.status.kind).toBe('following');
    });
    log.append('two\n');
    await vi.waitFor(() => {
      expect(text()).toBe('one\ntwo\n');
    });
    expect(reader.place).toEqual({ offset: 8, size: 8 });
  });

  it('goes on at the same byte after a break, and says so while it lasts', async () => {
    const log = new FakeLog();
    log.append('one\n');
    const { reader, text } = reading(log);
    await vi.waitFor(() => {
      expect(text()).toBe('one\n');
    });
    log.away = gone;
    log.append('two\n');
    await vi.waitFor(() => {
      expect(reader.status.kind).toBe('reconnecting');
    });
    log.away = null;
    reader.retry();
    await vi.waitFor(() => {
      expect(text()).toBe('one\ntwo\n');
    });
    expect(log.offsets.filter(each => each !== 0 && each !== 4)).toEqual([8]);
  });

  it('tries again by itself, less and less often', async () => {
    vi.useFakeTimers();
    const log = new FakeLog();
    log.away = gone;
    const { reader } = reading(log);
    await vi.advanceTimersByTimeAsync(0);
    expect(log.offsets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(log.offsets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(log.offsets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(log.offsets.length).toBeLessThan(9);
    log.away = null;
    log.append('x');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reader.place.offset).toBe(1);
  });

  it('tells a refusal from a break', async () => {
    const log = new FakeLog();
    log.away = notFound;
    const { reader } = reading(log);
    await vi.waitFor(() => {
      expect(reader.status).toMatchObject({
        kind: 'refused',
        failure: { kind: 'refused', error: { code: 'LogNotFound' } }
      });
    });
  });

  it('begins anew when another file took the place of the log', async () => {
    const log = new FakeLog();
    log.append('the first log\n');
    const { text } = reading(log);
    await vi.waitFor(() => {
      expect(text()).toBe('the first log\n');
    });
    log.replace('another\n');
    await vi.waitFor(() => {
      expect(text()).toBe('another\n');
    });
  });

  it('reads the end of a log that is too long to be kept', async () => {
    const log = new FakeLog();
    log.append(bytes('x'.repeat(KEEP + 1000)));
    const { reader, text } = reading(log);
    await vi.waitFor(() => {
      expect(reader.status.kind).toBe('following');
    });
    expect(reader.skippedBytes).toBe(1000);
    expect(text()).toHaveLength(KEEP);
  });

  it('asks nothing while nobody looks, and then goes on where it was', async () => {
    const log = new FakeLog();
    log.append('one\n');
    const { reader, text } = reading(log);
    await vi.waitFor(() => {
      expect(text()).toBe('one\n');
    });
    held?.dispose();
    await vi.waitFor(() => {
      expect(reader.status.kind).toBe('paused');
    });
    const asked = log.offsets.length;
    log.append('two\n');
    expect(log.offsets).toHaveLength(asked);
    held = reader.watch();
    await vi.waitFor(() => {
      expect(text()).toBe('one\ntwo\n');
    });
  });
});
