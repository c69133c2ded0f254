/**
 * When to ask the server again: by a poll while someone watches, at once when something changed.
 * It knows nothing of what is asked.
 */
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

import { Coalescer } from './coalescer';

/** News come in bursts: wait for the rest of one before asking. */
const SETTLE_MS = 150;

const LONGEST_INTERVAL_MS = 5 * 60 * 1000;
const SHORTEST_INTERVAL_MS = 500;

/**
 * Keeps something fresh for as long as it has watchers.
 */
export class Freshness implements IDisposable {
  /**
   * @param _refresh - Fetches, and resolves to the seconds after which to fetch again; its
   * rejection makes the poll back off.
   */
  constructor(private readonly _refresh: (force: boolean) => Promise<number>) {
    this._poll = new Poll({
      name: 'jupyter-ci-manager:freshness',
      auto: false,
      factory: () => this._runs.run(),
      frequency: {
        interval: 10_000,
        backoff: true,
        max: LONGEST_INTERVAL_MS
      },
      linger: 0,
      standby: () => (this._automatic || this._outdated ? 'when-hidden' : true)
    });
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Whether to fetch by the clock as well, or only when asked or told. */
  set automatic(value: boolean) {
    this._automatic = value;
  }

  dispose(): void {
    this._poll.dispose();
  }

  /** Keep it fresh until the result is disposed. */
  watch(): IDisposable {
    this._watchers += 1;
    if (this._watchers === 1) {
      this._resume();
    }
    return new DisposableDelegate(() => {
      this._watchers -= 1;
      if (this._watchers === 0) {
        void this._poll.stop();
      }
    });
  }

  /** Something changed: fetch soon if someone watches, else when someone next does. */
  wake(): void {
    this._outdated = true;
    if (this._watchers > 0 && !this._settling && !this._running) {
      this._settle();
    }
  }

  /** Fetch now, whoever watches. */
  async refresh(): Promise<void> {
    await this._runs.run(true);
    if (this._watchers > 0) {
      this._resume();
    }
  }

  private async _run(force: boolean): Promise<void> {
    this._running = true;
    this._settling = false;
    this._outdated = false;
    this._freshUntil = 0;
    try {
      const interval = (await this._refresh(force)) * 1000;
      this._freshUntil = Date.now() + interval;
      this._poll.frequency = {
        ...this._poll.frequency,
        interval: Math.min(
          Math.max(interval, SHORTEST_INTERVAL_MS),
          LONGEST_INTERVAL_MS
        )
      };
    } finally {
      this._running = false;
    }
    if (this._watchers > 0 && this._isOutdated()) {
      this._settle();
    }
  }

  /** Whether news came in; a method, because it may change during any await. */
  private _isOutdated(): boolean {
    return this._outdated;
  }

  private _settle(): void {
    this._settling = true;
    this._tickIn(SETTLE_MS);
  }

  private _resume(): void {
    this._settling = false;
    const now = Date.now();
    this._tickIn(
      this._outdated || now >= this._freshUntil
        ? Poll.IMMEDIATE
        : this._freshUntil - now
    );
  }

  private _tickIn(interval: number): void {
    void this._poll.schedule({ interval, phase: 'started' });
  }

  private readonly _poll: Poll<void, unknown>;
  private readonly _runs = new Coalescer(force => this._run(force));
  private _automatic = true;
  private _freshUntil = 0;
  private _outdated = true;
  private _running = false;
  private _settling = false;
  private _watchers = 0;
}
