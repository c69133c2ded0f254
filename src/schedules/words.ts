/**
 * Schedules and idle shutdown in words for people; knows no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { InstanceSchedule, Recurrence } from '../api/types';
import { formatDuration, isoDurationSeconds } from '../format';
import { WEEK_DAYS, weeklyOf, WORK_DAYS } from './timetable';
import type {
  Frequency,
  IWeekly,
  ScheduleAction,
  Way,
  WeekDay
} from './timetable';

/** A Monday, from which the names of days are counted. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

/** The name of a day of the week in the language of the page. */
export function dayName(
  day: WeekDay,
  length: 'long' | 'short',
  locale?: string
): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: length,
    timeZone: 'UTC'
  }).format(MONDAY + WEEK_DAYS.indexOf(day) * DAY_MS);
}

/** What a schedule does, as a choice says it. */
export function scheduleActionLabel(
  action: ScheduleAction,
  trans: TranslationBundle
): string {
  return action === 'start' ? trans.__('Start') : trans.__('Stop');
}

/** The ways to say when, as a choice says them. */
export function wayLabel(way: Way, trans: TranslationBundle): string {
  switch (way) {
    case 'weekly':
      return trans.__('Days of the week');
    case 'cron':
      return trans.__('Cron expression');
    case 'recurrence':
      return trans.__('Recurrence');
  }
}

/** What a recurrence is counted in. */
export function frequencyLabel(
  frequency: Frequency,
  trans: TranslationBundle
): string {
  switch (frequency) {
    case 'Minute':
      return trans.__('minutes');
    case 'Hour':
      return trans.__('hours');
    case 'Day':
      return trans.__('days');
    case 'Week':
      return trans.__('weeks');
    case 'Month':
      return trans.__('months');
  }
}

/** When a schedule fires: "Mon–Fri 18:00", or its expression where that says it best. */
export function timeText(
  schedule: InstanceSchedule,
  trans: TranslationBundle
): string {
  const weekly = weeklyOf(schedule);
  if (weekly !== null) {
    return weeklyText(weekly, trans);
  }
  return schedule.recurrence === null
    ? (schedule.cron ?? trans.__('never'))
    : recurrenceText(schedule.recurrence, trans);
}

/** A schedule in a line: "Stop Mon–Fri 18:00 (Europe/Berlin)". */
export function scheduleText(
  schedule: InstanceSchedule,
  trans: TranslationBundle
): string {
  const text = trans.__(
    '%1 %2 (%3)',
    scheduleActionLabel(schedule.action, trans),
    timeText(schedule, trans),
    schedule.time_zone
  );
  return schedule.enabled ? text : trans.__('%1, switched off', text);
}

/** All of them, for the title of what they are folded into. */
export function schedulesText(
  schedules: readonly InstanceSchedule[],
  trans: TranslationBundle
): string {
  return schedules.length === 0
    ? trans.__('none')
    : schedules.map(each => scheduleText(each, trans)).join('; ');
}

/** When an idle instance stops: "after 1 h", "off". */
export function idleText(
  duration: string | null,
  trans: TranslationBundle
): string {
  if (duration === null) {
    return trans.__('off');
  }
  const seconds = isoDurationSeconds(duration);
  return seconds === null
    ? duration
    : trans.__('after %1', formatDuration(seconds, trans));
}

/**
 * A moment as the clocks of a time zone show it: "Mon, Nov 24, 18:00 GMT+1".
 *
 * #### Notes
 * The names of Windows', which Azure gives, are none that a browser knows: then it is the clock of
 * whoever looks, and the text says so by its zone.
 */
export function firingText(
  moment: Date,
  timeZone: string,
  locale?: string
): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short'
  };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(
      moment
    );
  } catch (reason) {
    if (reason instanceof RangeError) {
      return new Intl.DateTimeFormat(locale, options).format(moment);
    }
    throw reason;
  }
}

function weeklyText(
  { days, hour, minute }: IWeekly,
  trans: TranslationBundle
): string {
  return trans.__('%1 %2', daysText(days, trans), clock(hour, minute));
}

function daysText(days: readonly WeekDay[], trans: TranslationBundle): string {
  if (days.length === 7) {
    return trans.__('daily');
  }
  const isWorkWeek =
    days.length === WORK_DAYS.length &&
    days.every((each, index) => each === WORK_DAYS[index]);
  return isWorkWeek
    ? trans.__('%1–%2', dayName('Monday', 'short'), dayName('Friday', 'short'))
    : days.map(each => dayName(each, 'short')).join(', ');
}

function recurrenceText(
  recurrence: Recurrence,
  trans: TranslationBundle
): string {
  const { frequency, hours, interval, minutes, month_days, week_days } =
    recurrence;
  const days =
    frequency === 'Month'
      ? month_days.join(', ')
      : week_days.map(each => dayName(each, 'short')).join(', ');
  const times = hours
    .flatMap(hour =>
      (minutes.length === 0 ? [0] : minutes).map(minute => clock(hour, minute))
    )
    .join(', ');
  return [
    trans.__('every %1 %2', interval, frequencyLabel(frequency, trans)),
    days,
    times
  ]
    .filter(each => each !== '')
    .join(', ');
}

/** As fields of a form have it, whatever the language. */
export function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
