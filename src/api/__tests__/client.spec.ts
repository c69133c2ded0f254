import { describe, expect, it, vi } from 'vitest';

import { instance, instanceList } from '../../__tests__/builders';
import { FakeServer, refusal } from '../../__tests__/fakeServer';
import { CiManagerClient } from '../client';
import { RequestError } from '../errors';
import type { RequestFailure } from '../errors';

async function failureOf(request: Promise<unknown>): Promise<RequestFailure> {
  try {
    await request;
  } catch (reason) {
    return RequestError.failureOf(reason);
  }
  throw new Error('It should have failed.');
}

describe('the client', () => {
  it('asks below the base URL of the server, whatever that is', async () => {
    const server = new FakeServer().on('GET instances', () =>
      instanceList([instance('ds-amy')])
    );
    const list = await new CiManagerClient(server.settings).instances();
    expect(list.items[0]?.name).toBe('ds-amy');
    expect(server.requests[0]?.url.href).toBe(
      'http://jupyter.test/user/x/ci-manager/instances?limit=5000'
    );
  });

  it('escapes names, so that none reaches another route', async () => {
    const server = new FakeServer();
    await failureOf(
      new CiManagerClient(server.settings).instance('../workspace?x=1#y')
    );
    expect(server.requests[0]?.url.pathname).toBe(
      '/user/x/ci-manager/instances/..%2Fworkspace%3Fx%3D1%23y'
    );
  });

  it('hands on what the server extension says of an error, request id included', async () => {
    const server = new FakeServer().on('POST instances/ds-amy/stop', () =>
      refusal(409, 'WrongState', { hint: 'Wait.', request_id: 'r-1' })
    );
    const failure = await failureOf(
      new CiManagerClient(server.settings).changePower('ds-amy', 'stop')
    );
    expect(failure).toEqual({
      kind: 'refused',
      error: {
        code: 'WrongState',
        message: 'WrongState!',
        hint: 'Wait.',
        details: null,
        request_id: 'r-1'
      }
    });
  });

  it('tells a server without the extension from one that refuses', async () => {
    const client = new CiManagerClient(new FakeServer().settings);
    expect(await failureOf(client.workspace())).toEqual({
      kind: 'not_installed'
    });
  });

  it('tells a refusal of Jupyter itself from one of the extension', async () => {
    const server = new FakeServer().on(
      'GET workspace',
      () => new Response('{"message": "Forbidden"}', { status: 403 })
    );
    expect(
      await failureOf(new CiManagerClient(server.settings).workspace())
    ).toEqual({ kind: 'jupyter', status: 403, message: 'Forbidden' });
  });

  it('does not take a login page for an answer', async () => {
    const server = new FakeServer().on(
      'GET workspace',
      () => new Response('<html>Sign in</html>')
    );
    expect(
      await failureOf(new CiManagerClient(server.settings).workspace())
    ).toEqual({ kind: 'not_json', status: 200 });
  });

  it('says that the server is unreachable when the network fails', async () => {
    const server = new FakeServer().on('GET workspace', () => {
      throw new TypeError('Failed to fetch');
    });
    expect(
      await failureOf(new CiManagerClient(server.settings).workspace())
    ).toEqual({ kind: 'unreachable', message: 'Failed to fetch' });
  });

  it('gives up when there is no answer in time', async () => {
    vi.useFakeTimers();
    const server = new FakeServer().on(
      'GET workspace',
      () => new Promise<object>(() => undefined)
    );
    const failure = failureOf(
      new CiManagerClient(server.settings, 5).workspace()
    );
    await vi.advanceTimersByTimeAsync(5000);
    expect(await failure).toEqual({ kind: 'timeout', seconds: 5 });
    vi.useRealTimers();
  });

  it('tells giving up by the caller from running out of time', async () => {
    const server = new FakeServer().on(
      'GET names/ds-amy',
      () => new Promise<object>(() => undefined)
    );
    const controller = new AbortController();
    const failure = failureOf(
      new CiManagerClient(server.settings).checkName('ds-amy', {
        signal: controller.signal
      })
    );
    await vi.waitFor(() => {
      expect(server.requests).toHaveLength(1);
    });
    controller.abort();
    expect(await failure).toEqual({ kind: 'aborted' });
  });

  it('needs no body in the answer to a removal', async () => {
    const server = new FakeServer().on(
      'DELETE operations/o1',
      () => new Response(null, { status: 204 })
    );
    await new CiManagerClient(server.settings).dismissOperation('o1');
    expect(server.count('DELETE operations/o1')).toBe(1);
  });
});
