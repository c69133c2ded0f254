/**
 * When a schedule fires, in the three ways in which it can be said: by days of the week, as a cron
 * expression, and as a recurrence. Pure; no words for people.
 */
import type { InstanceSchedule, Recurrence } from '../api/types';

export type ScheduleAction = InstanceSchedule['action'];
export type WeekDay = Recurrence['week_days'][number];
export type Frequency = Recurrence['frequency'];

/** How a person says when. */
export type Way = 'weekly' | 'cron' | 'recurrence';

/** At some minute of some days of every week. */
export interface IWeekly {
  readonly hour: number;
  readonly minute: number;
  /** In the order of the week, each once. */
  readonly days: readonly WeekDay[];
}

/** Azure takes no more. */
export const MOST_SCHEDULES = 4;

/** In the order in which they are shown. */
export const WEEK_DAYS: readonly WeekDay[] = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday'
];

export const WORK_DAYS: readonly WeekDay[] = WEEK_DAYS.slice(0, 5);

/** What a new schedule does: the office's hours, so that only the days remain to be thought of. */
export function newSchedule(
  action: ScheduleAction,
  timeZone: string
): InstanceSchedule {
  return {
    action,
    cron: null,
    recurrence: recurrenceOf(usualWeek(action)),
    time_zone: timeZone,
    start_time: null,
    enabled: true,
    id: null
  };
}

/** How the time of a schedule is said best. */
export function wayOf(schedule: InstanceSchedule): Way {
  if (schedule.recurrence === null) {
    return 'cron';
  }
  return isWeekly(schedule.recurrence) ? 'weekly' : 'recurrence';
}

/** Whether the time of a schedule can be shown in a way as it is. */
export function isSaidIn(way: Way, schedule: InstanceSchedule): boolean {
  switch (way) {
    case 'cron':
      return schedule.recurrence === null;
    case 'recurrence':
      return schedule.recurrence !== null;
    case 'weekly':
      return schedule.recurrence !== null && isWeekly(schedule.recurrence);
  }
}

/**
 * The same time said in another way.
 *
 * #### Notes
 * What the other way cannot say becomes the office's hours, from where it is easily changed.
 */
export function saidIn(way: Way, schedule: InstanceSchedule): InstanceSchedule {
  if (isSaidIn(way, schedule)) {
    return schedule;
  }
  const weekly = weeklyOf(schedule) ?? usualWeek(schedule.action);
  switch (way) {
    case 'cron':
      return {
        ...schedule,
        cron:
          (schedule.recurrence && cronOfRecurrence(schedule.recurrence)) ??
          cronOf(weekly),
        recurrence: null
      };
    case 'recurrence':
    case 'weekly':
      return { ...schedule, cron: null, recurrence: recurrenceOf(weekly) };
  }
}

/** The time of a schedule by days of the week, or null where it is another. */
export function weeklyOf(schedule: InstanceSchedule): IWeekly | null {
  const { cron, recurrence } = schedule;
  if (recurrence === null) {
    return cron === null ? null : weeklyOfCron(cron);
  }
  if (isWeekly(recurrence)) {
    return {
      hour: recurrence.hours[0] ?? 0,
      minute: recurrence.minutes[0] ?? 0,
      days: inOrder(recurrence.week_days)
    };
  }
  const said = cronOfRecurrence(recurrence);
  return said === null ? null : weeklyOfCron(said);
}

/** By days of the week, as a recurrence. */
export function recurrenceOf({ days, hour, minute }: IWeekly): Recurrence {
  return {
    frequency: 'Week',
    interval: 1,
    hours: [hour],
    minutes: [minute],
    week_days: [...inOrder(days)],
    month_days: []
  };
}

/** By days of the week, as a cron expression. */
export function cronOf({ days, hour, minute }: IWeekly): string {
  return `${minute} ${hour} * * ${cronDays(days)}`;
}

/**
 * A recurrence as a cron expression, or null where it has none.
 *
 * #### Notes
 * Every second week, say, is counted from a start, which cron knows nothing of.
 */
