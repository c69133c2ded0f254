/**
 * How a kernel is to be: its name, its language, for whom, and with which variables.
 */
import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import React, { useId } from 'react';

import type { KernelLanguage, KernelRequest } from '../api/types';
import { Glyph } from '../panel/glyph';
import { useTranslation } from '../panel/translation';
import type { IVariable } from './draft';
import { ChoiceField, TextField } from './field';
import { scopeLabel } from './words';

/** What there is to choose. */
export interface IKernelChoice {
  readonly displayName: string;
  readonly language: KernelLanguage;
  readonly scope: KernelRequest['scope'];
  readonly variables: readonly IVariable[];
}

/** The fields. */
export function KernelFields(props: {
  readonly choice: IKernelChoice;
  /** The name it gets where none is filled in. */
  readonly proposedName: string;
  /** What is wrong with the variables, or null. */
  readonly problem: string | null;
  readonly onChange: (change: Partial<IKernelChoice>) => void;
}): React.JSX.Element {
  const { choice, proposedName, problem, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  return (
    <>
      <TextField
        id={`${id}-name`}
        label={trans.__('Name in the launcher')}
        value={choice.displayName}
        placeholder={proposedName}
        onChange={displayName => {
          onChange({ displayName });
        }}
      />
      <ChoiceField<KernelLanguage>
        id={`${id}-language`}
        label={trans.__('Language')}
        value={choice.language}
        choices={[
          ['python', trans.__('Python')],
          ['R', trans.__('R')]
        ]}
        hint={
          choice.language === 'R'
            ? trans.__('IRkernel is added where it is missing.')
            : trans.__('ipykernel is added where it is missing.')
        }
        onChange={language => {
          onChange({ language });
        }}
      />
      <ChoiceField<KernelRequest['scope']>
        id={`${id}-scope`}
        label={trans.__('Where it is kept')}
        value={choice.scope}
        choices={[
          ['user', scopeLabel('user', trans)],
          ['environment', scopeLabel('environment', trans)]
        ]}
        onChange={scope => {
          onChange({ scope });
        }}
      />
      <Variables
        variables={choice.variables}
        problem={problem}
        onChange={variables => {
          onChange({ variables });
        }}
      />
    </>
  );
}

function Variables(props: {
  readonly variables: readonly IVariable[];
  readonly problem: string | null;
  readonly onChange: (variables: readonly IVariable[]) => void;
}): React.JSX.Element {
  const { variables, problem, onChange } = props;
  const trans = useTranslation();
  const replace = (index: number, change: Partial<IVariable>): void => {
    onChange(
      variables.map((each, at) =>
        at === index ? { ...each, ...change } : each
      )
    );
  };
  return (
    <fieldset className="jp-ci-field jp-ci-variables">
      <legend>{trans.__('Environment variables')}</legend>
      {variables.map(({ name, value }, index) => (
        <div key={index} className="jp-ci-variable">
          <input
            type="text"
            className="jp-mod-styled"
            autoComplete="off"
            spellCheck={false}
            aria-label={trans.__('Name of variable %1', index + 1)}
            placeholder="OMP_NUM_THREADS"
            value={name}
            onChange={event => {
              replace(index, { name: event.target.value });
            }}
          />
          <input
            type="text"
            className="jp-mod-styled"
            autoComplete="off"
            spellCheck={false}
            aria-label={trans.__('Value of variable %1', index + 1)}
            placeholder="4"
            value={value}
            onChange={event => {
              replace(index, { value: event.target.value });
            }}
          />
          <button
            type="button"
            className="jp-ci-row-button"
            aria-label={trans.__('Leave out variable %1', index + 1)}
            title={trans.__('Leave out')}
            onClick={() => {
              onChange(variables.filter((_, at) => at !== index));
            }}
          >
            <Glyph icon={closeIcon} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="jp-ci-link jp-ci-add"
        onClick={() => {
          onChange([...variables, { name: '', value: '' }]);
        }}
      >
        <Glyph icon={addIcon} /> {trans.__('Add a variable')}
      </button>
      <div className="jp-ci-says" aria-live="polite">
        {problem === null ? (
          trans.__(
            'Kept in the kernel’s file as they are: no place for secrets.'
          )
        ) : (
          <span className="jp-mod-bad">{problem}</span>
        )}
      </div>
    </fieldset>
  );
}
