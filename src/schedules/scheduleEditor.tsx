/**
 * One schedule: what it does, when, by the clocks of which time zone, and from when on.
 */
import { closeIcon } from '@jupyterlab/ui-components';
import React, { useId, useRef, useState } from 'react';

import type { InstanceSchedule, SpecProblem, TimeZones } from '../api/types';
import { ChoiceField, Field } from '../environments/field';
import { IconButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { Firings } from './firings';
import { Says, saidOf } from './says';
import { TimeFields } from './timeFields';
import { isSaidIn, saidIn, wayOf } from './timetable';
import type { ScheduleAction, Way } from './timetable';
import { TimeZoneField } from './timeZoneField';
import { scheduleActionLabel, scheduleText, wayLabel } from './words';

const WAYS: readonly Way[] = ['weekly', 'cron', 'recurrence'];

/** The fields. */
export function ScheduleEditor(props: {
  readonly schedule: InstanceSchedule;
  /** Counted from 0. */
  readonly index: number;
  readonly zones: TimeZones | null;
  /** Of all schedules; their fields begin with `schedules.`. */
  readonly problems: readonly SpecProblem[];
  readonly firings: readonly string[] | undefined;
  readonly onChange: (schedule: InstanceSchedule) => void;
  readonly onRemove: () => void;
}): React.JSX.Element {
  const { schedule, index, zones, problems, firings, onChange, onRemove } =
    props;
  const trans = useTranslation();
  const id = useId();
  const path = `schedules.${index}`;
  const [chosen, setChosen] = useState(() => wayOf(schedule));
  const way = isSaidIn(chosen, schedule) ? chosen : wayOf(schedule);
  // What was said in a way that the other cannot say is there when one comes back to it.
  const before = useRef(new Map<Way, InstanceSchedule>());
  const change = (part: Partial<InstanceSchedule>): void => {
    before.current.clear();
    onChange({ ...schedule, ...part });
  };
  const choose = (next: Way): void => {
    const kept = before.current.get(next);
    before.current.set(way, schedule);
    setChosen(next);
    const { cron, recurrence } = kept ?? saidIn(next, schedule);
    onChange({ ...schedule, cron, recurrence });
  };
  const whole = saidOf(
    problems.filter(({ field }) => !hasPlace(field, path, way)),
    path
  );
  return (
    <fieldset className="jp-ci-schedule">
      <legend>{trans.__('Schedule %1', index + 1)}</legend>
      <div className="jp-ci-schedule-head">
        <label className="jp-ci-check">
          <input
            type="checkbox"
            checked={schedule.enabled}
            onChange={event => {
              change({ enabled: event.target.checked });
            }}
          />
          {trans.__('Switched on')}
        </label>
        <IconButton
          icon={closeIcon}
          label={trans.__(
            'Remove schedule %1: %2',
            index + 1,
            scheduleText(schedule, trans)
          )}
          onClick={onRemove}
        />
      </div>
      <div className="jp-ci-beside">
        <ChoiceField<ScheduleAction>
          id={`${id}-action`}
          label={trans.__('Does')}
          value={schedule.action}
          choices={[
            ['start', scheduleActionLabel('start', trans)],
            ['stop', scheduleActionLabel('stop', trans)]
          ]}
          onChange={value => {
            change({ action: value });
          }}
        />
        <ChoiceField<Way>
          id={`${id}-way`}
          label={trans.__('By')}
          value={way}
          choices={WAYS.map(each => [each, wayLabel(each, trans)] as const)}
          onChange={choose}
        />
      </div>
      <TimeFields
        way={way}
        schedule={schedule}
        path={path}
        problems={problems}
        onChange={change}
      />
      <div className="jp-ci-beside jp-mod-wide">
        <TimeZoneField
          id={`${id}-zone`}
          value={schedule.time_zone}
          zones={zones}
          problem={saidOf(problems, `${path}.time_zone`).problem}
          onChange={time_zone => {
            change({ time_zone });
          }}
        />
        <StartTimeField
          id={`${id}-start`}
          value={schedule.start_time}
          problem={saidOf(problems, `${path}.start_time`).problem}
          onChange={start_time => {
            change({ start_time });
          }}
        />
      </div>
      {(whole.problem !== null || whole.doubt !== null) && (
        <Says problem={whole.problem} hint={whole.doubt} />
      )}
      <Firings schedule={schedule} moments={firings} />
    </fieldset>
  );
}

const PLACES: Readonly<Record<Way, RegExp>> = {
  weekly: /^(recurrence\.(week_days|hours|minutes)|time_zone|start_time)\b/,
  cron: /^(cron|time_zone|start_time)\b/,
  recurrence:
    /^(recurrence\.(interval|week_days|month_days|hours|minutes)|time_zone|start_time)\b/
};

/** Whether a problem is shown at a field of its own. */
function hasPlace(field: string, path: string, way: Way): boolean {
  return (
    field.startsWith(`${path}.`) &&
    PLACES[way].test(field.slice(path.length + 1))
  );
}

/** A local time without a zone, as browsers' fields have it. */
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

function StartTimeField(props: {
  readonly id: string;
  readonly value: string | null;
  readonly problem: string | null;
  readonly onChange: (value: string | null) => void;
}): React.JSX.Element {
  const { id, value, problem, onChange } = props;
  const trans = useTranslation();
  // What a browser's field of times cannot show must be seen all the same.
  const isShown = value === null || LOCAL_TIME.test(value);
  return (
    <Field
      id={id}
      label={trans.__('Not before (optional)')}
      problem={problem}
      hint={trans.__('By the clocks of the time zone.')}
    >
      <input
        id={id}
        type={isShown ? 'datetime-local' : 'text'}
        className="jp-mod-styled"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-says`}
        value={value ?? ''}
        onChange={event => {
          const text = event.target.value;
          onChange(text === '' ? null : text);
        }}
      />
    </Field>
  );
}
