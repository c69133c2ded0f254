/**
 * Fields of a spec: with what the server says of them, and locked where an administrator has fixed
 * them.
 */
import { addIcon, closeIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef } from 'react';

import { ChoiceField, Field, TextField } from '../environments/field';
import { IconButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useTranslation } from '../panel/translation';
import { Says } from '../schedules/says';
import { allSaidOf } from './problemSays';
import { useSpec } from './specContext';

/** What every field has. */
interface IFieldProps<T> {
  /** Its path in the spec. */
  readonly field: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

interface ISaid {
  readonly id: string;
  readonly isLocked: boolean;
  readonly problem: string | null;
  readonly hint: string | null;
}

/** What is to say about a field; what is wrong with parts of it is said at the parts. */
function useSaid(field: string, hint: string | undefined): ISaid {
  const { form, problems } = useSpec();
  const trans = useTranslation();
  const id = useId();
  const { problem, doubt } = allSaidOf(problems, field);
  const isLocked = form.isLocked(field);
  return {
    id,
    isLocked,
    problem,
    hint: isLocked ? lockedText(trans) : (doubt ?? hint ?? null)
  };
}

/** Why a field cannot be changed. */
export function lockedText(trans: TranslationBundle): string {
  return trans.__('Fixed by the administrator of this Jupyter server.');
}

/** A place that a link to a problem can lead to. */
export function FieldPlace(props: {
  readonly field: string;
  readonly children: React.ReactNode;
}): React.JSX.Element {
  return <div data-spec-field={props.field}>{props.children}</div>;
}

/** A line of text. */
export function SpecText(
  props: IFieldProps<string> & { readonly placeholder?: string }
): React.JSX.Element {
  const { field, label, value, placeholder, onChange } = props;
  const { id, isLocked, problem, hint } = useSaid(field, props.hint);
  return (
    <FieldPlace field={field}>
      <TextField
        id={id}
        label={label}
        value={value}
        problem={problem}
        hint={hint}
        readOnly={isLocked}
        {...(placeholder === undefined ? {} : { placeholder })}
        onChange={onChange}
      />
    </FieldPlace>
  );
}

/** Several lines of text. */
export function SpecArea(
  props: IFieldProps<string> & {
    readonly placeholder?: string;
    readonly rows?: number;
  }
): React.JSX.Element {
  const { field, label, value, placeholder, rows, onChange } = props;
  const { id, isLocked, problem, hint } = useSaid(field, props.hint);
  return (
    <FieldPlace field={field}>
      <Field id={id} label={label} problem={problem} hint={hint}>
        <textarea
          id={id}
          className={
            problem === null
              ? 'jp-mod-styled jp-ci-area'
              : 'jp-mod-styled jp-ci-area jp-mod-bad'
          }
          rows={rows ?? 3}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={problem !== null}
          aria-describedby={`${id}-says`}
          placeholder={placeholder}
          readOnly={isLocked}
          value={value}
          onChange={event => {
            onChange(event.target.value);
          }}
        />
      </Field>
    </FieldPlace>
  );
}

/** One of a few. */
export function SpecChoice<T extends string>(
  props: IFieldProps<T> & {
    readonly choices: readonly (readonly [value: T, label: string])[];
  }
): React.JSX.Element {
  const { field, label, value, choices, onChange } = props;
  const { form } = useSpec();
  const { id, problem, hint } = useSaid(field, props.hint);
  return (
    <FieldPlace field={field}>
      <ChoiceField<T>
        id={id}
        label={label}
        value={value}
        choices={choices}
        problem={problem}
        hint={hint}
        disabled={form.isPartlyLocked(field)}
        onChange={onChange}
      />
    </FieldPlace>
  );
}

/** Yes, no, or what Azure does when nothing is said. */
export function SpecTristate(
  props: IFieldProps<boolean | null>
): React.JSX.Element {
  const { value, onChange, ...rest } = props;
  const trans = useTranslation();
  return (
    <SpecChoice<'' | 'yes' | 'no'>
      {...rest}
      value={value === null ? '' : value ? 'yes' : 'no'}
      choices={[
        ['', trans.__('As Azure has it')],
        ['yes', trans.__('Yes')],
        ['no', trans.__('No')]
      ]}
      onChange={choice => {
        onChange(choice === '' ? null : choice === 'yes');
      }}
    />
  );
}

/** Something that is switched on. */
export function SpecSwitch(
  props: IFieldProps<boolean> & {
    /** Whether switching it off would change what is fixed inside. */
    readonly holds?: string;
  }
): React.JSX.Element {
  const { field, holds, label, value, onChange } = props;
  const { form } = useSpec();
  const trans = useTranslation();
  const { id, problem, hint } = useSaid(field, props.hint);
  const isLocked = form.isPartlyLocked(holds ?? field);
  return (
    <div className="jp-ci-field" data-spec-field={field}>
      <label className="jp-ci-check">
        <input
          type="checkbox"
          checked={value}
          disabled={isLocked}
          aria-describedby={`${id}-says`}
          onChange={event => {
            onChange(event.target.checked);
          }}
        />
        {label}
      </label>
      <Says
        id={`${id}-says`}
        problem={problem}
        hint={isLocked ? lockedText(trans) : hint}
      />
    </div>
  );
}

/** A list whose entries can be added and removed. */
export function SpecList<T>(props: {
  readonly field: string;
  /** What all of them are, for screen readers. */
  readonly label: string;
  readonly items: readonly T[];
  /** What a new one is. */
  readonly empty: T;
  readonly addLabel: string;
  readonly removeLabel: (index: number) => string;
  /** Whether the administrator has fixed an entry, so that it stays. */
  readonly isFixed?: (item: T) => boolean;
  readonly onChange: (items: T[]) => void;
  readonly children: (
    item: T,
    index: number,
    change: (item: T) => void
  ) => React.ReactNode;
  readonly className?: string;
}): React.JSX.Element {
  const { field, label, items, empty, addLabel, removeLabel, onChange } = props;
  const { form, problems } = useSpec();
  const trans = useTranslation();
  const isLocked = form.isLocked(field);
  const said = allSaidOf(problems, field);
  const list = useRef<HTMLFieldSetElement>(null);
  const before = useRef(items.length);
  const isMine = useRef(false);
  useEffect(() => {
    // A new entry is filled in next; where one has gone, the focus must not be lost.
    const grown = items.length - before.current;
    before.current = items.length;
    if (isMine.current && grown !== 0) {
      isMine.current = false;
      const place =
        grown > 0
          ? `:scope > [data-entry="${items.length - 1}"] :is(input, select)`
          : ':scope > .jp-ci-add';
      list.current?.querySelector<HTMLElement>(place)?.focus();
    }
  }, [items.length]);
  return (
    <fieldset
      ref={list}
      className="jp-ci-list"
      disabled={isLocked}
      data-spec-field={field}
    >
      <legend className="jp-ci-hidden-text">{label}</legend>
      {items.map((item, index) => (
        // Entries have no names of their own; what is typed is held by the form.
        <div
          key={index}
          data-entry={index}
          className={props.className ?? 'jp-ci-list-item'}
        >
          {props.children(item, index, changed => {
            onChange(items.map((each, at) => (at === index ? changed : each)));
          })}
          {!isLocked && props.isFixed?.(item) !== true && (
            <IconButton
              icon={closeIcon}
              label={removeLabel(index)}
              onClick={() => {
                isMine.current = true;
                onChange(items.filter((_, at) => at !== index));
              }}
            />
          )}
        </div>
      ))}
      {!isLocked && (
        <button
          type="button"
          className="jp-ci-link jp-ci-add"
          onClick={() => {
            isMine.current = true;
            onChange([...items, empty]);
          }}
        >
          <Glyph icon={addIcon} /> {addLabel}
        </button>
      )}
      <Says
        problem={said.problem}
        hint={isLocked ? lockedText(trans) : said.doubt}
      />
    </fieldset>
  );
}
