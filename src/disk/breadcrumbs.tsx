/**
 * The way from the root of the scan to the folder that is shown.
 */
import React from 'react';

import type { ScanNode } from '../api/types';
import { useTranslation } from '../panel/translation';

/** The path, each folder but the last a button that shows it again. */
export function Breadcrumbs(props: {
  readonly path: readonly ScanNode[];
  readonly onOpen: (depth: number) => void;
}): React.JSX.Element {
  const { path, onOpen } = props;
  const trans = useTranslation();
  return (
    <nav className="jp-ci-breadcrumbs" aria-label={trans.__('Folder shown')}>
      <ol>
        {path.map((node, depth) => (
          <li key={node.uri ?? depth}>
            {depth === path.length - 1 ? (
              <span aria-current="location">{node.name}</span>
            ) : (
              <button
                type="button"
                className="jp-ci-link"
                onClick={() => {
                  onOpen(depth);
                }}
              >
                {node.name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
