/**
 * When lines were seen to arrive, and how fast they do; it knows nothing of what is in them.
 */

/** Over how long the pace is averaged. */
const PACE_MS = 5000;

interface IArrival {
  readonly line: number;
  readonly at: number;
}

/**
 * The times of what arrived while it was watched. What was there before has none.
 */
export class ArrivalTimes {
  /** When something last arrived, in milliseconds, or null. */
  get last(): number | null {
    return this._last;
  }

  /** Bytes have arrived, the first of them in this line. */
  note(line: number, bytes: number, now: number): void {
    this._last = now;
    this._recent.push({ at: now, bytes });
    this._recent = this._recent.filter(each => each.at > now - PACE_MS);
    const before = this._arrivals[this._arrivals.length - 1];
    // To the second is as exact as it is shown.
    if (
      before === undefined ||
      (line > before.line && now - before.at >= 1000)
    ) {
      this._arrivals.push({ line, at: now });
    }
  }

  clear(): void {
    this._arrivals = [];
    this._recent = [];
    this._last = null;
  }

  /** When a line arrived, in milliseconds; null where it was there before. */
  of(line: number): number | null {
    let low = 0;
    let high = this._arrivals.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this._arrivals[middle]?.line ?? 0) <= line) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this._arrivals[low - 1]?.at ?? null;
  }

  /** Bytes per second of late. */
  pace(now: number): number {
    const bytes = this._recent
      .filter(each => each.at > now - PACE_MS)
      .reduce((sum, each) => sum + each.bytes, 0);
    return bytes / (PACE_MS / 1000);
  }

  private _arrivals: IArrival[] = [];
  private _last: number | null = null;
  private _recent: { readonly at: number; readonly bytes: number }[] = [];
}
