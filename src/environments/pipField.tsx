/**
 * Packages that pip installs after Conda; folded, because Conda's are the better choice where there
 * are both.
 */
import React, { useId, useState } from 'react';

import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { SpecList } from './specList';

/** The fold. */
export function PipField(props: {
  readonly specs: readonly string[];
  readonly onChange: (specs: readonly string[]) => void;
}): React.JSX.Element {
  const { specs, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const add = (): void => {
    const spec = text.trim();
    if (spec !== '') {
      onChange([...specs.filter(each => each !== spec), spec]);
      setText('');
    }
  };
  return (
    <details className="jp-ci-fold">
      <summary>
        {specs.length === 0
          ? trans.__('With pip: none')
          : trans.__('With pip: %1', specs.join(', '))}
      </summary>
      <SpecList
        label={trans.__('Packages to install with pip')}
        specs={specs}
        onRemove={spec => {
          onChange(specs.filter(each => each !== spec));
        }}
      />
      <div className="jp-ci-field">
        <label htmlFor={id}>{trans.__('Add a package from PyPI')}</label>
        <div className="jp-ci-search">
          <input
            id={id}
            type="text"
            className="jp-mod-styled"
            autoComplete="off"
            spellCheck={false}
            placeholder="azure-ai-ml>=1.20"
            value={text}
            onChange={event => {
              setText(event.target.value);
            }}
            onKeyDown={event => {
              if (event.key === 'Enter') {
                event.preventDefault();
                add();
              }
            }}
          />
          <ActionButton onClick={add}>{trans.__('Add')}</ActionButton>
        </div>
        <div className="jp-ci-says">
          {trans.__(
            'For what no channel has. Installed last, by the environment’s own pip.'
          )}
        </div>
      </div>
    </details>
  );
}
