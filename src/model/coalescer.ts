/**
 * Keeps requests from piling up; knows nothing of what is requested.
 */

/**
 * Runs a task so that one run is under way at most, and one more waits at most.
 *
 * #### Notes
 * Whoever asks while a run is under way gets the next one: the one under way may have read the
 * world before it changed. `force` is a property of the run that answers: if anyone of those who
 * wait wants it, it is forced for all.
 */
export class Coalescer {
  constructor(private readonly _task: (force: boolean) => Promise<void>) {}

  run(force = false): Promise<void> {
    if (this._running === null) {
      return this._start(force);
    }
    this._nextIsForced ||= force;
    this._next ??= this._running.then(
      () => this._startNext(),
      () => this._startNext()
    );
    return this._next;
  }

  private _startNext(): Promise<void> {
    const force = this._nextIsForced;
    this._next = null;
    this._nextIsForced = false;
    return this._start(force);
  }

  private _start(force: boolean): Promise<void> {
    const running = this._task(force).finally(() => {
      if (this._running === running) {
        this._running = null;
      }
    });
    this._running = running;
    return running;
  }

  private _running: Promise<void> | null = null;
  private _next: Promise<void> | null = null;
  private _nextIsForced = false;
}
