/**
 * Where the rectangles of a treemap lie: pure, and without any knowledge of how they are drawn.
 */
import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import type { HierarchyRectangularNode } from 'd3-hierarchy';

import type { ConsumerKind, ScanNode } from '../api/types';
import { keyOf } from './explorer';

/** The height of the strip with the name of a folder whose contents are shown in it. */
export const HEAD_HEIGHT = 18;

/** Narrower or lower than this a folder is drawn as one piece. */
const NESTING_WIDTH = 60;
const NESTING_HEIGHT = 48;

/** What is smaller than this, in pixels, nobody can see or hit. */
const SMALLEST = 3;

/** Deeper than this nobody can read it. */
const LEVELS = 3;

/**
 * A rectangle, in pixels.
 */
export interface ITile {
  /** Unique in the treemap. */
  readonly id: string;
  /** The key of the entry of the folder shown that it is, or is in. */
  readonly key: string;
  readonly node: ScanNode;
  readonly consumer: ConsumerKind | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 1 for entries of the folder shown, 2 and 3 for what is in them. */
  readonly depth: number;
  /** Whether what is in it is drawn in it. */
  readonly nests: boolean;
}

interface IDatum {
  readonly node: ScanNode;
  readonly key: string;
  readonly consumer: ConsumerKind | null;
  readonly children: readonly IDatum[];
}

/**
 * Lay out what is in a folder, three levels deep where there is room.
 *
 * @param inherited - The consumer that the folder is, or is part of.
 */
export function layOut(
  folder: ScanNode,
  inherited: ConsumerKind | null,
  width: number,
  height: number
): readonly ITile[] {
  if (width < SMALLEST || height < SMALLEST) {
    return [];
  }
  const root = hierarchy<IDatum>(
    {
      node: folder,
      key: '',
      consumer: inherited,
      children: folder.children.map(node =>
        datum(node, inherited, 1, keyOf(node))
      )
    },
    each => [...each.children]
  )
    // Of leaves only: a folder has the size of what is drawn in it.
    .sum(each => (each.children.length === 0 ? each.node.bytes : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laidOut = treemap<IDatum>()
    .tile(treemapSquarify)
    .size([width, height])
    .round(true)
    .paddingInner(1)
    .paddingTop(each => (nests(each) ? HEAD_HEIGHT : 0))(root);
  return laidOut
    .descendants()
    .filter(each => each.depth > 0)
    .filter(each => each.ancestors().slice(1, -1).every(nests))
    .map(each => ({
      id: each
        .ancestors()
        .map(({ data }) => keyOf(data.node))
        .join('#'),
      key: each.data.key,
      node: each.data.node,
      consumer: each.data.consumer,
      x: each.x0,
      y: each.y0,
      width: each.x1 - each.x0,
      height: each.y1 - each.y0,
      depth: each.depth,
      nests: nests(each)
    }))
    .filter(tile => tile.width >= SMALLEST && tile.height >= SMALLEST);
}

/** What the font needs, as far as it can be known without drawing: the width of an average letter. */
const LETTER_WIDTH = 6.6;
const LINE_HEIGHT = 16;
const LABEL_PADDING = 8;

/** How many lines of text fit: 0, 1 (the name) or 2 (and the size). */
export function labelLines(tile: ITile, text: string): 0 | 1 | 2 {
  const fits =
    tile.width >= Math.min(text.length, 14) * LETTER_WIDTH + LABEL_PADDING;
  const lowest = tile.nests ? HEAD_HEIGHT : tile.height;
  if (!fits || lowest < LINE_HEIGHT) {
    return 0;
  }
  return !tile.nests && tile.height >= 2 * LINE_HEIGHT + 4 ? 2 : 1;
}

/** Whether what is in it is drawn in it. */
function nests(each: HierarchyRectangularNode<IDatum>): boolean {
  return (
    each.depth > 0 &&
    each.children !== undefined &&
    each.x1 - each.x0 >= NESTING_WIDTH &&
    each.y1 - each.y0 >= NESTING_HEIGHT
  );
}

function datum(
  node: ScanNode,
  inherited: ConsumerKind | null,
  depth: number,
  key: string
): IDatum {
  const consumer = node.consumer ?? inherited;
  return {
    node,
    key,
    consumer,
    children:
      depth < LEVELS
        ? node.children.map(child => datum(child, consumer, depth + 1, key))
        : []
  };
}
