/**
 * What was chosen, each with a button that takes it out again.
 */
import { closeIcon } from '@jupyterlab/ui-components';
import React, { useRef } from 'react';

import { Glyph } from '../panel/glyph';
import { useTranslation } from '../panel/translation';

/** The list; where nothing is chosen, nothing is drawn. */
export function SpecList(props: {
  readonly label: string;
  readonly specs: readonly string[];
  readonly onRemove: (spec: string) => void;
}): React.JSX.Element {
  const { label, specs, onRemove } = props;
  const trans = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  if (specs.length === 0) {
    return <></>;
  }
  return (
    <ul ref={list} className="jp-ci-specs" aria-label={label} tabIndex={-1}>
      {specs.map(spec => (
        <li key={spec} className="jp-ci-spec">
          <span>{spec}</span>
          <button
            type="button"
            className="jp-ci-row-button"
            aria-label={trans.__('Leave out %1', spec)}
            title={trans.__('Leave out')}
            onClick={() => {
              // Its button is about to go, and must not take the focus along.
              list.current?.focus();
              onRemove(spec);
            }}
          >
            <Glyph icon={closeIcon} />
          </button>
        </li>
      ))}
    </ul>
  );
}
