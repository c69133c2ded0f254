/**
 * The list of instances: rows of two lines when narrow, a table when wide; moves by keys and mouse.
 * It decides nothing about instances: what is asked for is passed up.
 */
import React, { useMemo, useRef } from 'react';

import type { Instance, PowerAction } from '../api/types';
import type { Row } from '../model/rows';
import type { ISelection, Sort, WorkspaceState } from '../tokens';
import { columnsFor } from './columns';
import { GridHeader } from './gridHeader';
import { useModel, useNow, useSize } from './hooks';
import { InstanceListRow } from './instanceRow';
import { useTranslation } from './translation';
import { useGridFocus } from './useGridFocus';
import { rowNameAt, useGridInput } from './useGridInput';
import { indicesOf, useSlots, useWindow } from './windowing';

/** Of the buttons column, which has up to three buttons. */
const ACTIONS_TRACK = '82px';

/**
 * What the list shows and whom it tells.
 */
export interface IInstanceGridProps {
  readonly rows: readonly Row[];
  readonly selection: ISelection;
  readonly workspace: WorkspaceState;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onAction: (name: string, action: PowerAction) => void;
  readonly onLog: (instance: Instance) => void;
  readonly onOpen: (name: string) => void;
}

/** The list. */
export function InstanceGrid(props: IInstanceGridProps): React.JSX.Element {
  const { rows, selection, workspace, sort, onSort } = props;
  const trans = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const size = useSize(grid);
  // The probe is as high as a row and as wide as the font is high.
  const probed = useSize(probe);
  const rowHeight = probed?.height ?? 44;
  const fontSize = probed?.width ?? 13;
  const names = useModel(selection.changed, () => selection.names);
  const activeName = useModel(selection.changed, () => selection.active);

  const widthEms = (size?.width ?? 0) / fontSize;
  const columns = useMemo(() => columnsFor(widthEms), [widthEms]);
  const wide = columns.length > 0;
  const headerHeight = wide ? rowHeight : 0;
  const height = size?.height ?? 0;
  const tracks = wide
    ? [...columns.map(column => column.track), ACTIONS_TRACK].join(' ')
    : 'minmax(0, 1fr)';

  const active = useActiveIndex(rows, activeName);
  const { range, onScroll, reveal } = useWindow({
    scroller: grid,
    count: rows.length,
    rowHeight,
    headerHeight,
    height
  });
  const focus = useGridFocus(grid, rows, active);
  const drawn = indicesOf(range, active);
  const slots = useSlots(
    drawn.flatMap(index => rows[index]?.name ?? []),
    rows[active]?.name ?? null
  );
  const now = useNow(drawn.some(index => isChanging(rows[index])) ? 1 : 30);
  const input = useGridInput({
    rows,
    active,
    pageRows: Math.floor((height - headerHeight) / rowHeight),
    selection,
    reveal,
    focusActive: focus.focusActive,
    onOpen: props.onOpen
  });

  return (
    <div
      ref={grid}
      role="grid"
      className={wide ? 'jp-ci-grid jp-mod-wide' : 'jp-ci-grid'}
      aria-label={trans.__('Compute instances')}
      aria-rowcount={rows.length + (wide ? 1 : 0)}
      aria-multiselectable
      onScroll={onScroll}
      {...input}
      onFocus={event => {
        focus.onFocus();
        const name = rowNameAt(event);
        if (name !== null) {
          selection.activate(name);
        }
      }}
      onBlur={focus.onBlur}
    >
      <div ref={probe} className="jp-ci-row-probe" role="presentation" />
      {wide && (
        <GridHeader
          columns={columns}
          tracks={tracks}
          sort={sort}
          onSort={onSort}
        />
      )}
      <div
        role="rowgroup"
        className="jp-ci-rows"
        style={{ height: rows.length * rowHeight }}
      >
        {drawn.map(index => {
          const row = rows[index];
          return row === undefined ? null : (
            <InstanceListRow
              key={slots.get(row.name)}
              row={row}
              index={index + (wide ? 2 : 1)}
              top={index * rowHeight}
              columns={columns}
              tracks={tracks}
              now={now}
              workspace={workspace}
              selected={names.has(row.name)}
              focusable={index === active}
              onAction={props.onAction}
              onLog={props.onLog}
            />
          );
        })}
      </div>
    </div>
  );
}

/**
 * Index of the active row; when that row is gone, of the one that took its place.
 */
function useActiveIndex(
  rows: readonly Row[],
  activeName: string | null
): number {
  const last = useRef(0);
  const found = rows.findIndex(row => row.name === activeName);
  const active =
    found >= 0 ? found : Math.min(last.current, Math.max(0, rows.length - 1));
  last.current = active;
  return active;
}

function isChanging(row: Row | undefined): boolean {
  return (
    row !== undefined &&
    (row.kind === 'requested' ||
      row.instance.in_transition ||
      row.operation !== null)
  );
}
