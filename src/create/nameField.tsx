/**
 * The name of a new instance, judged while it is typed.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';

import type { RequestFailure } from '../api/errors';
import { explain } from '../failure';
import { LONGEST_NAME, SHORTEST_NAME } from '../model/names';
import type { NameProblem } from '../model/names';
import { ErrorDetails } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { IInstancesModel } from '../tokens';
import type { NameState } from './nameCheck';

/** What is wrong with a name, in words. */
export function nameProblemText(
  problem: NameProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'empty':
      return trans.__(
        '%1 to %2 letters, digits and hyphens, unique in the Azure region.',
        SHORTEST_NAME,
        LONGEST_NAME
      );
    case 'too_short':
      return trans.__('At least %1 characters.', SHORTEST_NAME);
    case 'too_long':
      return trans.__('At most %1 characters.', LONGEST_NAME);
    case 'starts_wrong':
      return trans.__('Start with a letter from A to Z.');
    case 'character':
      return trans.__('Only letters from A to Z, digits and hyphens.');
    case 'hyphen':
      return trans.__('Follow each hyphen with a letter or digit.');
    case 'ends_in_number':
      return trans.__('A name cannot end in a hyphen and digits.');
  }
}

/** The field with what is to say about the name below it. */
export function NameField(props: {
  readonly name: string;
  readonly state: NameState;
  /** Why the server did not take it, or null. */
  readonly refused: RequestFailure | null;
  readonly instances: Pick<IInstancesModel, 'find'>;
  /** Whether it cannot be changed. */
  readonly readOnly?: boolean;
  readonly onChange: (name: string) => void;
}): React.JSX.Element {
  const { name, state, refused, instances, readOnly, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const bad =
    refused !== null ||
    state.kind === 'taken' ||
    (state.kind === 'problem' && state.problem !== 'empty');

  return (
    <div className="jp-ci-field">
      <label htmlFor={id}>{trans.__('Name')}</label>
      <input
        id={id}
        type="text"
        className={bad ? 'jp-mod-styled jp-mod-bad' : 'jp-mod-styled'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={bad}
        aria-describedby={`${id}-says`}
        readOnly={readOnly}
        value={name}
        onChange={event => {
          onChange(event.target.value);
        }}
      />
      <div id={`${id}-says`} aria-live="polite" className="jp-ci-says">
        {refused === null ? (
          <NameSays
            state={state}
            instanceState={instances.find(name)?.state ?? null}
            onSuggestion={onChange}
          />
        ) : (
          <Refused error={explain(refused, trans)} />
        )}
      </div>
    </div>
  );
}

/** An error of the server at its field. */
export function Refused(props: {
  readonly error: ReturnType<typeof explain>;
}): React.JSX.Element {
  const { error } = props;
  return (
    <>
      <span className="jp-mod-bad">
        {error.message} {error.hint}
      </span>
      <ErrorDetails error={error} />
    </>
  );
}

function NameSays(props: {
  readonly state: NameState;
  readonly instanceState: string | null;
  readonly onSuggestion: (name: string) => void;
}): React.JSX.Element {
  const { state, instanceState, onSuggestion } = props;
  const trans = useTranslation();
  switch (state.kind) {
    case 'problem': {
      const text = nameProblemText(state.problem, trans);
      return state.problem === 'empty' ? (
        <span>{text}</span>
      ) : (
        <span className="jp-mod-bad">{text}</span>
      );
    }
    case 'checking':
      return <span>{trans.__('Checking whether it is free…')}</span>;
    case 'free':
      return (
        <span className="jp-mod-good">{trans.__('✓ Free in this region')}</span>
      );
    case 'existing':
      return (
        <span>
          {instanceState === null
            ? trans.__(
                'This workspace has an instance of this name already: use it.'
              )
            : trans.__(
                'This workspace has an instance of this name already (%1): use it. Nothing is created.',
                instanceState
              )}
        </span>
      );
    case 'taken':
      return <Taken {...state} onSuggestion={onSuggestion} />;
    case 'unchecked':
      return (
        <span>
          {state.failure === null
            ? trans.__(
                'Your role does not allow to check whether it is free in the region; creating it will tell.'
              )
            : trans.__(
                'Whether it is free could not be checked (%1); creating it will tell.',
                explain(state.failure, trans).message
              )}
        </span>
      );
  }
}

function Taken(props: {
  readonly message: string | null;
  readonly suggestion: string | null;
  readonly onSuggestion: (name: string) => void;
}): React.JSX.Element {
  const { message, suggestion, onSuggestion } = props;
  const trans = useTranslation();
  return (
    <>
      <span className="jp-mod-bad">
        {message ?? trans.__('This name is in use in the region.')}
      </span>
      {suggestion !== null && (
        <button
          type="button"
          className="jp-ci-link"
          onClick={() => {
            onSuggestion(suggestion);
          }}
        >
          {trans.__('Use %1', suggestion)}
        </button>
      )}
    </>
  );
}
