/**
 * Names with values, such as tags and variables.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import type { IPair } from './draft';
import { SpecList } from './fields';
import { useSpec } from './specContext';

/** The list. */
export function PairList(props: {
  readonly field: string;
  readonly label: string;
  readonly addLabel: string;
  readonly namePlaceholder: string;
  readonly valuePlaceholder: string;
  readonly pairs: readonly IPair[];
  readonly onChange: (pairs: IPair[]) => void;
}): React.JSX.Element {
  const { field, label, addLabel, pairs, onChange } = props;
  const { form, problems } = useSpec();
  const trans = useTranslation();
  return (
    <SpecList<IPair>
      field={field}
      label={label}
      items={pairs}
      empty={{ name: '', value: '' }}
      addLabel={addLabel}
      removeLabel={index => trans.__('Remove %1 %2', label, index + 1)}
      isFixed={({ name }) => name !== '' && form.isLocked(`${field}.${name}`)}
      className="jp-ci-variable"
      onChange={onChange}
    >
      {(pair, index, change) => {
        const path = `${field}.${pair.name}`;
        const problem = problems.find(
          each => pair.name !== '' && each.field === path
        );
        const isLocked = form.isLocked(path);
        const shared = {
          type: 'text',
          className:
            problem?.severity === 'error'
              ? 'jp-mod-styled jp-mod-bad'
              : 'jp-mod-styled',
          autoComplete: 'off',
          spellCheck: false,
          readOnly: isLocked,
          'aria-invalid': problem?.severity === 'error',
          title: problem?.message
        };
        return (
          <>
            <input
              {...shared}
              aria-label={trans.__('Name of %1 %2', label, index + 1)}
              placeholder={props.namePlaceholder}
              value={pair.name}
              onChange={event => {
                change({ ...pair, name: event.target.value });
              }}
            />
            <input
              {...shared}
              aria-label={trans.__('Value of %1 %2', label, index + 1)}
              placeholder={props.valuePlaceholder}
              value={pair.value}
              onChange={event => {
                change({ ...pair, value: event.target.value });
              }}
            />
            {problem !== undefined && (
              <span className="jp-ci-says jp-ci-pair-says" role="alert">
                <span className="jp-mod-bad">{problem.message}</span>
              </span>
            )}
          </>
        );
      }}
    </SpecList>
  );
}
