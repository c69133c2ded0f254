/**
 * Finds packages of the channels, with their versions, and adds what is chosen or typed.
 */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useId, useState } from 'react';

import type { CiManagerClient } from '../api/client';
import type { FoundPackage } from '../api/types';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { nameIn } from './specs';
import { usePackages } from './usePackages';
import type { SearchState } from './usePackages';

/** What may be typed and sent as a whole; the server reads it closely. */
const LONGEST_SPEC = 512;

/** The field, and what it finds. */
export function PackageSearchField(props: {
  readonly client: CiManagerClient;
  readonly channels: readonly string[];
  readonly onAdd: (spec: string) => void;
}): React.JSX.Element {
  const { client, channels, onAdd } = props;
  const trans = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const trimmed = text.trim();
  const name = nameIn(trimmed);
  const state = usePackages(client, name, channels);
  const add = (spec: string): void => {
    onAdd(spec);
    setText('');
  };
  return (
    <div className="jp-ci-field">
      <label htmlFor={id}>{trans.__('Add a package')}</label>
      <div className="jp-ci-search">
        <input
          id={id}
          type="search"
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          maxLength={LONGEST_SPEC}
          aria-describedby={`${id}-says`}
          placeholder={trans.__('numpy, pandas>=2, r-dplyr')}
          value={text}
          onChange={event => {
            setText(event.target.value);
          }}
          onKeyDown={event => {
            if (event.key === 'Enter' && trimmed !== '') {
              event.preventDefault();
              add(trimmed);
            } else if (event.key === 'Escape' && text !== '') {
              event.stopPropagation();
              setText('');
            }
          }}
        />
        <ActionButton
          onClick={() => {
            if (trimmed !== '') {
              add(trimmed);
            }
          }}
        >
          {trans.__('Add')}
        </ActionButton>
      </div>
      <div id={`${id}-says`} className="jp-ci-says" aria-live="polite">
        <Says state={state} wanted={name} />
      </div>
      {state.status === 'found' && name !== '' && (
        <ul
          className="jp-ci-found"
          aria-label={trans.__('Packages found')}
          aria-busy={state.text !== name}
        >
          {state.value.items.map(each => (
            <Found key={each.name} found={each} onAdd={add} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Says(props: {
  readonly state: SearchState;
  readonly wanted: string;
}): React.JSX.Element {
  const { state, wanted } = props;
  const trans = useTranslation();
  if (wanted === '' || state.status === 'idle') {
    return (
      <>
        {trans.__(
          'Search by name. A version can be added: “numpy=2.1”. Enter adds what is typed.'
        )}
      </>
    );
  }
  switch (state.status) {
    case 'searching':
      return (
        <>{trans.__('Searching; the first time it takes a few seconds…')}</>
      );
    case 'failed': {
      const { message, hint } = explain(state.failure, trans);
      return (
        <span className="jp-mod-bad">
          {message} {hint} {trans.__('Enter adds what is typed all the same.')}
        </span>
      );
    }
    case 'found': {
      const { items, is_more: isMore } = state.value;
      if (items.length === 0 && state.text === wanted) {
        return <>{trans.__('No channel has a package of this name.')}</>;
      }
      return (
        <>
          {isMore
            ? trans.__('The first %1; type more of the name.', items.length)
            : trans._n('%1 package', '%1 packages', items.length)}
        </>
      );
    }
  }
}

function Found(props: {
  readonly found: FoundPackage;
  readonly onAdd: (spec: string) => void;
}): React.JSX.Element {
  const { found, onAdd } = props;
  const { name, summary, versions } = found;
  const trans = useTranslation();
  const [version, setVersion] = useState('');
  return (
    <li className="jp-ci-found-package">
      <span className="jp-ci-found-name" title={found.channel ?? undefined}>
        {name}
      </span>
      <HTMLSelect
        className="jp-ci-select"
        aria-label={trans.__('Version of %1', name)}
        value={version}
        onChange={event => {
          setVersion(event.target.value);
        }}
        options={[
          {
            value: '',
            label:
              versions[0] === undefined
                ? trans.__('any version')
                : trans.__('newest (%1)', versions[0])
          },
          ...versions.map(each => ({ value: each, label: each }))
        ]}
      />
      <ActionButton
        label={trans.__('Add %1', name)}
        onClick={() => {
          onAdd(version === '' ? name : `${name}=${version}`);
        }}
      >
        {trans.__('Add')}
      </ActionButton>
      {summary !== null && (
        <span className="jp-ci-hint jp-ci-clip" title={summary}>
          {summary}
        </span>
      )}
    </li>
  );
}
