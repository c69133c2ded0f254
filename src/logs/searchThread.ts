/**
 * Starts the search's thread, asks it, and ends it when it takes too long.
 */
import { searchPiece } from './searchPiece';
import type { ISearchRequest } from './searchPiece';

/** A mebibyte of log takes some hundredths of a second with a pattern that makes sense. */
const PATIENCE_MS = 5000;

/** Searches a piece of a log. Rejects with `TooSlow`, or when it is disposed. */
export interface ISearchThread {
  search(request: ISearchRequest): Promise<Uint32Array>;
  dispose(): void;
}

/**
 * A pattern that takes too long.
 */
export class TooSlow extends Error {
  constructor() {
    super('The search took too long.');
    this.name = 'TooSlow';
  }
}

/** A search whose thread was ended because nobody waits for it. */
export class Ended extends Error {
  constructor() {
    super('The search was ended.');
    this.name = 'Ended';
  }
}

/**
 * A worker of the browser. It answers one request at a time.
 */
export class SearchWorker implements ISearchThread {
  search(request: ISearchRequest): Promise<Uint32Array> {
    const worker = (this._worker ??= new Worker(
      new URL('./search.worker.js', import.meta.url)
    ));
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this._end = null;
      };
      const timer = setTimeout(() => {
        this.dispose(new TooSlow());
      }, PATIENCE_MS);
      this._end = reason => {
        finish();
        reject(reason);
      };
      worker.onmessage = ({ data }: MessageEvent<Uint32Array>) => {
        finish();
        resolve(data);
      };
      worker.onerror = event => {
        this.dispose(new Error(event.message));
      };
      worker.postMessage(request);
    });
  }

  dispose(reason: Error = new Ended()): void {
    this._worker?.terminate();
    this._worker = null;
    this._end?.(reason);
  }

  private _end: ((reason: Error) => void) | null = null;
  private _worker: Worker | null = null;
}

/** The same without a thread of its own, where there are none: in tests. */
export class SearchHere implements ISearchThread {
  async search(request: ISearchRequest): Promise<Uint32Array> {
    await Promise.resolve();
    return searchPiece(request);
  }

  dispose(): void {
    return;
  }
}
