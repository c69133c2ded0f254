/**
 * Looking for a script in the notebook share, folder by folder.
 */
import { fileIcon, folderIcon } from '@jupyterlab/ui-components';
import React, { useCallback, useState } from 'react';

import type { IRequestOptions } from '../api/requests';
import type { ShareEntry } from '../api/types';
import { explain } from '../failure';
import { formatBytes } from '../format';
import { Glyph } from '../panel/glyph';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { useSpec } from './specContext';
import { useChoices } from './useChoices';

/** The folders, and the files of the one that is open. */
export function ShareBrowser(props: {
  /** Where to begin. */
  readonly folder: string;
  readonly onChoose: (path: string) => void;
}): React.JSX.Element {
  const [folder, setFolder] = useState(props.folder);
  return (
    <div className="jp-ci-share-browser">
      <Crumbs folder={folder} onOpen={setFolder} />
      <Folder
        key={folder}
        folder={folder}
        onOpen={setFolder}
        onChoose={props.onChoose}
      />
    </div>
  );
}

function Crumbs(props: {
  readonly folder: string;
  readonly onOpen: (folder: string) => void;
}): React.JSX.Element {
  const { folder, onOpen } = props;
  const trans = useTranslation();
  const names = folder.split('/').filter(each => each !== '');
  return (
    <nav aria-label={trans.__('Folder of the notebook share')}>
      <ol className="jp-ci-crumbs">
        {['', ...names].map((name, index) => (
          <li key={index}>
            <button
              type="button"
              className="jp-ci-link"
              aria-current={index === names.length ? 'location' : undefined}
              onClick={() => {
                onOpen(names.slice(0, index).join('/'));
              }}
            >
              {index === 0 ? trans.__('Notebook share') : name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Folder(props: {
  readonly folder: string;
  readonly onOpen: (folder: string) => void;
  readonly onChoose: (path: string) => void;
}): React.JSX.Element {
  const { folder, onOpen, onChoose } = props;
  const { specs } = useSpec().manager.client;
  const trans = useTranslation();
  const ask = useCallback(
    (options: IRequestOptions) => specs.shareFolder(folder, options),
    [specs, folder]
  );
  const { value, failure } = useChoices(ask);
  if (failure !== null) {
    return <Problem error={explain(failure, trans)} />;
  }
  if (value === null) {
    return (
      <p role="status" className="jp-ci-late jp-ci-hint">
        {trans.__('Reading the folder…')}
      </p>
    );
  }
  return (
    <>
      <ul className="jp-ci-share-list" aria-label={folder || '/'}>
        {value.items.map(entry => (
          <li key={entry.path}>
            <Entry entry={entry} onOpen={onOpen} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      {value.items.length === 0 && (
        <p className="jp-ci-hint">{trans.__('This folder is empty.')}</p>
      )}
      {value.truncated && (
        <p className="jp-ci-hint">
          {trans.__('There is more: only the first of them are shown.')}
        </p>
      )}
    </>
  );
}

function Entry(props: {
  readonly entry: ShareEntry;
  readonly onOpen: (folder: string) => void;
  readonly onChoose: (path: string) => void;
}): React.JSX.Element {
  const { entry, onOpen, onChoose } = props;
  const trans = useTranslation();
  const isFolder = entry.kind === 'folder';
  // Azure takes no other.
  const isScript = isFolder || entry.name.endsWith('.sh');
  return (
    <button
      type="button"
      className="jp-ci-share-entry"
      aria-disabled={!isScript}
      title={
        isScript ? entry.path : trans.__('The name of a script ends in .sh.')
      }
      onClick={() => {
        if (isFolder) {
          onOpen(entry.path);
        } else if (isScript) {
          onChoose(entry.path);
        }
      }}
    >
      <Glyph icon={isFolder ? folderIcon : fileIcon} />
      <span className="jp-ci-clip">{entry.name}</span>
      <span className="jp-ci-hint">
        {entry.size_bytes === null ? '' : formatBytes(entry.size_bytes)}
      </span>
    </button>
  );
}
