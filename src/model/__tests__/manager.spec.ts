import { describe, expect, it, vi } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  stopped,
  workspaceStatus
} from '../../__tests__/builders';
import { FakeServer, managerOf, refusal } from '../../__tests__/fakeServer';

const OPERATION_EVENT =
  'https://events.jupyter.org/jupyter_ci_manager/operation/v1';
const INSTANCES_EVENT =
  'https://events.jupyter.org/jupyter_ci_manager/instances/v1';

function readyServer(): FakeServer {
  return new FakeServer()
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () => instanceList([instance('ds-amy')]));
}

describe('the manager', () => {
  it('asks nothing before someone looks', async () => {
    const server = readyServer();
    managerOf(server);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.requests).toHaveLength(0);
  });

  it('fetches workspace, instances and operations once when someone looks', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    manager.watch();
    await vi.waitFor(() => {
      expect(manager.instances.state.status).toBe('ready');
    });
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(server.requests.map(each => each.route).sort()).toEqual([
      'GET instances',
      'GET operations',
      'GET workspace'
    ]);
  });

  it('asks for no instances without a sign-in, and for them as soon as there is one', async () => {
    const server = readyServer().on('GET workspace', () =>
      workspaceStatus({ state: 'signed_out', workspace: null })
    );
    const { manager } = managerOf(server);
    await manager.refresh();
    expect(manager.workspace.state).toMatchObject({
      value: { state: 'signed_out' }
    });
    expect(server.count('GET instances')).toBe(0);
    server.on('GET workspace', () => workspaceStatus());
    await manager.refresh();
    expect(manager.instances.find('ds-amy')).not.toBeNull();
  });

  it('tries to sign in anew when it is refreshed by hand', async () => {
    const server = readyServer().on('GET workspace', () =>
      workspaceStatus({ state: 'signed_out', workspace: null })
    );
    const { manager } = managerOf(server);
    await manager.refresh();
    expect(server.requests[0]?.url.searchParams.get('refresh')).toBe('1');
  });

  it('loads all pages', async () => {
    const server = readyServer().on('GET instances', url =>
      url.searchParams.get('cursor') === null
        ? instanceList([instance('a')], { total: 2, cursor: 'next' })
        : instanceList([instance('b')], { total: 2 })
    );
    const { manager } = managerOf(server);
    await manager.refresh();
    expect(manager.instances.state).toMatchObject({
      items: [{ name: 'a' }, { name: 'b' }]
    });
  });

  it('keeps the list and says why it is old when the Jupyter server goes away', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    await manager.refresh();
    server
      .on('GET workspace', () => {
        throw new TypeError('Failed to fetch');
      })
      .on('GET instances', () => {
        throw new TypeError('Failed to fetch');
      });
    await manager.refresh();
    expect(manager.instances.state).toMatchObject({
      status: 'ready',
      items: [{ name: 'ds-amy' }],
      stale: { kind: 'unreachable' }
    });
  });

  it('passes on that Azure could not be reached, with the items last known', async () => {
    const error = {
      code: 'AzureUnavailable',
      message: 'Azure could not be reached.',
      hint: null,
      details: null,
      request_id: 'r-1'
    };
    const server = readyServer().on('GET instances', () =>
      instanceList([instance('ds-amy')], { stale: true, error })
    );
    const { manager } = managerOf(server);
    await manager.refresh();
    expect(manager.instances.state).toMatchObject({
      items: [{ name: 'ds-amy' }],
      stale: { kind: 'refused', error: { request_id: 'r-1' } }
    });
  });

  it('fails without a list when nothing is known', async () => {
    const server = readyServer().on('GET instances', () =>
      refusal(503, 'AzureUnavailable')
    );
    const { manager } = managerOf(server);
    await manager.refresh();
    expect(manager.instances.state).toMatchObject({
      status: 'failed',
      failure: { error: { code: 'AzureUnavailable' } }
    });
  });

  it('looks at the workspace again when the list is refused, as the sign-in may be gone', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    await manager.refresh();
    server
      .on('GET instances', () => refusal(403, 'SignInRequired'))
      .on('GET workspace', () => workspaceStatus({ state: 'signed_out' }));
    await manager.refresh();
    expect(manager.workspace.isReady).toBe(false);
    expect(manager.instances.find('ds-amy')).not.toBeNull();
  });

  it('fetches the list anew when the server says that it changed', async () => {
    const server = readyServer();
    const { manager, push } = managerOf(server);
    manager.watch();
    await vi.waitFor(() => {
      expect(manager.instances.state.status).toBe('ready');
    });
    server.on('GET instances', () => instanceList([stopped('ds-amy')]));
    push({ schema_id: INSTANCES_EVENT, workspace_id: 'w', changes: [] });
    await vi.waitFor(() => {
      expect(manager.instances.find('ds-amy')?.state).toBe('Stopped');
    });
  });

  it('does not fetch for events of others', async () => {
    const server = readyServer();
    const { manager, push } = managerOf(server);
    manager.watch();
    await vi.waitFor(() => {
      expect(manager.instances.state.status).toBe('ready');
    });
    push({ schema_id: 'https://events.jupyter.org/contents_service/v1' });
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(server.count('GET instances')).toBe(1);
  });

  it('takes operations from events without asking', async () => {
    const server = readyServer();
    const { manager, push } = managerOf(server);
    push({ schema_id: OPERATION_EVENT, operation: operation('o1') });
    expect(manager.operations.activeOn('ds-amy')?.id).toBe('o1');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(server.requests).toHaveLength(0);
  });

  it('works by polling alone where there is no event stream', async () => {
    const server = readyServer().on('GET instances', () =>
      instanceList([instance('ds-amy')], { refresh_after_seconds: 0.5 })
    );
    const { CiManager } = await import('../manager');
    const manager = new CiManager({
      serverSettings: server.settings,
      services: {} as never
    });
    manager.watch();
    await vi.waitFor(
      () => {
        expect(server.count('GET instances')).toBeGreaterThan(1);
      },
      { timeout: 3000 }
    );
  });

  it('forgets the instances of the workspace before when another one is chosen', async () => {
    const other = workspaceStatus({
      workspace: {
        id: 'other',
        name: 'other',
        resource_group: 'g',
        subscription_id: 's',
        location: null
      }
    });
    const server = readyServer().on('PUT workspace', () => other);
    const { manager } = managerOf(server);
    await manager.refresh();
    manager.selection.selectOnly('ds-amy');
    await manager.workspace.select('other');
    expect(manager.instances.state.status).toBe('loading');
    expect(manager.selection.names.size).toBe(0);
  });

  it('shows the list of a workspace that was chosen in another tab at once', async () => {
    const server = readyServer();
    const { manager, push } = managerOf(server);
    manager.watch();
    await vi.waitFor(() => {
      expect(manager.instances.state.status).toBe('ready');
    });
    const heard: unknown[] = [];
    manager.instances.transitions.connect((_, changes) => {
      heard.push(...changes);
    });
    const workspace = { ...workspaceStatus().workspace, id: 'other' };
    server
      .on('GET workspace', () => ({ ...workspaceStatus(), workspace }))
      .on('GET instances', () =>
        instanceList([instance('of-other')], { workspace_id: 'other' })
      );
    push({ schema_id: INSTANCES_EVENT, workspace_id: 'other', changes: [] });
    await vi.waitFor(() => {
      expect(manager.workspace.state).toMatchObject({
        value: { workspace: { id: 'other' } }
      });
    });
    expect(manager.instances.find('of-other')).not.toBeNull();
    expect(heard).toEqual([]);
  });

  it('keeps the workspace that was chosen while the one before was asked for', async () => {
    const other = { ...workspaceStatus().workspace, id: 'other' };
    let answer: (status: object) => void = () => undefined;
    const server = readyServer()
      .on('PUT workspace', () => ({ ...workspaceStatus(), workspace: other }))
      .on(
        'GET workspace',
        () =>
          new Promise<object>(resolve => {
            answer = resolve;
          })
      );
    const { manager } = managerOf(server);
    const refreshed = manager.workspace.refresh();
    await vi.waitFor(() => {
      expect(server.count('GET workspace')).toBe(1);
    });
    await manager.workspace.select('other');
    answer(workspaceStatus());
    await refreshed;
    expect(manager.workspace.state).toMatchObject({
      value: { workspace: { id: 'other' } }
    });
  });

  it('drops an answer about the workspace before', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    await manager.refresh();
    let answer: (list: object) => void = () => undefined;
    server.on(
      'GET instances',
      () =>
        new Promise<object>(resolve => {
          answer = resolve;
        })
    );
    const refreshed = manager.instances.refresh();
    await vi.waitFor(() => {
      expect(server.count('GET instances')).toBe(2);
    });
    manager.instances.reset();
    answer(instanceList([instance('of-before')]));
    await refreshed;
    expect(manager.instances.state.status).toBe('loading');
  });

  it('announces what changed between two lists', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    await manager.refresh();
    const heard: unknown[] = [];
    manager.instances.transitions.connect((_, changes) => {
      heard.push(...changes);
    });
    server.on('GET instances', () =>
      instanceList([instance('new', { state: 'Creating' })])
    );
    await manager.refresh();
    expect(heard).toEqual([
      { name: 'new', state: 'Creating' },
      { name: 'ds-amy', state: null }
    ]);
  });

  it('deselects instances that are gone', async () => {
    const server = readyServer();
    const { manager } = managerOf(server);
    await manager.refresh();
    manager.selection.selectOnly('ds-amy');
    server.on('GET instances', () => instanceList([]));
    await manager.refresh();
    expect([...manager.selection.names]).toEqual([]);
  });
});
