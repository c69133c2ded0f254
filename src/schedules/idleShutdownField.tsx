/**
 * Whether an instance stops by itself when nobody uses it, and after how long.
 */
import React, { useId, useState } from 'react';

import type { SpecProblem } from '../api/types';
import { ChoiceField, Field } from '../environments/field';
import { useTranslation } from '../panel/translation';
import {
  amountIn,
  durationOf,
  idleTimeOf,
  isWithinLimits,
  USUAL_IDLE_TIME
} from './idleShutdown';
import type { IdleUnit } from './idleShutdown';
import { saidOf } from './says';
import { useDraft } from './useDraft';

/** The field. */
export function IdleShutdownField(props: {
  /** A duration in ISO 8601; null: it never stops for lack of use. */
  readonly value: string | null;
  /** Those at `idle_shutdown` are shown. */
  readonly problems: readonly SpecProblem[];
  /** Why it cannot be changed, or null. */
  readonly whyNot?: string | null;
  readonly onChange: (value: string | null) => void;
}): React.JSX.Element {
  const { value, problems, onChange } = props;
  const whyNot = props.whyNot ?? null;
  const trans = useTranslation();
  const [last, setLast] = useState(value ?? USUAL_IDLE_TIME);
  return (
    <fieldset className="jp-ci-idle" disabled={whyNot !== null}>
      <legend className="jp-ci-hidden-text">{trans.__('Idle shutdown')}</legend>
      {whyNot !== null && <p className="jp-ci-hint">{whyNot}</p>}
      <label className="jp-ci-check">
        <input
          type="checkbox"
          checked={value !== null}
          onChange={event => {
            setLast(value ?? last);
            onChange(event.target.checked ? last : null);
          }}
        />
        {trans.__('Stop it when nobody uses it')}
      </label>
      {value !== null && (
        <IdleTime value={value} problems={problems} onChange={onChange} />
      )}
    </fieldset>
  );
}

function IdleTime(props: {
  readonly value: string;
  readonly problems: readonly SpecProblem[];
  readonly onChange: (value: string) => void;
}): React.JSX.Element {
  const { value, problems, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const [unit, setUnit] = useState<IdleUnit>(
    () => idleTimeOf(value)?.unit ?? 'minutes'
  );
  const amount = amountIn(unit, value);
  const draft = useDraft(
    amount === null ? '' : String(Math.round(amount * 100) / 100),
    text => {
      const number = Number(text);
      const isNumber = text.trim() !== '' && number > 0 && number < 1e6;
      if (isNumber) {
        onChange(durationOf({ amount: number, unit }));
      }
      return isNumber;
    }
  );
  const said = saidOf(problems, 'idle_shutdown');
  const limits = trans.__('Between 15 minutes and 3 days.');
  const problem =
    draft.bad || !isWithinLimits(value)
      ? (said.problem ?? limits)
      : said.problem;
  return (
    <div className="jp-ci-beside">
      <Field
        id={`${id}-amount`}
        label={trans.__('After')}
        problem={problem}
        hint={
          said.doubt ??
          trans.__(
            'Open kernels and terminals count as use, and so do custom applications.'
          )
        }
      >
        <input
          id={`${id}-amount`}
          type="number"
          min="0"
          step="any"
          className={
            problem === null ? 'jp-mod-styled' : 'jp-mod-styled jp-mod-bad'
          }
          aria-invalid={problem !== null}
          aria-describedby={`${id}-amount-says`}
          value={draft.text}
          onChange={draft.onChange}
          onBlur={draft.onBlur}
        />
      </Field>
      <ChoiceField<IdleUnit>
        id={`${id}-unit`}
        label={trans.__('Counted in')}
        value={unit}
        choices={[
          ['minutes', trans.__('minutes')],
          ['hours', trans.__('hours')],
          ['days', trans.__('days')]
        ]}
        onChange={next => {
          setUnit(next);
          if (amount !== null) {
            onChange(durationOf({ amount, unit: next }));
          }
        }}
      />
    </div>
  );
}
