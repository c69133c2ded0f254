/**
 * Keeps rows where they are while their states change; knows nothing of what is in a row but its
 * name. Pure but for what it remembers.
 */

/**
 * Orders rows so that those already on screen keep their order until the person asks for another.
 *
 * #### Notes
 * New rows go in before the first row on screen that the comparison puts after them.
 */
export class RowOrder<R extends { readonly name: string }> {
  /** Forget the order on screen, because the person has asked for another one. */
  reset(): void {
    this._ranks = new Map();
  }

  arrange(rows: readonly R[], compare: (a: R, b: R) => number): readonly R[] {
    const kept: R[] = [];
    const added: R[] = [];
    for (const row of rows) {
      (this._ranks.has(row.name) ? kept : added).push(row);
    }
    kept.sort((a, b) => this._rank(a) - this._rank(b));
    added.sort(compare);
    const arranged = merge(kept, added, compare);
    this._ranks = new Map(arranged.map((row, index) => [row.name, index]));
    return arranged;
  }

  private _rank(row: R): number {
    return this._ranks.get(row.name) ?? Number.MAX_SAFE_INTEGER;
  }

  private _ranks: ReadonlyMap<string, number> = new Map();
}

function merge<R>(
  kept: readonly R[],
  added: readonly R[],
  compare: (a: R, b: R) => number
): R[] {
  const merged: R[] = [];
  let next = 0;
  for (const row of kept) {
    for (; next < added.length; next += 1) {
      const candidate = added[next] as R;
      if (compare(candidate, row) >= 0) {
        break;
      }
      merged.push(candidate);
    }
    merged.push(row);
  }
  return [...merged, ...added.slice(next)];
}
