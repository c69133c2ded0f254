/**
 * How requests to the routes under `ci-manager/` are sent, given up and read; knows no route.
 */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { JSONValue } from '@lumino/coreutils';

import { Deadline } from './deadline';
import { RequestError } from './errors';
import { bodyOf } from './response';

/**
 * What a caller may say about any request.
 */
export interface IRequestOptions {
  /** Ends the request when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/**
 * What a caller may say about a request that the server can answer from its cache.
 */
export interface IRefreshableOptions extends IRequestOptions {
  /** Whether the source is to be asked anew. */
  readonly refresh?: boolean;
}

/**
 * One request.
 */
export interface ICall {
  readonly path: readonly string[];
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: JSONValue;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends requests to one Jupyter server.
 */
export class Requests {
  constructor(
    private readonly _settings: ServerConnection.ISettings,
    private readonly _timeoutSeconds: number
  ) {}

  /** The JSON that a route answers. */
  async json<T>(call: ICall): Promise<T> {
    // The schema that the type is generated from is the server's promise.
    return this.send(call, async response => (await bodyOf(response)) as T);
  }

  /** The address of a route. */
  url({ path, query = {} }: ICall): string {
    return (
      URLExt.join(
        this._settings.baseUrl,
        'ci-manager',
        ...path.map(encodeURIComponent)
      ) + queryString(query)
    );
  }

  /** What is read of a route's answer. Rejects with a `RequestError`. */
  async send<T>(
    call: ICall,
    read: (response: Response) => Promise<T>
  ): Promise<T> {
    const { body, method = 'GET', signal } = call;
    const deadline = new Deadline(this._timeoutSeconds, signal);
    try {
      const response = await ServerConnection.makeRequest(
        this.url(call),
        {
          method,
          signal: deadline.signal,
          // Ask each time, but let the browser keep the body that the ETag stands for.
          cache: 'no-cache',
          ...(body === undefined ? {} : { body: JSON.stringify(body) })
        },
        this._settings
      );
      return await read(response);
    } catch (reason) {
      if (deadline.failure !== null) {
        throw new RequestError(deadline.failure);
      }
      // What fetch throws when the network fails, and what JupyterLab makes of it.
      if (reason instanceof TypeError) {
        throw new RequestError({
          kind: 'unreachable',
          message: reason.message
        });
      }
      throw reason;
    } finally {
      deadline.dispose();
    }
  }
}

/** A flag of a query string. */
export function flag(value: boolean | undefined): string | undefined {
  return value === true ? '1' : undefined;
}

function queryString(
  query: Readonly<Record<string, string | undefined>>
): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined
  );
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : '';
}
