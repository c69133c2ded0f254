/**
 * The fields of when a schedule fires, one set for each way to say it.
 */
import React, { useId } from 'react';

import type { InstanceSchedule, Recurrence, SpecProblem } from '../api/types';
import { ChoiceField, Field, TextField } from '../environments/field';
import { useTranslation } from '../panel/translation';
import { saidOf } from './says';
import { numbersOf, recurrenceOf, weeklyOf } from './timetable';
import type { Frequency, Way } from './timetable';
import { useDraft } from './useDraft';
import { WeekDaysField } from './weekDaysField';
import { clock, frequencyLabel, timeText } from './words';

interface ITimeProps {
  readonly schedule: InstanceSchedule;
  /** The path of the schedule, such as `schedules.0`. */
  readonly path: string;
  readonly problems: readonly SpecProblem[];
  readonly onChange: (change: Partial<InstanceSchedule>) => void;
}

/** The fields of a way. */
export function TimeFields(
  props: ITimeProps & { readonly way: Way }
): React.JSX.Element {
  switch (props.way) {
    case 'weekly':
      return <WeeklyFields {...props} />;
    case 'cron':
      return <CronField {...props} />;
    case 'recurrence':
      return <RecurrenceFields {...props} />;
  }
}

function WeeklyFields(props: ITimeProps): React.JSX.Element {
  const { schedule, path, problems, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const weekly = weeklyOf(schedule) ?? { hour: 0, minute: 0, days: [] };
  const time = useDraft(clock(weekly.hour, weekly.minute), text => {
    const match = /^(\d\d):(\d\d)/.exec(text);
    if (match !== null) {
      onChange({
        recurrence: recurrenceOf({
          ...weekly,
          hour: Number(match[1]),
          minute: Number(match[2])
        })
      });
    }
    return match !== null;
  });
  const { problem, doubt } = saidOf(
    problems,
    `${path}.recurrence.hours`,
    `${path}.recurrence.minutes`
  );
  return (
    <>
      <WeekDaysField
        days={weekly.days}
        problem={saidOf(problems, `${path}.recurrence.week_days`).problem}
        onChange={days => {
          onChange({ recurrence: recurrenceOf({ ...weekly, days }) });
        }}
      />
      <Field
        id={`${id}-time`}
        label={trans.__('At')}
        problem={time.bad ? trans.__('Fill in hour and minute.') : problem}
        hint={doubt}
      >
        <input
          id={`${id}-time`}
          type="time"
          className="jp-mod-styled"
          aria-invalid={time.bad || problem !== null}
          aria-describedby={`${id}-time-says`}
          value={time.text}
          onChange={time.onChange}
          onBlur={time.onBlur}
        />
      </Field>
    </>
  );
}

function CronField(props: ITimeProps): React.JSX.Element {
  const { schedule, path, problems, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const { problem, doubt } = saidOf(problems, `${path}.cron`);
  const cron = schedule.cron ?? '';
  const text = timeText(schedule, trans);
  return (
    <TextField
      id={`${id}-cron`}
      label={trans.__('Cron expression')}
      value={cron}
      placeholder="0 18 * * 1-5"
      problem={problem}
      hint={
        doubt ??
        (cron === '' || text === cron
          ? trans.__('Minute, hour, day of the month, month, day of the week.')
          : text)
      }
      onChange={value => {
        onChange({ cron: value });
      }}
    />
  );
}

const FREQUENCIES: readonly Frequency[] = [
  'Minute',
  'Hour',
  'Day',
  'Week',
  'Month'
];

/** How often at most; the server's limit. */
const MOST_INTERVAL = 1000;

function RecurrenceFields(props: ITimeProps): React.JSX.Element {
  const { schedule, path, problems, onChange } = props;
  const trans = useTranslation();
  const id = useId();
  const recurrence: Recurrence =
    schedule.recurrence ??
    recurrenceOf(weeklyOf(schedule) ?? { hour: 0, minute: 0, days: [] });
  const { frequency } = recurrence;
  const change = (part: Partial<Recurrence>): void => {
    onChange({ recurrence: { ...recurrence, ...part } });
  };
  const at = `${path}.recurrence`;
  const isAtTimes =
    frequency === 'Day' || frequency === 'Week' || frequency === 'Month';
  return (
    <>
      <div className="jp-ci-beside">
        <NumbersField
          label={trans.__('Every')}
          numbers={[recurrence.interval]}
          limits={[1, MOST_INTERVAL]}
          isOne
          problem={saidOf(problems, `${at}.interval`).problem}
          onChange={([interval]) => {
            change({ interval: interval ?? 1 });
          }}
        />
        <ChoiceField<Frequency>
          id={`${id}-frequency`}
          label={trans.__('Counted in')}
          value={frequency}
          choices={FREQUENCIES.map(
            each => [each, frequencyLabel(each, trans)] as const
          )}
          onChange={value => {
            change(partsOf(value, recurrence));
          }}
        />
      </div>
      {frequency === 'Week' && (
        <WeekDaysField
          days={recurrence.week_days}
          problem={saidOf(problems, `${at}.week_days`).problem}
          onChange={week_days => {
            change({ week_days });
          }}
        />
      )}
      {frequency === 'Month' && (
        <NumbersField
          label={trans.__('Days of the month')}
          numbers={recurrence.month_days}
          limits={[1, 31]}
          problem={saidOf(problems, `${at}.month_days`).problem}
          onChange={month_days => {
            change({ month_days });
          }}
        />
      )}
      {isAtTimes && (
        <div className="jp-ci-beside">
          <NumbersField
            label={trans.__('Hours')}
            numbers={recurrence.hours}
            limits={[0, 23]}
            problem={saidOf(problems, `${at}.hours`).problem}
            onChange={hours => {
              change({ hours });
            }}
          />
          <NumbersField
            label={trans.__('Minutes')}
            numbers={recurrence.minutes}
            limits={[0, 59]}
            problem={saidOf(problems, `${at}.minutes`).problem}
            onChange={minutes => {
              change({ minutes });
            }}
          />
        </div>
      )}
    </>
  );
}

/** What of a recurrence holds in another frequency. */
function partsOf(
  frequency: Frequency,
  before: Recurrence
): Partial<Recurrence> {
  const isShort = frequency === 'Minute' || frequency === 'Hour';
  const hours = before.hours.length === 0 ? [18] : before.hours;
  const minutes = before.minutes.length === 0 ? [0] : before.minutes;
  return {
    frequency,
    hours: isShort ? [] : hours,
    minutes: isShort ? [] : minutes,
    week_days: frequency === 'Week' ? before.week_days : [],
    month_days:
      frequency !== 'Month'
        ? []
        : before.month_days.length === 0
          ? [1]
          : before.month_days
  };
}

function NumbersField(props: {
  readonly label: string;
  readonly numbers: readonly number[];
  readonly limits: readonly [least: number, most: number];
  readonly isOne?: boolean;
  readonly problem: string | null;
  readonly onChange: (numbers: number[]) => void;
}): React.JSX.Element {
  const { label, numbers, limits, isOne, problem, onChange } = props;
  const [least, most] = limits;
  const trans = useTranslation();
  const id = useId();
  const draft = useDraft(numbers.join(', '), text => {
    const found = numbersOf(text, least, most);
    const isTaken =
      found !== null &&
      found.length > 0 &&
      (isOne !== true || found.length < 2);
    if (isTaken) {
      onChange(found);
    }
    return isTaken;
  });
  const wanted =
    isOne === true
      ? trans.__('A number from %1 to %2.', least, most)
      : trans.__('Numbers from %1 to %2, separated by commas.', least, most);
  const said = draft.bad ? wanted : problem;
  return (
    <Field id={id} label={label} problem={said}>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        className={said === null ? 'jp-mod-styled' : 'jp-mod-styled jp-mod-bad'}
        autoComplete="off"
        aria-invalid={said !== null}
        aria-describedby={`${id}-says`}
        value={draft.text}
        onChange={draft.onChange}
        onBlur={draft.onBlur}
      />
    </Field>
  );
}
