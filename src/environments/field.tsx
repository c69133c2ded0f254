/**
 * A field of a form: its label, the control, and what is to say about it.
 */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

/** The field. */
export function Field(props: {
  readonly id: string;
  readonly label: string;
  /** What is wrong, said in the colour of errors; null where nothing is. */
  readonly problem?: string | null;
  readonly hint?: string | null;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const { id, label, problem, hint, children } = props;
  return (
    <div className="jp-ci-field">
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-says`} className="jp-ci-says" aria-live="polite">
        {problem !== undefined && problem !== null ? (
          <span className="jp-mod-bad">{problem}</span>
        ) : (
          (hint ?? '')
        )}
      </div>
    </div>
  );
}

/** A line of text to fill in. */
export function TextField(props: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly problem?: string | null;
  readonly hint?: string | null;
  readonly readOnly?: boolean;
  readonly onChange: (value: string) => void;
}): React.JSX.Element {
  const { id, label, value, placeholder, problem, hint, readOnly, onChange } =
    props;
  const bad = problem !== undefined && problem !== null;
  return (
    <Field
      id={id}
      label={label}
      {...(problem === undefined ? {} : { problem })}
      {...(hint === undefined ? {} : { hint })}
    >
      <input
        id={id}
        type="text"
        className={bad ? 'jp-mod-styled jp-mod-bad' : 'jp-mod-styled'}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={bad}
        aria-describedby={`${id}-says`}
        placeholder={placeholder}
        readOnly={readOnly}
        value={value}
        onChange={event => {
          onChange(event.target.value);
        }}
      />
    </Field>
  );
}

/** One of a few to choose. */
export function ChoiceField<T extends string>(props: {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, label: string])[];
  readonly problem?: string | null;
  readonly hint?: string | null;
  readonly disabled?: boolean;
  readonly onChange: (value: T) => void;
}): React.JSX.Element {
  const { id, label, value, choices, problem, hint, disabled, onChange } =
    props;
  return (
    <Field
      id={id}
      label={label}
      {...(problem === undefined ? {} : { problem })}
      {...(hint === undefined ? {} : { hint })}
    >
      <HTMLSelect
        id={id}
        className="jp-ci-select"
        disabled={disabled}
        aria-describedby={`${id}-says`}
        value={value}
        onChange={event => {
          // The options are made from the choices.
          onChange(event.target.value as T);
        }}
        options={choices.map(([each, text]) => ({ value: each, label: text }))}
      />
    </Field>
  );
}
