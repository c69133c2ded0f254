/**
 * What keys and the mouse do in the list: they move, select, and open menus.
 */
import type React from 'react';
import { useRef } from 'react';

import type { Row } from '../model/rows';
import type { ISelection } from '../tokens';
import { gridCommand } from './gridKeys';
import { openContextMenu } from './rowActions';

/**
 * The list as keys and the mouse see it.
 */
export interface IGridInputOptions {
  readonly rows: readonly Row[];
  /** Index of the active row. */
  readonly active: number;
  /** How many rows are in sight. */
  readonly pageRows: number;
  readonly selection: ISelection;
  /** Scroll to a row. */
  readonly reveal: (index: number) => void;
  /** Give the focus to the active row when it is drawn. */
  readonly focusActive: () => void;
  readonly onOpen: (name: string) => void;
}

/** The handlers of the list's element. */
export type GridInput = Required<
  Pick<
    React.DOMAttributes<HTMLElement>,
    'onKeyDown' | 'onClick' | 'onDoubleClick' | 'onContextMenu'
  >
>;

/** Make the handlers. */
export function useGridInput(options: IGridInputOptions): GridInput {
  const { rows, active, pageRows, selection } = options;
  // Where a selection by Shift begins.
  const anchor = useRef<string | null>(null);

  const moveTo = (index: number, extend: boolean): void => {
    const row = rows[index];
    if (row === undefined) {
      return;
    }
    options.reveal(index);
    options.focusActive();
    selection.activate(row.name);
    if (extend) {
      const from = rows.findIndex(each => each.name === anchor.current);
      selection.select(namesBetween(rows, from < 0 ? active : from, index));
    } else {
      anchor.current = row.name;
    }
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const target = event.target as HTMLElement;
    const element = target.closest('.jp-ci-row');
    const name = rows[active]?.name;
    const pressesButton =
      target instanceof HTMLButtonElement && event.key === ' ';
    if (element === null || name === undefined || pressesButton) {
      return;
    }
    const command = gridCommand(event, active, rows.length, pageRows);
    if (command === null) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    switch (command.kind) {
      case 'move':
        moveTo(command.to, command.extend);
        break;
      case 'toggle':
        anchor.current = name;
        selection.toggle(name);
        break;
      case 'select_all':
        selection.select(rows.map(row => row.name));
        break;
      case 'clear':
        selection.clear();
        break;
      case 'menu':
        // The menu's event selects the row, as one by the mouse does.
        openContextMenu(element);
        break;
      case 'into_row':
      case 'out_of_row':
        moveInRow(element, target, command.kind === 'into_row' ? 1 : -1);
        break;
    }
  };

  const onClick = (event: React.MouseEvent): void => {
    const name = rowNameAt(event);
    if (name === null) {
      return;
    }
    if (event.shiftKey) {
      const index = rows.findIndex(row => row.name === name);
      moveTo(index, true);
      return;
    }
    anchor.current = name;
    if (event.ctrlKey || event.metaKey) {
      selection.toggle(name);
    } else {
      selection.selectOnly(name);
    }
  };

  return {
    onKeyDown,
    onClick,
    onDoubleClick: event => {
      const name = rowNameAt(event);
      const onButton = (event.target as Element).closest('button') !== null;
      if (name !== null && !onButton) {
        options.onOpen(name);
      }
    },
    onContextMenu: event => {
      const name = rowNameAt(event);
      // The menu is about the selected rows, or about this one if it is not among them.
      if (name !== null && !selection.names.has(name)) {
        selection.selectOnly(name);
      }
    }
  };
}

/** The name of the row in which something happened, or null. */
export function rowNameAt(event: React.SyntheticEvent): string | null {
  const row = (event.target as Element).closest<HTMLElement>('.jp-ci-row');
  return row?.dataset['name'] ?? null;
}

function namesBetween(
  rows: readonly Row[],
  from: number,
  to: number
): string[] {
  return rows
    .slice(Math.min(from, to), Math.max(from, to) + 1)
    .map(row => row.name);
}

function moveInRow(row: Element, from: HTMLElement, step: 1 | -1): void {
  const buttons = [...row.querySelectorAll<HTMLElement>('button')];
  const stops = [row as HTMLElement, ...buttons];
  stops[stops.indexOf(from) + step]?.focus();
}
