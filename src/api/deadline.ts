/**
 * When to give a request up; knows nothing of HTTP.
 */
import type { RequestFailure } from './errors';

/**
 * A signal that fires when time is up or the caller gives up, and remembers which it was.
 */
export class Deadline {
  constructor(
    private readonly _seconds: number,
    private readonly _outer: AbortSignal | undefined
  ) {
    this._timer = setTimeout(this._onTimeout, _seconds * 1000);
    _outer?.addEventListener('abort', this._abort);
    if (_outer?.aborted === true) {
      this._abort();
    }
  }

  /** Pass it to the request. */
  get signal(): AbortSignal {
    return this._controller.signal;
  }

  /** Why the signal fired, or null when it did not. */
  get failure(): RequestFailure | null {
    if (this._outer?.aborted === true) {
      return { kind: 'aborted' };
    }
    return this._timedOut ? { kind: 'timeout', seconds: this._seconds } : null;
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._outer?.removeEventListener('abort', this._abort);
  }

  private readonly _onTimeout = (): void => {
    this._timedOut = true;
    this._controller.abort();
  };

  private readonly _abort = (): void => {
    this._controller.abort();
  };

  private readonly _controller = new AbortController();
  private readonly _timer: ReturnType<typeof setTimeout>;
  private _timedOut = false;
}