export function cronOfRecurrence(recurrence: Recurrence): string | null {
  const { frequency, hours, interval, minutes, month_days, week_days } =
    recurrence;
  if (interval !== 1) {
    return null;
  }
  const minute = minutes.join(',');
  const hour = hours.join(',');
  switch (frequency) {
    case 'Minute':
      return '* * * * *';
    case 'Hour':
      return said(minute, '*', '*', '*');
    case 'Day':
      return said(minute, hour, '*', '*');
    case 'Week':
      return week_days.length === 0
        ? null
        : said(minute, hour, '*', cronDays(week_days));
    case 'Month':
      return said(minute, hour, month_days.join(','), '*');
  }
}

/** The numbers of a list as people type it, or null where it is none of numbers in these limits. */
export function numbersOf(
  text: string,
  least: number,
  most: number
): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(each => each !== '');
  const numbers = parts.map(each =>
    /^\d{1,4}$/.test(each) ? Number(each) : NaN
  );
  return numbers.every(each => each >= least && each <= most)
    ? [...new Set(numbers)].sort((a, b) => a - b)
    : null;
}

function usualWeek(action: ScheduleAction): IWeekly {
  return { hour: action === 'start' ? 8 : 18, minute: 0, days: WORK_DAYS };
}

function isWeekly(recurrence: Recurrence): boolean {
  const { frequency, hours, interval, minutes, month_days } = recurrence;
  return (
    frequency === 'Week' &&
    interval === 1 &&
    hours.length === 1 &&
    minutes.length === 1 &&
    month_days.length === 0
  );
}

function weeklyOfCron(cron: string): IWeekly | null {
  const match = /^(\d{1,2}) (\d{1,2}) \* \* (\S+)$/.exec(
    cron.trim().replace(/\s+/g, ' ')
  );
  const [, minute, hour, which] = match ?? [];
  if (minute === undefined || hour === undefined || which === undefined) {
    return null;
  }
  const days = daysOfCron(which);
  return Number(minute) > 59 || Number(hour) > 23 || days === null
    ? null
    : { hour: Number(hour), minute: Number(minute), days };
}

/** Cron counts from Sunday, which is 0 and 7, and knows the first three letters of days. */
function cronNumber(text: string): number | null {
  const name = WEEK_DAYS.findIndex(
    each => each.slice(0, 3).toUpperCase() === text.toUpperCase()
  );
  if (name >= 0) {
    return name + 1;
  }
  return /^[0-7]$/.test(text) ? Number(text) : null;
}

function daysOfCron(field: string): readonly WeekDay[] | null {
  if (field === '*' || field === '?') {
    return WEEK_DAYS;
  }
  const days: WeekDay[] = [];
  for (const part of field.split(',')) {
    const ends = part.split('-');
    const numbers = ends.map(cronNumber);
    const [first, last = first] = numbers;
    if (
      ends.length > 2 ||
      first === null ||
      first === undefined ||
      last === null ||
      last === undefined ||
      last < first
    ) {
      return null;
    }
    for (let number = first; number <= last; number += 1) {
      const day = WEEK_DAYS[(number + 6) % 7];
      if (day !== undefined) {
        days.push(day);
      }
    }
  }
  return inOrder(days);
}

/** The days as a field of cron: a range where they follow each other, else a list. */
function cronDays(days: readonly WeekDay[]): string {
  const numbers = inOrder(days).map(each => WEEK_DAYS.indexOf(each) + 1);
  const [first] = numbers;
  const last = numbers[numbers.length - 1];
  if (first === undefined || last === undefined || numbers.length === 7) {
    return '*';
  }
  if (numbers.length > 2 && last - first === numbers.length - 1) {
    // Not every cron knows that 7 is Sunday at the end of a range.
    return last === 7 ? `0,${first}-6` : `${first}-${last}`;
  }
  return numbers
    .map(each => each % 7)
    .sort((a, b) => a - b)
    .join(',');
}

function inOrder(days: readonly WeekDay[]): readonly WeekDay[] {
  return WEEK_DAYS.filter(each => days.includes(each));
}

/** What a recurrence leaves out it takes from its start, which cron cannot. */
function said(
  minute: string,
  hour: string,
  monthDay: string,
  weekDay: string
): string | null {
  return minute === '' || hour === '' || monthDay === ''
    ? null
    : `${minute} ${hour} ${monthDay} * ${weekDay}`;
}
