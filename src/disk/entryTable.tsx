/**
 * What is in a folder as a table that can be sorted, walked with the keyboard, and read out.
 */
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';

import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import { EntryRow } from './entryRow';
import type { IEntryActions } from './entryRow';
import { entryCommand } from './entryKeys';
import type { EntrySortKey, Explorer, IEntry } from './explorer';

/** The table. */
export function EntryTable(props: {
  readonly explorer: Explorer;
  readonly now: number;
  readonly actions: IEntryActions;
}): React.JSX.Element {
  const { explorer, now, actions } = props;
  const trans = useTranslation();
  const entries = useModel(explorer.changed, () => explorer.entries);
  const active = useModel(explorer.changed, () => explorer.active);
  const path = useModel(explorer.changed, () => explorer.path);
  const sort = useModel(explorer.changed, () => explorer.sort);
  const body = useRef<HTMLTableSectionElement>(null);
  const focusWanted = useRef(false);

  useEffect(() => {
    if (focusWanted.current) {
      focusWanted.current = false;
      const row = body.current?.querySelector<HTMLElement>('[tabindex="0"]');
      row?.focus();
      row?.scrollIntoView({ block: 'nearest' });
    }
  });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const row = target.closest('tr');
    const index = entries.findIndex(each => each.key === active);
    const entry = entries[index];
    if (row === null || entry === undefined) {
      return;
    }
    const command = entryCommand(event, index, entries.length);
    const onButton = target !== row;
    if (command === null || (onButton && command.kind === 'open')) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    switch (command.kind) {
      case 'move':
        focusWanted.current = true;
        explorer.activate(entries[command.to]?.key ?? entry.key);
        break;
      case 'open':
        focusWanted.current = true;
        explorer.open(entry.key);
        break;
      case 'up':
        focusWanted.current = true;
        explorer.goUp();
        break;
      case 'remove':
        actions.onRemove(entry);
        break;
      case 'in_row': {
        const stops = [row, ...row.querySelectorAll<HTMLElement>('button')];
        stops[stops.indexOf(target) + command.step]?.focus();
        break;
      }
    }
  };

  const folder = path[path.length - 1];
  const withChanges = entries.some(each => each.change !== null);
  const columns = COLUMNS.filter(each => each !== 'change' || withChanges);
  return (
    <table
      className="jp-ci-entries"
      role="grid"
      aria-label={trans.__('What is in %1', folder?.name ?? '')}
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr>
          {columns.map(key => (
            <th
              key={key}
              scope="col"
              className={
                key === 'name'
                  ? undefined
                  : `jp-mod-numeric jp-ci-column-${key}`
              }
              aria-sort={sortOf(sort, key)}
            >
              <button
                type="button"
                className="jp-ci-head-button"
                onClick={() => {
                  explorer.sortBy(key);
                }}
              >
                <span className="jp-ci-clip">{columnLabel(key, trans)}</span>
                {sort === key && <Glyph icon={caretUpIcon} />}
                {sort === `-${key}` && <Glyph icon={caretDownIcon} />}
              </button>
            </th>
          ))}
          <th scope="col">
            <span className="jp-ci-hidden-text">{trans.__('Actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {entries.map((entry: IEntry) => (
          <EntryRow
            key={entry.key}
            entry={entry}
            active={entry.key === active}
            withChanges={withChanges}
            now={now}
            actions={actions}
            onActivate={() => {
              explorer.activate(entry.key);
            }}
            onOpen={() => {
              focusWanted.current = true;
              explorer.open(entry.key);
            }}
          />
        ))}
      </tbody>
    </table>
  );
}

const COLUMNS: readonly EntrySortKey[] = [
  'name',
  'size',
  'change',
  'files',
  'age'
];

function sortOf(
  sort: string,
  key: EntrySortKey
): 'ascending' | 'descending' | 'none' {
  if (sort === key) {
    return 'ascending';
  }
  return sort === `-${key}` ? 'descending' : 'none';
}

function columnLabel(key: EntrySortKey, trans: TranslationBundle): string {
  switch (key) {
    case 'name':
      return trans.__('Name');
    case 'size':
      return trans.__('Size');
    case 'files':
      return trans.__('Files');
    case 'age':
      return trans.__('Changed');
    case 'change':
      return trans.__('Growth');
  }
}
