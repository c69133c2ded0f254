/**
 * What is in a folder as a treemap: area is size, colour is who is known to need it. The table has
 * the same facts for keyboards and screen readers.
 */
import React, { useMemo, useRef } from 'react';

import type { ConsumerKind, ScanNode } from '../api/types';
import { formatBytes, formatShare } from '../format';
import { useSize } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import { layOut, labelLines } from './treemapLayout';
import type { ITile } from './treemapLayout';
import { consumerLabel, familyOf, isSafeToRemove } from './words';

/** The treemap; a click on a folder asks to open it. */
export function Treemap(props: {
  readonly folder: ScanNode;
  /** The consumer that the folder is, or is part of. */
  readonly consumer: ConsumerKind | null;
  /** The key of the entry that is marked. */
  readonly active: string | null;
  readonly onActivate: (key: string) => void;
  readonly onOpen: (key: string) => void;
}): React.JSX.Element {
  const { folder, consumer, active, onActivate, onOpen } = props;
  const trans = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const size = useSize(element);
  const tiles = useMemo(
    () =>
      size === null
        ? []
        : layOut(
            folder,
            consumer,
            Math.floor(size.width),
            Math.floor(size.height)
          ),
    [folder, consumer, size]
  );
  const keyAt = (event: React.MouseEvent): string | null =>
    (event.target as Element).closest<HTMLElement>('.jp-ci-tile')?.dataset[
      'key'
    ] ?? null;
  return (
    <div
      ref={element}
      className="jp-ci-treemap"
      role="img"
      aria-label={trans.__(
        'Treemap of %1; the table has the same facts',
        folder.name
      )}
      onClick={event => {
        const key = keyAt(event);
        if (key !== null) {
          onActivate(key);
          onOpen(key);
        }
      }}
    >
      {tiles.map(tile => (
        <Tile
          key={tile.id}
          tile={tile}
          total={folder.bytes}
          marked={tile.depth === 1 && tile.key === active}
        />
      ))}
    </div>
  );
}

function Tile(props: {
  readonly tile: ITile;
  readonly total: number;
  readonly marked: boolean;
}): React.JSX.Element {
  const { tile, total, marked } = props;
  const trans = useTranslation();
  const { node, consumer } = tile;
  const name = node.kind === 'rest' ? trans.__('everything else') : node.name;
  const lines = labelLines(tile, name);
  const bytes = formatBytes(node.bytes);
  const title = [
    name,
    trans.__(
      '%1, %2 of what is shown',
      bytes,
      formatShare(total === 0 ? 0 : node.bytes / total)
    ),
    ...(consumer === null ? [] : [consumerLabel(consumer, trans)])
  ].join('\n');
  return (
    <div
      className={classOf(tile, marked)}
      data-key={tile.key}
      title={title}
      style={{
        left: tile.x,
        top: tile.y,
        width: tile.width,
        height: tile.height
      }}
    >
      {lines > 0 && <span className="jp-ci-clip">{name}</span>}
      {lines > 1 && <span className="jp-ci-clip">{bytes}</span>}
    </div>
  );
}

function classOf(
  { node, consumer, depth, nests }: ITile,
  marked: boolean
): string {
  const classes = ['jp-ci-tile', `jp-mod-depth-${depth}`];
  classes.push(
    consumer === null
      ? `jp-mod-${node.kind}`
      : `jp-ci-family-${familyOf(consumer)}`
  );
  if (consumer !== null && isSafeToRemove(consumer)) {
    classes.push('jp-mod-removable');
  }
  if (nests) {
    classes.push('jp-mod-nests');
  }
  if (marked) {
    classes.push('jp-mod-marked');
  }
  return classes.join(' ');
}
