/**
 * The head of the wide list: names of columns, which sort.
 */
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { sortParts } from '../model/rows';
import type { Sort } from '../tokens';
import { columnLabel } from './columns';
import type { IColumn } from './columns';
import { Glyph } from './glyph';
import { useTranslation } from './translation';

/** The row of column heads. */
export function GridHeader(props: {
  readonly columns: readonly IColumn[];
  readonly tracks: string;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}): React.JSX.Element {
  const { columns, tracks, sort, onSort } = props;
  const trans = useTranslation();
  const current = sortParts(sort);
  return (
    <div role="rowgroup" className="jp-ci-head">
      <div
        role="row"
        className="jp-ci-head-row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: tracks }}
      >
        {columns.map(({ key, numeric }) => {
          const sorted = key === current.key;
          const caret = current.descending ? caretDownIcon : caretUpIcon;
          return (
            <div
              key={key}
              role="columnheader"
              className={numeric ? 'jp-ci-cell jp-mod-numeric' : 'jp-ci-cell'}
              aria-sort={
                sorted
                  ? current.descending
                    ? 'descending'
                    : 'ascending'
                  : 'none'
              }
            >
              <button
                type="button"
                className="jp-ci-head-button"
                onClick={() => {
                  onSort(sorted && !current.descending ? `-${key}` : key);
                }}
              >
                <span className="jp-ci-clip">{columnLabel(key, trans)}</span>
                {sorted && <Glyph icon={caret} />}
              </button>
            </div>
          );
        })}
        <div role="columnheader" className="jp-ci-cell">
          <span className="jp-ci-hidden-text">{trans.__('Actions')}</span>
        </div>
      </div>
    </div>
  );
}
