/**
 * Draws only the rows of a long list that are in sight; rows have one fixed height.
 */
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState
} from 'react';
import type { RefObject } from 'react';

/** Rows drawn above and below what is in sight, so that scrolling shows no gaps. */
const OVERSCAN_ROWS = 8;

/** After so long without scrolling nobody is flying through the list any more. */
const SETTLED_MS = 100;

/**
 * Which rows to draw: from `start` up to but without `end`.
 */
export interface IRowRange {
  readonly start: number;
  readonly end: number;
}

const NOTHING: IRowRange = { start: 0, end: 0 };

/**
 * The rows in sight and those around them.
 *
 * @param scrollTop - Pixels above what is in sight.
 * @param height - Pixels in sight.
 * @param overscan - Rows to draw above and below.
 */
export function rangeInSight(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
  overscan = OVERSCAN_ROWS
): IRowRange {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + height) / rowHeight);
  return {
    start: Math.min(Math.max(0, first - overscan), count),
    end: Math.min(Math.max(0, last + overscan), count)
  };
}

/** Whether two ranges have no row in common; the first one drawn is where it is. */
export function isElsewhere(next: IRowRange, last: IRowRange): boolean {
  return (
    last.end > last.start && (next.start >= last.end || next.end <= last.start)
  );
}

/**
 * Where to scroll so that a row is in sight, moving as little as possible.
 */
export function scrollTopFor(
  index: number,
  scrollTop: number,
  height: number,
  rowHeight: number
): number {
  const top = index * rowHeight;
  if (top < scrollTop) {
    return top;
  }
  return Math.max(scrollTop, top + rowHeight - height);
}

/**
 * The indices to draw: those in sight, and one that must exist wherever it is, as it has the focus.
 */
export function indicesOf(range: IRowRange, keep: number): readonly number[] {
  const indices: number[] = [];
  for (let index = range.start; index < range.end; index += 1) {
    indices.push(index);
  }
  if (keep >= 0 && (keep < range.start || keep >= range.end)) {
    indices.push(keep);
  }
  return indices;
}

/**
 * Which element each row is drawn with: one that stays keeps its own, and one that comes takes over
 * that of a row that went, as changing an element is quicker than making one.
 *
 * @param last - What this returned for the rows drawn before.
 * @param focused - The row that had the focus: if it went, its element must go, too. Otherwise the
 * focus would be on whatever row takes over, without anyone being told.
 */
export function slotsFor(
  last: ReadonlyMap<string, number>,
  names: readonly string[],
  focused: string | null
): ReadonlyMap<string, number> {
  const staying = new Set(names);
  const free: number[] = [];
  let next = 0;
  for (const [name, slot] of last) {
    next = Math.max(next, slot + 1);
    if (!staying.has(name) && name !== focused) {
      free.push(slot);
    }
  }
  const slots = new Map<string, number>();
  let taken = 0;
  for (const name of names) {
    let slot = last.get(name) ?? free[taken];
    if (slot === undefined) {
      slot = next;
      next += 1;
    } else if (!last.has(name)) {
      taken += 1;
    }
    slots.set(name, slot);
  }
  return slots;
}

/** The slots of the rows that are drawn, from one time to the next. */
export function useSlots(
  names: readonly string[],
  focused: string | null
): ReadonlyMap<string, number> {
  const last = useRef<ReadonlyMap<string, number>>(new Map());
  const lastFocused = useRef<string | null>(null);
  const slots = slotsFor(last.current, names, lastFocused.current);
  last.current = slots;
  lastFocused.current = focused;
  return slots;
}

/**
 * What a windowed list is made from.
 */
export interface IWindowOptions {
  /** The element that scrolls. */
  readonly scroller: RefObject<HTMLElement>;
  readonly count: number;
  readonly rowHeight: number;
  /** Pixels of the scroller that a sticky header covers. */
  readonly headerHeight: number;
  /** Pixels of the scroller in sight; changes when it is resized. */
  readonly height: number;
}

/**
 * Follows the scroll position of a list.
 */
export function useWindow(options: IWindowOptions): {
  readonly range: IRowRange;
  readonly onScroll: () => void;
  readonly reveal: (index: number) => void;
} {
  const { scroller, count, rowHeight, headerHeight, height } = options;
  const inSight = Math.max(0, height - headerHeight);
  const [range, setRange] = useState<IRowRange>(NOTHING);
  const drawn = useRef(NOTHING);
  const settling = useRef<ReturnType<typeof setTimeout>>();

  const update = useCallback(
    (settled: boolean) => {
      const top = scroller.current?.scrollTop ?? 0;
      const around = rangeInSight(top, inSight, rowHeight, count);
      // Who flies through the list sees none of the rows around those in sight: they are drawn when
      // that has ended.
      const flying = !settled && isElsewhere(around, drawn.current);
      const next = flying
        ? rangeInSight(top, inSight, rowHeight, count, 0)
        : around;
      if (flying) {
        clearTimeout(settling.current);
        settling.current = setTimeout(() => {
          update(true);
        }, SETTLED_MS);
      }
      const { start, end } = drawn.current;
      if (start !== next.start || end !== next.end) {
        drawn.current = next;
        setRange(next);
      }
    },
    [scroller, inSight, rowHeight, count]
  );
  const onScroll = useCallback(() => {
    update(false);
  }, [update]);
  useEffect(
    () => () => {
      clearTimeout(settling.current);
    },
    [update]
  );

  useLayoutEffect(onScroll, [onScroll]);

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element !== null) {
        element.scrollTop = scrollTopFor(
          index,
          element.scrollTop,
          inSight,
          rowHeight
        );
      }
    },
    [scroller, inSight, rowHeight]
  );

  return { range, onScroll, reveal };
}
