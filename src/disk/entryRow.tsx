/**
 * One folder or file in the table.
 */
import {
  deleteIcon,
  fileIcon,
  folderIcon,
  launcherIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import {
  formatAgo,
  formatBytes,
  formatCount,
  formatMoment,
  formatShare
} from '../format';
import { Glyph } from '../panel/glyph';
import { useTranslation } from '../panel/translation';
import { isOpenable } from './explorer';
import type { IEntry } from './explorer';
import { Swatch } from './legend';
import { changeText, consumerLabel, familyOf, isSafeToRemove } from './words';

/**
 * What can be done with an entry.
 */
export interface IEntryActions {
  /** Why it cannot be shown in the file browser, or null where it can. */
  readonly whyNotReveal: (entry: IEntry) => string | null;
  readonly onReveal: (entry: IEntry) => void;
  readonly onRemove: (entry: IEntry) => void;
}

/** The row. */
export function EntryRow(props: {
  readonly entry: IEntry;
  readonly active: boolean;
  readonly withChanges: boolean;
  readonly now: number;
  readonly actions: IEntryActions;
  readonly onActivate: () => void;
  readonly onOpen: () => void;
}): React.JSX.Element {
  const { entry, active, now, actions, onActivate, onOpen } = props;
  const trans = useTranslation();
  const { node, consumer, share, change } = entry;
  const rest = node.kind === 'rest';
  const name = rest ? trans.__('everything else') : node.name;
  const openable = isOpenable(node);
  return (
    <tr
      className="jp-ci-entry"
      tabIndex={active ? 0 : -1}
      data-name={node.name}
      data-kind={node.kind}
      aria-selected={active}
      onFocus={event => {
        if (event.target === event.currentTarget && !active) {
          onActivate();
        }
      }}
      onClick={event => {
        onActivate();
        event.currentTarget.focus();
      }}
      onDoubleClick={onOpen}
    >
      <td title={consumer === null ? name : undefined}>
        <div className="jp-ci-entry-name">
          <Glyph icon={node.kind === 'file' ? fileIcon : folderIcon} />
          {openable ? (
            <button
              type="button"
              className="jp-ci-link jp-ci-clip"
              tabIndex={-1}
              onClick={event => {
                event.stopPropagation();
                onOpen();
              }}
            >
              {name}
            </button>
          ) : (
            <span className="jp-ci-clip">{name}</span>
          )}
          {consumer !== null && (
            <span className="jp-ci-kind" title={consumerLabel(consumer, trans)}>
              <Swatch
                family={familyOf(consumer)}
                removable={isSafeToRemove(consumer)}
              />
              <span className="jp-ci-clip">
                {consumerLabel(consumer, trans)}
              </span>
            </span>
          )}
        </div>
      </td>
      <td className="jp-mod-numeric jp-ci-entry-size">
        <span
          className="jp-ci-share"
          style={{ width: `${Math.min(1, share) * 100}%` }}
          aria-hidden
        />
        {formatBytes(node.bytes)}{' '}
        <span className="jp-ci-hint">{formatShare(share)}</span>
      </td>
      {props.withChanges && (
        <td className="jp-mod-numeric jp-ci-column-change">
          {change === null ? '' : changeText(change)}
        </td>
      )}
      <td className="jp-mod-numeric jp-ci-column-files">
        {formatCount(node.files)}
      </td>
      <td className="jp-mod-numeric jp-ci-column-age">
        {node.modified_at !== null && (
          <time
            dateTime={node.modified_at}
            title={formatMoment(new Date(node.modified_at))}
          >
            {formatAgo(new Date(node.modified_at), now, trans)}
          </time>
        )}
      </td>
      <td>{!rest && <EntryButtons entry={entry} actions={actions} />}</td>
    </tr>
  );
}

function EntryButtons(props: {
  readonly entry: IEntry;
  readonly actions: IEntryActions;
}): React.JSX.Element {
  const { entry, actions } = props;
  const trans = useTranslation();
  const { name } = entry.node;
  const reason = actions.whyNotReveal(entry);
  const reveal = trans.__('Show %1 in the file browser', name);
  const remove = trans.__('Move %1 to the trash…', name);
  return (
    <div className="jp-ci-entry-buttons">
      <button
        type="button"
        className="jp-ci-row-button"
        tabIndex={-1}
        aria-label={reveal}
        title={reason === null ? reveal : `${reveal}: ${reason}`}
        aria-disabled={reason !== null}
        onClick={event => {
          event.stopPropagation();
          if (reason === null) {
            actions.onReveal(entry);
          }
        }}
      >
        <Glyph icon={launcherIcon} />
      </button>
      <button
        type="button"
        className="jp-ci-row-button"
        tabIndex={-1}
        aria-label={remove}
        title={remove}
        onClick={event => {
          event.stopPropagation();
          actions.onRemove(entry);
        }}
      >
        <Glyph icon={deleteIcon} />
      </button>
    </div>
  );
}
