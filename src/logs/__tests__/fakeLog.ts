/**
 * A log of the server of a test: bytes that can grow, be cut or be replaced, and a server that can be
 * away. It answers as the route does, and does not wait.
 */
import { FakeServer, refusal } from '../../__tests__/fakeServer';
import type { LogDiagnosis, LogFile, LogList } from '../../api/types';
import { bytes } from './lines';

/** At most so many bytes are in an answer. */
const CHUNK = 1024 * 1024;

export class FakeLog {
  constructor(
    readonly server = new FakeServer(),
    path = 'instances/ds-amy/logs/setup.log'
  ) {
    server.on(`GET ${path}`, url => this._answer(url));
  }

  /** Asked for at these offsets. */
  readonly offsets: number[] = [];

  /** What the server answers instead, where it is not there. */
  away: (() => Response) | null = null;

  append(text: string | Uint8Array): void {
    const more = typeof text === 'string' ? bytes(text) : text;
    const all = new Uint8Array(this._bytes.length + more.length);
    all.set(this._bytes);
    all.set(more, this._bytes.length);
    this._bytes = all;
    this._tell();
  }

  /** Another file takes its place. */
  replace(text: string): void {
    this._bytes = bytes(text);
    this._generation += 1;
    this._tell();
  }

  private async _answer(url: URL): Promise<Response> {
    const offset = Number(url.searchParams.get('offset'));
    const generation = url.searchParams.get('generation') ?? '';
    this.offsets.push(offset);
    if (this.away !== null) {
      return this.away();
    }
    const isAnother =
      generation !== '' && generation !== String(this._generation);
    if (
      !isAnother &&
      offset >= this._bytes.length &&
      url.searchParams.get('wait') !== '0'
    ) {
      await new Promise<void>(resolve => {
        this._tell = resolve;
      });
      return this._answer(url);
    }
    const from = isAnother ? 0 : offset;
    const data = this._bytes.slice(from, from + CHUNK);
    return new Response(data, {
      headers: {
        'Ci-Log-Offset': String(from),
        'Ci-Log-Next': String(from + data.length),
        'Ci-Log-Size': String(this._bytes.length),
        'Ci-Log-Generation': String(this._generation),
        ...(isAnother ? { 'Ci-Log-Change': 'replaced' } : {})
      }
    });
  }

  private _bytes = new Uint8Array(0);
  private _generation = 1;
  private _tell: () => void = () => undefined;
}

/** A server that is being restarted. */
export function gone(): Response {
  throw new TypeError('Failed to fetch');
}

/** A refusal that lasts. */
export function notFound(): Response {
  return refusal(404, 'LogNotFound');
}

export function logFile(id: string, given: Partial<LogFile> = {}): LogFile {
  return {
    id,
    name: id,
    size_bytes: 10,
    modified_at: '2026-03-02T12:00:00Z',
    phase: 'creation',
    outcome: 'unknown',
    exit_status: null,
    ...given
  };
}

export function logList(
  items: LogFile[],
  given: Partial<LogList> = {}
): LogList {
  return {
    source: 'azure_files',
    place: 'share code-391ff5ac, folder Logs/ds-amy',
    items,
    truncated: false,
    error: null,
    ...given
  };
}

export function diagnosis(given: Partial<LogDiagnosis> = {}): LogDiagnosis {
  return {
    outcome: 'failed',
    exit_status: 1,
    size_bytes: 10,
    first_error_line: null,
    first_error_offset: null,
    hints: [],
    ...given
  };
}
