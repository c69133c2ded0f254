/**
 * Which lines of a log are in sight, and where; pure, for lines of one height and of several.
 *
 * A place in the log is a share of the way through it. At that share of the height in sight is the
 * line at that share of all lines: the first line is at the top at the beginning, the last one at
 * the bottom at the end, however high the ones between are. With lines of one height this is what
 * scrolling always is; with others only those in sight need to be measured.
 */

/** Lines drawn above and below what is in sight, so that scrolling shows no gaps. */
const OVERSCAN_LINES = 8;

/** Browsers lay out no element that is higher, in pixels of the screen. */
const HIGHEST_ELEMENT = 30_000_000;

/**
 * What is scrolled.
 */
export interface IViewport {
  readonly scrollTop: number;
  /** Pixels in sight. */
  readonly height: number;
  /** Of a line that is not wrapped. */
  readonly lineHeight: number;
  readonly count: number;
}

/** How high what is scrolled is, in pixels. */
export function scrollHeight(
  count: number,
  lineHeight: number,
  pixelRatio: number
): number {
  return Math.min(
    count * lineHeight,
    HIGHEST_ELEMENT / Math.max(1, pixelRatio)
  );
}

/**
 * The line, with a fraction, that is known to be somewhere, and where: in pixels below the top of
 * what is in sight.
 */
export function anchorOf(
  { scrollTop, height, count }: IViewport,
  totalHeight: number
): { readonly line: number; readonly y: number } {
  const way = totalHeight - height;
  const share = way <= 0 ? 0 : Math.min(1, Math.max(0, scrollTop / way));
  return { line: share * count, y: share * height };
}

/** The lines to draw: from `start` up to but without `end`. */
export function linesInSight(
  viewport: IViewport,
  totalHeight: number
): { readonly start: number; readonly end: number } {
  const { count, height, lineHeight } = viewport;
  const { line, y } = anchorOf(viewport, totalHeight);
  const above = Math.ceil(y / lineHeight) + OVERSCAN_LINES;
  const below = Math.ceil((height - y) / lineHeight) + OVERSCAN_LINES;
  return {
    start: Math.max(0, Math.floor(line) - above),
    end: Math.min(count, Math.ceil(line) + below)
  };
}

/** So many lines, or fewer, are drawn wherever one is. */
export function mostLinesInSight({ height, lineHeight }: IViewport): number {
  return Math.ceil(height / lineHeight) + 2 * OVERSCAN_LINES + 3;
}

/**
 * Where to scroll so that a line is in sight: about in the middle where all are of one height, else
 * as far down as it is in the log, so that all of it is in sight however high it is.
 */
export function scrollTopOf(
  line: number,
  { height, count, lineHeight }: IViewport,
  totalHeight: number,
  isUniform: boolean
): number {
  const way = Math.max(0, totalHeight - height);
  const top = isUniform
    ? (line + 0.5) * lineHeight - height / 2
    : ((line + line / Math.max(1, count - 1)) / Math.max(1, count)) * way;
  return Math.min(way, Math.max(0, top));
}
