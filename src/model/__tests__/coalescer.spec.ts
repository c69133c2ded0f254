import { PromiseDelegate } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';

import { Coalescer } from '../coalescer';

function recorded(): {
  readonly coalescer: Coalescer;
  readonly runs: {
    readonly force: boolean;
    readonly done: PromiseDelegate<void>;
  }[];
} {
  const runs: { force: boolean; done: PromiseDelegate<void> }[] = [];
  const coalescer = new Coalescer(force => {
    const done = new PromiseDelegate<void>();
    runs.push({ force, done });
    return done.promise;
  });
  return { coalescer, runs };
}

describe('a coalescer', () => {
  it('lets one run wait for the one under way, however often it is asked', async () => {
    const { coalescer, runs } = recorded();
    const first = coalescer.run();
    const others = [coalescer.run(), coalescer.run(), coalescer.run()];
    expect(runs).toHaveLength(1);
    runs[0]?.done.resolve();
    await first;
    await Promise.resolve();
    expect(runs).toHaveLength(2);
    runs[1]?.done.resolve();
    await Promise.all(others);
    expect(runs).toHaveLength(2);
  });

  it('forces the run that waits when anyone of those who wait wants that', async () => {
    const { coalescer, runs } = recorded();
    const first = coalescer.run();
    const second = coalescer.run();
    const third = coalescer.run(true);
    runs[0]?.done.resolve();
    await first;
    await Promise.resolve();
    expect(runs.map(run => run.force)).toEqual([false, true]);
    runs[1]?.done.resolve();
    await Promise.all([second, third]);
  });

  it('runs what waits also when the run before it failed', async () => {
    const { coalescer, runs } = recorded();
    const first = coalescer.run();
    const second = coalescer.run();
    runs[0]?.done.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    await Promise.resolve();
    runs[1]?.done.resolve();
    await second;
    expect(runs).toHaveLength(2);
  });

  it('starts anew once nothing is under way', async () => {
    const { coalescer, runs } = recorded();
    const first = coalescer.run();
    runs[0]?.done.resolve();
    await first;
    void coalescer.run();
    expect(runs).toHaveLength(2);
  });
});
