/**
 * The schedules of an instance, to change: used by the form of a new one and by the page about one.
 * What is wrong with them and when they fire is the caller's to ask, `useSchedulePreview` does.
 */
import { addIcon } from '@jupyterlab/ui-components';
import React, { useEffect, useRef } from 'react';

import type { SpecsClient } from '../api/specsClient';
import type { InstanceSchedule, SpecProblem } from '../api/types';
import { Glyph } from '../panel/glyph';
import { useTranslation } from '../panel/translation';
import { Says, saidOf } from './says';
import { ScheduleEditor } from './scheduleEditor';
import { MOST_SCHEDULES, newSchedule } from './timetable';
import type { ScheduleAction } from './timetable';
import { useTimeZones } from './useTimeZones';

/** The list with an editor for each, and the buttons that add one. */
export function SchedulesField(props: {
  readonly schedules: readonly InstanceSchedule[];
  readonly client: SpecsClient;
  /** Of the whole spec, or of the schedules alone: those at `schedules` are shown. */
  readonly problems: readonly SpecProblem[];
  /** The next moments of each schedule, as the server gives them. */
  readonly firings: readonly (readonly string[])[];
  /** Why they cannot be changed, or null. */
  readonly whyNot?: string | null;
  readonly onChange: (schedules: InstanceSchedule[]) => void;
}): React.JSX.Element {
  const { schedules, client, problems, firings, onChange } = props;
  const whyNot = props.whyNot ?? null;
  const trans = useTranslation();
  const zones = useTimeZones(client);
  const keys = useKeys(schedules.length);
  const addButton = useRef<HTMLButtonElement>(null);
  const isOneGone = useRef(false);
  useEffect(() => {
    if (isOneGone.current) {
      isOneGone.current = false;
      // Its own button is gone: the focus goes to where the list is added to.
      addButton.current?.focus();
    }
  }, [schedules]);
  const whole = saidOf(
    problems.filter(({ field }) => field === 'schedules'),
    'schedules'
  );
  const isFull = schedules.length >= MOST_SCHEDULES;
  const add = (action: ScheduleAction): void => {
    onChange([...schedules, newSchedule(action, zones?.local ?? 'UTC')]);
  };
  return (
    <fieldset className="jp-ci-schedules" disabled={whyNot !== null}>
      <legend className="jp-ci-hidden-text">{trans.__('Schedules')}</legend>
      {whyNot !== null && <p className="jp-ci-hint">{whyNot}</p>}
      {schedules.length === 0 && (
        <p className="jp-ci-hint">
          {trans.__(
            'Nothing starts or stops it at set times. A stop in the evening saves what a night costs.'
          )}
        </p>
      )}
      {schedules.map((schedule, index) => (
        <ScheduleEditor
          key={keys.of(index)}
          schedule={schedule}
          index={index}
          zones={zones}
          problems={problems}
          firings={firings[index]}
          onChange={changed => {
            onChange(
              schedules.map((each, at) => (at === index ? changed : each))
            );
          }}
          onRemove={() => {
            keys.remove(index);
            isOneGone.current = true;
            onChange(schedules.filter((_, at) => at !== index));
          }}
        />
      ))}
      <Says problem={whole.problem} hint={whole.doubt} />
      {isFull ? (
        <p className="jp-ci-hint">
          {trans.__('Azure takes at most %1 schedules.', MOST_SCHEDULES)}
        </p>
      ) : (
        <div className="jp-ci-buttons">
          <button
            ref={addButton}
            type="button"
            className="jp-ci-link jp-ci-add"
            onClick={() => {
              add('stop');
            }}
          >
            <Glyph icon={addIcon} /> {trans.__('Stop at set times')}
          </button>
          <button
            type="button"
            className="jp-ci-link jp-ci-add"
            onClick={() => {
              add('start');
            }}
          >
            <Glyph icon={addIcon} /> {trans.__('Start at set times')}
          </button>
        </div>
      )}
    </fieldset>
  );
}

/** Keys of rows that have no names, so that what is typed into one stays with it. */
function useKeys(count: number): {
  readonly of: (index: number) => number;
  readonly remove: (index: number) => void;
} {
  const keys = useRef<number[]>([]);
  const next = useRef(0);
  while (keys.current.length < count) {
    keys.current.push(next.current);
    next.current += 1;
  }
  keys.current.length = count;
  return {
    of: index => keys.current[index] ?? index,
    remove: index => {
      keys.current.splice(index, 1);
    }
  };
}
