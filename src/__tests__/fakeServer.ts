/**
 * A Jupyter server as far as `ServerConnection` sees it: routes answered by functions of the test.
 */
import { ServerConnection } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { Event } from '@jupyterlab/services';

import type { ErrorBody } from '../api/types';
import { CiManager } from '../model/manager';

/** What a route answers: JSON with status 200, or a response made by hand. */
export type Answer = object | Response | Promise<object | Response>;

/**
 * Routes by "METHOD path", the path without `ci-manager/` and without a query.
 */
export class FakeServer {
  readonly requests: { readonly route: string; readonly url: URL }[] = [];
  readonly bodies: unknown[] = [];

  /** Answer a route from now on. */
  on(route: string, answer: (url: URL) => Answer): this {
    this._routes.set(route, answer);
    return this;
  }

  /** How often a route was asked. */
  count(route: string): number {
    return this.requests.filter(each => each.route === route).length;
  }

  get settings(): ServerConnection.ISettings {
    return ServerConnection.makeSettings({
      baseUrl: 'http://jupyter.test/user/x/',
      fetch: (input, init) => this._answer(input as Request, init)
    });
  }

  private async _answer(
    request: Request,
    init: RequestInit | undefined
  ): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace('/user/x/ci-manager/', '');
    const route = `${request.method} ${path}`;
    this.requests.push({ route, url });
    if (request.method !== 'GET' && request.body !== null) {
      this.bodies.push(await request.clone().json());
    }
    const answer = this._routes.get(route);
    if (answer === undefined) {
      return new Response('<html>404</html>', { status: 404 });
    }
    const signal = init?.signal ?? request.signal;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new DOMException('aborted', 'AbortError'));
      });
    });
    const body = await Promise.race([answer(url), aborted]);
    return body instanceof Response ? body : json(body);
  }

  private readonly _routes = new Map<string, (url: URL) => Answer>();
}

/** A JSON response. */
export function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' }
  });
}

/** A refusal as the server extension sends it. */
export function refusal(
  status: number,
  code: string,
  given: Partial<ErrorBody> = {}
): Response {
  const error: ErrorBody = {
    code,
    message: `${code}!`,
    hint: null,
    details: null,
    request_id: null,
    ...given
  };
  return json({ error }, status);
}

/** A manager that talks to a server of the test, and the events that the server pushes. */
export function managerOf(server: FakeServer): {
  readonly manager: CiManager;
  readonly push: (emission: Event.Emission) => void;
} {
  const source = {};
  const stream = new Signal<object, Event.Emission>(source);
  const manager = new CiManager({
    serverSettings: server.settings,
    services: {
      events: { stream } as unknown as Event.IManager
    }
  });
  return {
    manager,
    push: emission => {
      stream.emit(emission);
    }
  };
}
