import { describe, expect, it } from 'vitest';

import type { InstanceSchedule, Recurrence } from '../../api/types';
import {
  cronOfRecurrence,
  newSchedule,
  numbersOf,
  saidIn,
  wayOf,
  weeklyOf,
  WEEK_DAYS,
  WORK_DAYS
} from '../timetable';

function byCron(cron: string | null): InstanceSchedule {
  return { ...newSchedule('stop', 'UTC'), recurrence: null, cron };
}

function by(recurrence: Partial<Recurrence>): InstanceSchedule {
  return {
    ...newSchedule('stop', 'UTC'),
    recurrence: {
      frequency: 'Week',
      interval: 1,
      hours: [18],
      minutes: [0],
      week_days: [],
      month_days: [],
      ...recurrence
    }
  };
}

describe('the time of a schedule', () => {
  it('is at first the end or the beginning of the office’s hours', () => {
    expect(weeklyOf(newSchedule('stop', 'UTC'))).toEqual({
      hour: 18,
      minute: 0,
      days: WORK_DAYS
    });
    expect(weeklyOf(newSchedule('start', 'UTC'))?.hour).toBe(8);
  });

  it.each([
    ['0 18 * * 1-5', 18, 0, WORK_DAYS],
    ['  30  7 * *  MON-FRI ', 7, 30, WORK_DAYS],
    ['0 0 * * *', 0, 0, WEEK_DAYS],
    ['5 9 * * 0,6', 9, 5, ['Saturday', 'Sunday']],
    ['5 9 * * 7', 9, 5, ['Sunday']],
    ['5 9 * * 5-7', 9, 5, ['Friday', 'Saturday', 'Sunday']]
  ])('is by days of the week in %s', (cron, hour, minute, days) => {
    expect(weeklyOf(byCron(cron))).toEqual({ hour, minute, days });
  });

  it.each([
    null,
    '',
    'rubbish',
    '*/5 * * * *',
    '0 18 1 * 1-5',
    '0 18 * 6 *',
    '60 18 * * *',
    '0 24 * * *',
    '0 18 * * 5-1',
    '0 18 * * 1-2-3',
    '0 18 * * 1,,2',
    '0 18 * * 8',
    '0 18 * * MON#2',
    '0 18 * * 1-5 2027'
  ])('is not by days of the week in %s', cron => {
    expect(weeklyOf(byCron(cron))).toBeNull();
  });

  it.each([
    [by({ week_days: ['Monday', 'Tuesday', 'Wednesday'] }), '0 18 * * 1-3'],
    [by({ week_days: ['Sunday', 'Monday'] }), '0 18 * * 0,1'],
    [by({ week_days: [...WEEK_DAYS] }), '0 18 * * *'],
    [by({ week_days: ['Friday', 'Saturday', 'Sunday'] }), '0 18 * * 0,5-6'],
    [by({ frequency: 'Day', hours: [6, 18] }), '0 6,18 * * *'],
    [by({ frequency: 'Hour', hours: [], minutes: [15] }), '15 * * * *'],
    [by({ frequency: 'Minute', hours: [], minutes: [] }), '* * * * *'],
    [by({ frequency: 'Month', month_days: [1, 15] }), '0 18 1,15 * *'],
    [by({ frequency: 'Week' }), null],
    [by({ frequency: 'Day', hours: [] }), null],
    [by({ frequency: 'Week', interval: 2, week_days: ['Monday'] }), null]
  ])('%# is said as cron where cron can', (schedule, cron) => {
    expect(
      schedule.recurrence === null
        ? null
        : cronOfRecurrence(schedule.recurrence)
    ).toBe(cron);
  });

  it('comes back as it was from every way that can say it', () => {
    const weekly = by({ week_days: ['Monday', 'Thursday'], minutes: [45] });
    const cron = saidIn('cron', weekly);
    expect(cron).toMatchObject({ cron: '45 18 * * 1,4', recurrence: null });
    expect(saidIn('weekly', cron)).toEqual(weekly);
    expect(saidIn('recurrence', cron)).toEqual(weekly);
  });

  it('becomes the office’s hours in a way that cannot say it', () => {
    const weekly = saidIn('weekly', byCron('*/5 * * * *'));
    expect(weeklyOf(weekly)).toEqual(weeklyOf(newSchedule('stop', 'UTC')));
    expect(saidIn('cron', by({ interval: 2 })).cron).toBe('0 18 * * 1-5');
  });

  it('is shown in the way that says it', () => {
    expect(wayOf(byCron('0 18 * * 1-5'))).toBe('cron');
    expect(wayOf(byCron(null))).toBe('cron');
    expect(wayOf(by({}))).toBe('weekly');
    expect(wayOf(by({ hours: [1, 2] }))).toBe('recurrence');
    expect(wayOf(by({ interval: 2 }))).toBe('recurrence');
  });
});

describe('a list of numbers', () => {
  it('is read as people type it, sorted and each once', () => {
    expect(numbersOf('18, 6;6  7', 0, 23)).toEqual([6, 7, 18]);
    expect(numbersOf('', 0, 23)).toEqual([]);
  });

  it.each(['24', '-1', '1.5', 'six', '1e1', '00005'])(
    'is not read from %s',
    text => {
      expect(numbersOf(text, 0, 23)).toBeNull();
    }
  );
});
