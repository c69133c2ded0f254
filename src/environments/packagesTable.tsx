/**
 * The packages of an environment, to filter, update and remove.
 */
import {
  deleteIcon,
  InputGroup,
  undoIcon,
  refreshIcon
} from '@jupyterlab/ui-components';
import React, { useMemo, useState } from 'react';

import type { Package } from '../api/types';
import { formatBytes } from '../format';
import { ActionButton, IconButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { changeOf, withChange, withoutChange } from './changes';
import type { IChange } from './changes';
import type { EnvironmentDocument } from './environmentDocument';
import { actionLabel } from './words';

/** The table with its filter. */
export function PackagesTable(props: {
  readonly document: EnvironmentDocument;
  readonly packages: readonly Package[];
  /** Why nothing can be changed now, or null. */
  readonly whyNot: string | null;
}): React.JSX.Element {
  const { document, packages, whyNot } = props;
  const trans = useTranslation();
  const [query, setQuery] = useState('');
  const [onlyRequested, setOnlyRequested] = useState(false);
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    return packages.filter(
      each =>
        each.name.toLowerCase().includes(wanted) &&
        (each.requested || !onlyRequested)
    );
  }, [packages, query, onlyRequested]);
  return (
    <>
      <div className="jp-ci-table-tools">
        <InputGroup
          type="text"
          className="jp-ci-filter"
          rightIcon="ui-components:search"
          placeholder={trans.__('Filter')}
          aria-label={trans.__('Filter the packages by name')}
          value={query}
          onChange={event => {
            setQuery(event.target.value);
          }}
          onKeyDown={event => {
            if (event.key === 'Escape' && query !== '') {
              event.stopPropagation();
              setQuery('');
            }
          }}
        />
        <label className="jp-ci-check">
          <input
            type="checkbox"
            checked={onlyRequested}
            onChange={event => {
              setOnlyRequested(event.target.checked);
            }}
          />
          {trans.__('Only what was asked for')}
        </label>
        <ActionButton
          whyNot={whyNot}
          onClick={() => {
            document.changes = { ...document.changes, updateAll: true };
          }}
        >
          {trans.__('Update all')}
        </ActionButton>
      </div>
      <p className="jp-ci-hint" role="status">
        {shown.length === packages.length
          ? trans._n('%1 package', '%1 packages', packages.length)
          : trans.__('%1 of %2', shown.length, packages.length)}
      </p>
      {shown.length > 0 && (
        <div className="jp-ci-table-scroll jp-mod-tall">
          <table className="jp-ci-table">
            <thead>
              <tr>
                <th scope="col">{trans.__('Package')}</th>
                <th scope="col">{trans.__('Version')}</th>
                <th scope="col" className="jp-ci-column-channel">
                  {trans.__('From')}
                </th>
                <th scope="col" className="jp-mod-numeric jp-ci-column-bytes">
                  {trans.__('Size')}
                </th>
                <th scope="col">
                  <span className="jp-ci-hidden-text">
                    {trans.__('Actions')}
                  </span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(each => (
                <PackageRow
                  key={`${each.manager} ${each.name}`}
                  package_={each}
                  change={changeOf(document.changes, each)}
                  whyNot={whyNot}
                  onChange={change => {
                    document.changes = withChange(document.changes, change);
                  }}
                  onLeaveOut={change => {
                    document.changes = withoutChange(document.changes, change);
                  }}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function PackageRow(props: {
  readonly package_: Package;
  readonly change: IChange | null;
  readonly whyNot: string | null;
  readonly onChange: (change: IChange) => void;
  readonly onLeaveOut: (change: IChange) => void;
}): React.JSX.Element {
  const { package_, change, whyNot, onChange, onLeaveOut } = props;
  const { build, bytes, channel, manager, name, requested, version } = package_;
  const trans = useTranslation();
  return (
    <tr className={change === null ? undefined : `jp-mod-${change.action}`}>
      <th scope="row" className={requested ? 'jp-mod-requested' : undefined}>
        {name}
        {requested && (
          <span className="jp-ci-hidden-text">{trans.__('asked for')}</span>
        )}
      </th>
      <td className="jp-ci-column-version" title={build ?? undefined}>
        {version}
        {change !== null && (
          <span className="jp-ci-badge">
            {actionLabel(change.action, trans)}
          </span>
        )}
      </td>
      <td className="jp-ci-column-channel" title={channel ?? undefined}>
        {manager === 'pip' ? 'pip' : channelName(channel)}
      </td>
      <td className="jp-mod-numeric jp-ci-column-bytes">
        {bytes === null ? '–' : formatBytes(bytes)}
      </td>
      <td>
        <div className="jp-ci-entry-buttons">
          {change !== null ? (
            <IconButton
              icon={undoIcon}
              label={trans.__('Leave %1 as it is', name)}
              whyNot={null}
              onClick={() => {
                onLeaveOut(change);
              }}
            />
          ) : (
            <>
              {/* pip updates what it is asked for by version: see the field above. */}
              {manager === 'conda' && (
                <IconButton
                  icon={refreshIcon}
                  label={trans.__('Update %1', name)}
                  whyNot={whyNot}
                  onClick={() => {
                    onChange({ action: 'update', manager, spec: name });
                  }}
                />
              )}
              <IconButton
                icon={deleteIcon}
                label={trans.__('Remove %1', name)}
                whyNot={whyNot}
                onClick={() => {
                  onChange({ action: 'remove', manager, spec: name });
                }}
              />
            </>
          )}
        </div>
      </td>
    </tr>
  );
}

/** A channel as people call it: of an address, the end. */
function channelName(channel: string | null): string {
  const parts = channel?.split('/').filter(part => part !== '') ?? [];
  return parts.pop() ?? 'conda';
}
