import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Freshness } from '../freshness';

/** A refresh that takes no time and is due again after so many seconds. */
function counting(seconds = 10): {
  readonly freshness: Freshness;
  readonly refresh: ReturnType<typeof vi.fn>;
} {
  const refresh = vi.fn(() => Promise.resolve(seconds));
  return { freshness: new Freshness(refresh), refresh };
}

describe('freshness', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks nothing while nobody watches', async () => {
    const { freshness, refresh } = counting();
    freshness.wake();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('asks at once when someone begins to watch, then by the interval of the answer', async () => {
    const { freshness, refresh } = counting(10);
    freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    expect(refresh).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(refresh).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('stops when the last one stops watching', async () => {
    const { freshness, refresh } = counting(10);
    const first = freshness.watch();
    const second = freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    first.dispose();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(refresh).toHaveBeenCalledTimes(2);
    second.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('does not ask again for who looks away and back while the answer is fresh', async () => {
    const { freshness, refresh } = counting(10);
    freshness.watch().dispose();
    const watch = freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    watch.dispose();
    freshness.watch();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(refresh).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5_100);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('asks at once for who looks back after news came in meanwhile', async () => {
    const { freshness, refresh } = counting(60);
    const watch = freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    watch.dispose();
    freshness.wake();
    freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('asks once for a burst of news', async () => {
    const { freshness, refresh } = counting(60);
    freshness.watch();
    await vi.advanceTimersByTimeAsync(1);
    for (let each = 0; each < 50; each += 1) {
      freshness.wake();
      await vi.advanceTimersByTimeAsync(2);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('asks again for news that came in while it was asking', async () => {
    const refresh = vi.fn(
      () => new Promise<number>(resolve => setTimeout(resolve, 500, 60))
    );
    const freshness = new Freshness(refresh);
    freshness.watch();
    await vi.advanceTimersByTimeAsync(100);
    freshness.wake();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('never has two requests under way, however slow the server is', async () => {
    let underWay = 0;
    let most = 0;
    const freshness = new Freshness(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(resolve => setTimeout(resolve, 3_000));
      underWay -= 1;
      return 1;
    });
    freshness.watch();
    for (let each = 0; each < 20; each += 1) {
      freshness.wake();
      void freshness.refresh();
      await vi.advanceTimersByTimeAsync(700);
    }
    expect(most).toBe(1);
  });

  it('backs off while it fails', async () => {
    const refresh = vi.fn(() => Promise.reject(new Error('down')));
    const freshness = new Freshness(refresh);
    freshness.watch();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    // By its interval of 10 s alone there would be 60.
    expect(refresh.mock.calls.length).toBeGreaterThan(1);
    expect(refresh.mock.calls.length).toBeLessThan(20);
  });

  it('asks by hand and for news, but not by the clock, when that is switched off', async () => {
    const { freshness, refresh } = counting(10);
    freshness.automatic = false;
    freshness.watch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(1);
    freshness.wake();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(2);
    await freshness.refresh();
    expect(refresh).toHaveBeenLastCalledWith(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(3);
  });
});
