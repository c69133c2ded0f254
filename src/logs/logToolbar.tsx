/**
 * What one does with a log while reading it: follow, go to errors, search, wrap, show times.
 */
import {
  caretDownIcon,
  caretUpIcon,
  caseSensitiveIcon,
  regexIcon
} from '@jupyterlab/ui-components';
import type { LabIcon } from '@jupyterlab/ui-components';
import React from 'react';
import type { RefObject } from 'react';

import { formatCount } from '../format';
import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { IPreferences } from '../tokens';
import type { LogDocument } from './logDocument';
import type { LogSearch, SearchStatus } from './search';

interface IToolbarProps {
  readonly log: LogDocument;
  readonly preferences: IPreferences;
  readonly searchField: RefObject<HTMLInputElement>;
  readonly onStep: (by: 1 | -1) => void;
  readonly onError: (step: 1 | -1) => void;
  /** The search was given up: back to the lines. */
  readonly onLeave: () => void;
}

/** The bar. */
export function LogToolbar(props: IToolbarProps): React.JSX.Element {
  const { log, preferences, onError } = props;
  const trans = useTranslation();
  const { firstError } = log;
  const { logWrap: wrap, logTimes: times } = preferences.values;
  return (
    <div
      className="jp-ci-log-toolbar"
      role="toolbar"
      aria-label={trans.__('Log')}
    >
      <Toggle
        label={trans.__('Follow')}
        caption={trans.__('Keep the newest line in sight (F)')}
        pressed={log.isFollowing}
        onClick={() => {
          log.isFollowing = !log.isFollowing;
        }}
      />
      <button
        type="button"
        className="jp-ci-button jp-mod-styled jp-mod-reject"
        aria-disabled={firstError === null}
        title={trans.__('Go to the first line that looks like an error')}
        onClick={() => {
          if (firstError !== null) {
            log.goTo(firstError);
          }
        }}
      >
        {trans.__('First error')}
      </button>
      <IconButton
        icon={caretUpIcon}
        label={trans.__('Previous error (Shift+E)')}
        disabled={firstError === null}
        onClick={() => {
          onError(-1);
        }}
      />
      <IconButton
        icon={caretDownIcon}
        label={trans.__('Next error (E)')}
        disabled={firstError === null}
        onClick={() => {
          onError(1);
        }}
      />
      <SearchBar {...props} />
      <Toggle
        label={trans.__('Wrap')}
        caption={trans.__('Break long lines (W)')}
        pressed={wrap}
        onClick={() => {
          preferences.set('logWrap', !wrap);
        }}
      />
      <Toggle
        label={trans.__('Times')}
        caption={trans.__(
          'Show when lines arrived while this tab was open; what was there before has no time'
        )}
        pressed={times}
        onClick={() => {
          preferences.set('logTimes', !times);
        }}
      />
    </div>
  );
}

function SearchBar(props: IToolbarProps): React.JSX.Element {
  const { log, searchField, onStep, onLeave } = props;
  const { search } = log;
  const trans = useTranslation();
  const status = useModel(search.changed, () => search.status);
  useModel(search.changed, () => `${search.count} ${search.current}`);
  const { query } = search;
  const isWrong =
    status.kind === 'invalid' ||
    status.kind === 'slow' ||
    status.kind === 'failed';
  return (
    <div className="jp-ci-log-search" role="search">
      <input
        ref={searchField}
        type="search"
        className="jp-mod-styled"
        placeholder={trans.__('Search')}
        aria-label={trans.__('Search this log')}
        aria-invalid={isWrong}
        spellCheck={false}
        value={query.text}
        onChange={event => {
          search.start({ ...query, text: event.target.value });
        }}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            onStep(event.shiftKey ? -1 : 1);
          } else if (event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            search.start({ ...query, text: '' });
            onLeave();
          }
        }}
      />
      <IconButton
        icon={caseSensitiveIcon}
        label={trans.__('Match case')}
        pressed={query.matchCase}
        onClick={() => {
          search.start({ ...query, matchCase: !query.matchCase });
        }}
      />
      <IconButton
        icon={regexIcon}
        label={trans.__('Regular expression')}
        pressed={query.isRegex}
        onClick={() => {
          search.start({ ...query, isRegex: !query.isRegex });
        }}
      />
      <IconButton
        icon={caretUpIcon}
        label={trans.__('Previous match (Shift+Enter)')}
        disabled={search.count === 0}
        onClick={() => {
          onStep(-1);
        }}
      />
      <IconButton
        icon={caretDownIcon}
        label={trans.__('Next match (Enter)')}
        disabled={search.count === 0}
        onClick={() => {
          onStep(1);
        }}
      />
      <span
        className={`jp-ci-log-count${isWrong ? ' jp-mod-error' : ''}`}
        role="status"
      >
        {searchText(search, status, trans)}
      </span>
    </div>
  );
}

function searchText(
  search: LogSearch,
  status: SearchStatus,
  trans: ReturnType<typeof useTranslation>
): string {
  const count = formatCount(search.count);
  switch (status.kind) {
    case 'idle':
      return '';
    case 'invalid':
      return status.message;
    case 'failed':
      return trans.__('This browser cannot search here: %1', status.message);
    case 'slow':
      return trans.__(
        'This pattern takes too long; the search was ended after %1 matches.',
        count
      );
    case 'searching':
      return trans.__('%1 so far…', count);
    case 'done':
      break;
  }
  if (search.count === 0) {
    return trans.__('No match');
  }
  const all = search.isCapped ? `${count}+` : count;
  return search.current < 0
    ? trans._n('%2 match', '%2 matches', search.count, all)
    : trans.__('%1 of %2', formatCount(search.current + 1), all);
}

function Toggle(props: {
  readonly label: string;
  readonly caption: string;
  readonly pressed: boolean;
  readonly onClick: () => void;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="jp-ci-button jp-mod-styled jp-mod-reject"
      aria-pressed={props.pressed}
      title={props.caption}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}

function IconButton(props: {
  readonly icon: LabIcon;
  readonly label: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}): React.JSX.Element {
  const { icon, label, pressed, disabled, onClick } = props;
  return (
    <button
      type="button"
      className="jp-ci-row-button"
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={disabled}
      title={label}
      onClick={() => {
        if (disabled !== true) {
          onClick();
        }
      }}
    >
      <Glyph icon={icon} />
    </button>
  );
}
