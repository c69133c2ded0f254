/**
 * The days of a week, each to tick.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { Says } from './says';
import { WEEK_DAYS } from './timetable';
import type { WeekDay } from './timetable';
import { dayName } from './words';

/** The field. */
export function WeekDaysField(props: {
  readonly days: readonly WeekDay[];
  readonly problem: string | null;
  readonly onChange: (days: WeekDay[]) => void;
}): React.JSX.Element {
  const { days, problem, onChange } = props;
  const trans = useTranslation();
  return (
    <fieldset className="jp-ci-field jp-ci-week-days">
      <legend>{trans.__('Days')}</legend>
      <div className="jp-ci-week-days-row">
        {WEEK_DAYS.map(day => (
          <label key={day} className="jp-ci-week-day">
            <input
              type="checkbox"
              checked={days.includes(day)}
              aria-label={dayName(day, 'long')}
              onChange={event => {
                onChange(
                  WEEK_DAYS.filter(each =>
                    each === day ? event.target.checked : days.includes(each)
                  )
                );
              }}
            />
            <span aria-hidden="true">{dayName(day, 'short')}</span>
          </label>
        ))}
      </div>
      <Says
        problem={
          problem ??
          (days.length === 0 ? trans.__('Choose at least one day.') : null)
        }
      />
    </fieldset>
  );
}
