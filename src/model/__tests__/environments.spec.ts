import { describe, expect, it, vi } from 'vitest';

import {
  environment,
  environmentList,
  environmentServer,
  kernel,
  work
} from '../../__tests__/environmentBuilders';
import { managerOf, refusal } from '../../__tests__/fakeServer';
import type { Operation } from '../../api/types';

function eventOf(operation: Operation): {
  schema_id: string;
  operation: never;
} {
  return {
    schema_id: 'https://events.jupyter.org/jupyter_ci_manager/operation/v1',
    // The types of events know JSON only.
    operation: operation as never
  };
}

describe('the list of environments', () => {
  it('stays as it was, and says so, when it cannot be asked anew', async () => {
    const server = environmentServer([environment('train')]);
    const { manager } = managerOf(server);
    await manager.environments.refresh();
    server.on('GET environments', () => refusal(500, 'Broken'));
    await manager.environments.refresh();
    expect(manager.environments.find('id-train')).not.toBeNull();
    expect(manager.environments.state).toMatchObject({
      status: 'known',
      stale: { kind: 'refused' }
    });
  });

  it('is asked again soon while sizes are worked out, if someone looks', async () => {
    vi.useFakeTimers();
    const unmeasured = environment('train', { bytes: null });
    const server = environmentServer().on('GET environments', () => ({
      ...environmentList([unmeasured]),
      measuring: true
    }));
    const { manager } = managerOf(server);
    manager.environments.automatic = false;
    const watch = manager.environments.watch();
    await manager.environments.refresh();
    const asked = server.count('GET environments');
    server.on('GET environments', () =>
      environmentList([environment('train', { bytes: 5 })])
    );
    await vi.advanceTimersByTimeAsync(1500);
    expect(server.count('GET environments')).toBe(asked + 1);
    expect(manager.environments.find('id-train')?.bytes).toBe(5);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(server.count('GET environments')).toBe(asked + 1);
    watch.dispose();
    vi.useRealTimers();
  });

  it('is asked anew when work on one begins and ends, if someone looks', async () => {
    const server = environmentServer();
    const { manager, push } = managerOf(server);
    const watch = manager.environments.watch();
    await manager.environments.refresh();
    const asked = server.count('GET environments');
    push(eventOf(work('o')));
    await vi.waitFor(() => {
      expect(server.count('GET environments')).toBe(asked + 1);
    });
    push(eventOf(work('o', { state: 'succeeded', revision: 2 })));
    await vi.waitFor(() => {
      expect(server.count('GET environments')).toBe(asked + 2);
    });
    watch.dispose();
  });
});

describe('the kernels', () => {
  it('have changed when work has ended that makes or removes some', () => {
    const { manager, push } = managerOf(environmentServer());
    const changed = vi.fn();
    manager.kernels.specsChanged.connect(changed);
    push(eventOf(work('o')));
    push(eventOf(work('p', { kind: 'environment.plan', state: 'succeeded' })));
    expect(changed).not.toHaveBeenCalled();
    push(eventOf(work('o', { state: 'failed', revision: 2 })));
    expect(changed).toHaveBeenCalledOnce();
  });

  it('have changed when one was renamed, which is asked for by its name', async () => {
    const server = environmentServer([], [kernel('a b')]).on(
      'PUT kernels/a%20b',
      () => kernel('a b', { display_name: 'Mine' })
    );
    const { manager } = managerOf(server);
    const changed = vi.fn();
    manager.kernels.specsChanged.connect(changed);
    await manager.kernels.rename('a b', 'Mine');
    expect(server.bodies).toEqual([{ display_name: 'Mine' }]);
    expect(changed).toHaveBeenCalledOnce();
  });

  it('of an environment are those of its prefix', async () => {
    const { manager } = managerOf(
      environmentServer([], [kernel('a', { prefix: '/envs/a' }), kernel('b')])
    );
    await manager.kernels.refresh();
    expect(manager.kernels.ofPrefix('/envs/a').map(each => each.name)).toEqual([
      'a'
    ]);
  });
});

describe('a person who wants nothing asked by the clock', () => {
  it('still sees the work go on', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = environmentServer();
    const { manager, push } = managerOf(server);
    manager.environments.automatic = false;
    const watch = manager.environments.watch();
    await manager.environments.refresh();
    const calm = server.count('GET environments');
    await vi.advanceTimersByTimeAsync(300_000);
    expect(server.count('GET environments')).toBe(calm);
    server.on('GET operations', () => ({ items: [work('o')], warning: null }));
    push(eventOf(work('o')));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.count('GET environments')).toBeGreaterThan(calm + 3);
    watch.dispose();
    vi.useRealTimers();
  });
});
