/**
 * The columns of the wide list: which there are, how wide, and which fit. Pure.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SortKey } from '../tokens';

/** Narrower than this a list has rows of two lines, wider it is a table: 500 px at 13 px. */
const WIDE_EMS = 38;

/**
 * A column of the table; its key is what it sorts by.
 */
export interface IColumn {
  readonly key: SortKey;
  /** Its width as a CSS grid track. */
  readonly track: string;
  /** Numbers are aligned at their end. */
  readonly numeric: boolean;
  /** It is shown from this width of the list on. */
  readonly fromEms: number;
}

const COLUMNS: readonly IColumn[] = [
  { key: 'name', track: 'minmax(7em, 2fr)', numeric: false, fromEms: 0 },
  { key: 'state', track: 'minmax(11em, 1.3fr)', numeric: false, fromEms: 0 },
  { key: 'size', track: 'minmax(10em, 1.3fr)', numeric: false, fromEms: 0 },
  { key: 'owner', track: 'minmax(10em, 1.5fr)', numeric: false, fromEms: 57 },
  { key: 'uptime', track: '6.5em', numeric: true, fromEms: 46 },
  { key: 'cost', track: '6.5em', numeric: true, fromEms: 64 },
  { key: 'idle', track: '7.5em', numeric: true, fromEms: 74 },
  { key: 'schedules', track: '6.5em', numeric: true, fromEms: 82 }
];

/**
 * The columns that fit into a list of this width, in font sizes; none means rows of two lines.
 */
export function columnsFor(widthEms: number): readonly IColumn[] {
  return widthEms < WIDE_EMS
    ? []
    : COLUMNS.filter(column => widthEms >= column.fromEms);
}

/** What a column, and sorting by it, is called. */
export function columnLabel(key: SortKey, trans: TranslationBundle): string {
  switch (key) {
    case 'name':
      return trans.__('Name');
    case 'state':
      return trans.__('State');
    case 'size':
      return trans.__('Size');
    case 'owner':
      return trans.__('Owner');
    case 'uptime':
      return trans.__('Uptime');
    case 'cost':
      return trans.__('Cost');
    case 'idle':
      return trans.__('Idle shutdown');
    case 'schedules':
      return trans.__('Schedules');
  }
}

/** All keys that can be sorted by, in the order of the columns. */
export const SORT_KEYS: readonly SortKey[] = COLUMNS.map(column => column.key);
