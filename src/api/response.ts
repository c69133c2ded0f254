/**
 * What an HTTP response says: a body, or which kind of failure; sends nothing itself.
 */
import { RequestError } from './errors';
import type { RequestFailure } from './errors';
import type { ErrorBody } from './types';

const NO_CONTENT = 204;
const NOT_FOUND = 404;

/**
 * The JSON body of a response; null where it has none by intent.
 *
 * @throws RequestError - when the status or the body is not what our server sends.
 */
export async function bodyOf(response: Response): Promise<unknown> {
  const { status } = response;
  if (status === NO_CONTENT) {
    return null;
  }
  const body = parse(await response.text());
  if (!response.ok) {
    throw new RequestError(failureOf(status, body));
  }
  if (body === undefined) {
    throw new RequestError({ kind: 'not_json', status });
  }
  return body;
}

/**
 * A piece of a log, as its route answers it.
 */
export interface ILogChunk {
  readonly data: Uint8Array;
  /** Of the first byte. */
  readonly offset: number;
  /** Where to go on. */
  readonly nextOffset: number;
  /** Of the whole log, in bytes. */
  readonly size: number;
  /** Which incarnation of the file this is of. */
  readonly generation: string;
  /** What was read before is not what is there: this begins anew. */
  readonly change: 'truncated' | 'replaced' | null;
}

/**
 * A piece of a log from a response.
 *
 * @throws RequestError - as `bodyOf` does.
 */
export async function chunkOf(response: Response): Promise<ILogChunk> {
  const { headers, ok, status } = response;
  if (!ok) {
    throw new RequestError(failureOf(status, parse(await response.text())));
  }
  const offset = numberOf(headers.get('Ci-Log-Offset'));
  const nextOffset = numberOf(headers.get('Ci-Log-Next'));
  const size = numberOf(headers.get('Ci-Log-Size'));
  if (offset === null || nextOffset === null || size === null) {
    throw new RequestError({ kind: 'not_json', status });
  }
  const change = headers.get('Ci-Log-Change');
  return {
    data: new Uint8Array(await response.arrayBuffer()),
    offset,
    nextOffset,
    size,
    generation: headers.get('Ci-Log-Generation') ?? '',
    change: change === 'truncated' || change === 'replaced' ? change : null
  };
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function failureOf(status: number, body: unknown): RequestFailure {
  if (hasError(body)) {
    return { kind: 'refused', error: body.error };
  }
  if (status === NOT_FOUND) {
    return { kind: 'not_installed' };
  }
  if (hasMessage(body)) {
    return { kind: 'jupyter', status, message: body.message };
  }
  return { kind: 'not_json', status };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (reason) {
    if (reason instanceof SyntaxError) {
      return undefined;
    }
    throw reason;
  }
}

function hasError(body: unknown): body is { readonly error: ErrorBody } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof body.error === 'object' &&
    body.error !== null
  );
}

function hasMessage(body: unknown): body is { readonly message: string } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'message' in body &&
    typeof body.message === 'string'
  );
}
