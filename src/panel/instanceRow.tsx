/**
 * One row of the list, in both densities.
 */
import React, { memo } from 'react';

import type { Instance, PowerAction } from '../api/types';
import { hasFailed } from '../logs/words';
import { ownerOf } from '../model/rows';
import type { InstanceRow, Row } from '../model/rows';
import { ownMachine } from '../model/workspace';
import type { SortKey, WorkspaceState } from '../tokens';
import { idleShutdownLabel } from '../words';
import type { IColumn } from './columns';
import { RowActions } from './rowActions';
import {
  costText,
  secondLine,
  sizeText,
  stateText,
  uptimeText
} from './rowText';
import type { IText } from './rowText';
import { stateKind, StateMark } from './stateMark';
import { useTranslation } from './translation';

/**
 * What a row needs to be drawn.
 */
export interface IInstanceRowProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly columns: readonly IColumn[];
  readonly tracks: string;
  readonly now: number;
  readonly workspace: WorkspaceState;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onAction: (name: string, action: PowerAction) => void;
  readonly onLog: (instance: Instance) => void;
}

/** A row; its place in the list is its `aria-rowindex`, as most rows are not in the page. */
export const InstanceListRow = memo((props: IInstanceRowProps) => {
  const { row, index, top, columns, tracks, selected, focusable } = props;
  const wide = columns.length > 0;
  const hasLog =
    row.kind === 'instance' && hasFailed(row.instance.script_outcome);
  return (
    <div
      role="row"
      className={hasLog ? 'jp-ci-row jp-mod-failed-script' : 'jp-ci-row'}
      style={{ top, gridTemplateColumns: tracks }}
      data-name={row.name}
      aria-rowindex={index}
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
    >
      {wide ? <WideCells {...props} /> : <NarrowCell {...props} />}
      <div role="gridcell" className="jp-ci-actions">
        <RowActions
          row={row}
          workspace={props.workspace}
          onAction={props.onAction}
          onLog={props.onLog}
        />
      </div>
    </div>
  );
});

function NarrowCell({
  row,
  now,
  workspace
}: IInstanceRowProps): React.JSX.Element {
  const trans = useTranslation();
  const line = secondLine(row, now, trans);
  return (
    <div role="gridcell" className="jp-ci-main">
      <StateMark
        kind={row.kind === 'instance' ? stateKind(row.instance) : 'transition'}
      />
      <div className="jp-ci-lines">
        <Name row={row} workspace={workspace} />
        <div className="jp-ci-second" title={line.title}>
          {line.text}
        </div>
      </div>
    </div>
  );
}

function WideCells(props: IInstanceRowProps): React.JSX.Element {
  const { row, columns, now, workspace } = props;
  const trans = useTranslation();
  return (
    <>
      {columns.map(({ key, numeric }) => {
        const className = numeric ? 'jp-ci-cell jp-mod-numeric' : 'jp-ci-cell';
        if (key === 'name') {
          return (
            <div key={key} role="gridcell" className={className}>
              <Name row={row} workspace={workspace} />
            </div>
          );
        }
        if (key === 'state') {
          const state = stateText(row, now, trans);
          const error =
            row.kind === 'instance' ? row.instance.errors[0] : undefined;
          const kind =
            row.kind === 'instance' ? stateKind(row.instance) : 'transition';
          return (
            <div
              key={key}
              role="gridcell"
              className={className}
              title={
                error === undefined
                  ? state.title
                  : `${state.title}\n${error.message}`
              }
            >
              <StateMark kind={kind} />
              <span className="jp-ci-clip">{state.text}</span>
            </div>
          );
        }
        const cell =
          row.kind === 'instance'
            ? cellText(key, row, now, trans)
            : { text: '', title: '' };
        return (
          <div
            key={key}
            role="gridcell"
            className={className}
            title={cell.title}
          >
            <span className="jp-ci-clip">{cell.text}</span>
          </div>
        );
      })}
    </>
  );
}

function cellText(
  key: Exclude<SortKey, 'name' | 'state'>,
  row: InstanceRow,
  now: number,
  trans: ReturnType<typeof useTranslation>
): IText {
  const { instance } = row;
  switch (key) {
    case 'size':
      return sizeText(row, trans);
    case 'owner': {
      const owner = ownerOf(instance) ?? '';
      return { text: owner, title: owner };
    }
    case 'uptime':
      return uptimeText(row, now, trans);
    case 'cost':
      return costText(row, now, trans);
    case 'idle':
      return { text: idleShutdownLabel(instance, trans), title: '' };
    case 'schedules':
      return { text: String(instance.schedule_count), title: '' };
  }
}

function Name(props: {
  readonly row: Row;
  readonly workspace: WorkspaceState;
}): React.JSX.Element {
  const { row, workspace } = props;
  const trans = useTranslation();
  const isThisMachine = ownMachine(workspace) === row.name;
  const owner = row.kind === 'instance' ? ownerOf(row.instance) : null;
  const title = owner === null ? row.name : `${row.name} (${owner})`;
  return (
    <div className="jp-ci-name" title={title}>
      <span className="jp-ci-clip">{row.name}</span>
      {isThisMachine && (
        <span
          className="jp-ci-badge"
          title={trans.__('This Jupyter server runs on this instance.')}
        >
          {trans.__('this machine')}
        </span>
      )}
    </div>
  );
}
