import { describe, expect, it, vi } from 'vitest';

import { operation } from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import type { Operation } from '../../api/types';

const STOP = 'POST instances/ds-amy/stop';

describe('operations', () => {
  it('take the newest revision, in whichever order news arrive', () => {
    const { manager } = managerOf(new FakeServer());
    manager.operations.apply(operation('o1', { revision: 3, message: 'new' }));
    manager.operations.apply(operation('o1', { revision: 2, message: 'old' }));
    expect(manager.operations.items.map(each => each.message)).toEqual(['new']);
  });

  it('that end before their request is answered are told as ended', () => {
    const { manager } = managerOf(new FakeServer());
    const told: string[] = [];
    manager.operations.startedHere.connect((_, each: Operation) => {
      told.push(each.state);
    });
    manager.operations.apply(operation('o1', { revision: 3, state: 'failed' }));
    manager.operations.adopt(operation('o1', { revision: 0, state: 'queued' }));
    expect(told).toEqual(['failed']);
  });

  it('are listed newest first', () => {
    const { manager } = managerOf(new FakeServer());
    manager.operations.apply(
      operation('early', { created_at: '2026-03-02T12:00:00Z' })
    );
    manager.operations.apply(
      operation('late', { created_at: '2026-03-02T13:00:00Z' })
    );
    expect(manager.operations.items.map(each => each.id)).toEqual([
      'late',
      'early'
    ]);
  });

  it('that the server has forgotten disappear, but not those it told of meanwhile', async () => {
    let answer: (list: object) => void = () => undefined;
    const server = new FakeServer().on(
      'GET operations',
      () =>
        new Promise<object>(resolve => {
          answer = resolve;
        })
    );
    const { manager } = managerOf(server);
    manager.operations.apply(operation('forgotten'));
    const refreshed = manager.operations.refresh();
    await vi.waitFor(() => {
      expect(server.count('GET operations')).toBe(1);
    });
    manager.operations.apply(operation('meanwhile', { target: 'b' }));
    answer({ items: [], warning: null });
    await refreshed;
    expect(manager.operations.items.map(each => each.id)).toEqual([
      'meanwhile'
    ]);
  });

  it('say why they could not be listed, and keep what is known', async () => {
    const server = new FakeServer().on('GET operations', () =>
      refusal(503, 'Busy')
    );
    const { manager } = managerOf(server);
    manager.operations.apply(operation('o1'));
    await manager.operations.refresh();
    expect(manager.operations.failure).toMatchObject({ kind: 'refused' });
    expect(manager.operations.items).toHaveLength(1);
  });

  it('leave the list when they are dismissed, and stay when that is refused', async () => {
    const server = new FakeServer()
      .on('DELETE operations/done', () => new Response(null, { status: 204 }))
      .on('DELETE operations/busy', () => refusal(409, 'NotCancellable'));
    const { manager } = managerOf(server);
    manager.operations.apply(operation('done', { state: 'succeeded' }));
    manager.operations.apply(operation('busy'));
    await manager.operations.dismiss('done');
    await expect(manager.operations.dismiss('busy')).rejects.toThrow(
      'NotCancellable'
    );
    expect(manager.operations.items.map(each => each.id)).toEqual(['busy']);
  });
});

describe('actions', () => {
  it('are pending from the click until the server has answered', async () => {
    const server = new FakeServer().on(STOP, () => json(operation('o1'), 202));
    const { manager } = managerOf(server);
    const answered = manager.actions.run('ds-amy', 'stop');
    expect(manager.actions.pending.get('ds-amy')).toBe('stop');
    await answered;
    expect(manager.actions.pending.size).toBe(0);
    expect(manager.operations.activeOn('ds-amy')?.id).toBe('o1');
  });

  it('are not pending any more when they were refused', async () => {
    const server = new FakeServer().on(STOP, () => refusal(409, 'WrongState'));
    const { manager } = managerOf(server);
    await expect(manager.actions.run('ds-amy', 'stop')).rejects.toThrow(
      'WrongState'
    );
    expect(manager.actions.pending.size).toBe(0);
    expect(manager.operations.items).toHaveLength(0);
  });

  it('tell which operations were started in this tab, and only those', async () => {
    const server = new FakeServer().on(STOP, () =>
      json(operation('here'), 202)
    );
    const { manager } = managerOf(server);
    const started: string[] = [];
    manager.operations.startedHere.connect((_, each: Operation) => {
      started.push(each.id);
    });
    manager.operations.apply(operation('elsewhere', { target: 'b' }));
    await manager.actions.run('ds-amy', 'stop');
    expect(started).toEqual(['here']);
  });
});
