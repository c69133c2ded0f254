import React, { useState } from 'react';
import { describe, expect, it } from 'vitest';

import { FakeServer, managerOf, refusal } from '../../__tests__/fakeServer';
import { happens, render, type } from '../../__tests__/render';
import type { InstanceSchedule, SpecProblem } from '../../api/types';
import { IdleShutdownField } from '../idleShutdownField';
import { SchedulesField } from '../schedulesField';
import { newSchedule } from '../timetable';

const ZONES = {
  items: ['America/New_York', 'Europe/Berlin', 'UTC'],
  local: 'Europe/Berlin'
};

function serverOfZones(): FakeServer {
  return new FakeServer().on('GET time-zones', () => ZONES);
}

async function drawn(
  first: readonly InstanceSchedule[],
  given: {
    readonly problems?: readonly SpecProblem[];
    readonly firings?: readonly (readonly string[])[];
    readonly whyNot?: string;
    readonly server?: FakeServer;
  } = {}
): Promise<{
  readonly host: HTMLElement;
  readonly schedules: () => readonly InstanceSchedule[];
}> {
  const { client } = managerOf(given.server ?? serverOfZones()).manager;
  let current = first;
  function Stage(): React.JSX.Element {
    const [schedules, setSchedules] = useState(first);
    current = schedules;
    return (
      <SchedulesField
        schedules={schedules}
        client={client.specs}
        problems={given.problems ?? []}
        firings={given.firings ?? []}
        {...(given.whyNot === undefined ? {} : { whyNot: given.whyNot })}
        onChange={setSchedules}
      />
    );
  }
  const host = await render(<Stage />);
  await happens(() => new Promise(resolve => setTimeout(resolve, 10)));
  return { host, schedules: () => current };
}

function field(host: HTMLElement, label: string): HTMLInputElement {
  const found = [...host.querySelectorAll('label')].find(
    each => each.textContent === label
  );
  const control =
    found?.control ??
    host.querySelector(`[aria-label="${label}"]`) ??
    found?.querySelector('input');
  if (control === null || control === undefined) {
    throw new Error(`There is no field “${label}” in ${host.innerHTML}`);
  }
  return control as HTMLInputElement;
}

function selectOf(host: HTMLElement, label: string): HTMLSelectElement {
  return field(host, label) as HTMLElement as HTMLSelectElement;
}

async function choose(
  host: HTMLElement,
  label: string,
  value: string
): Promise<void> {
  const select = selectOf(host, label);
  await happens(() => {
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

function problem(of: string, given: Partial<SpecProblem> = {}): SpecProblem {
  return {
    field: of,
    code: 'Invalid',
    message: `${of} is wrong.`,
    hint: null,
    severity: 'error',
    ...given
  };
}

describe('the schedules of an instance', () => {
  it('say what is gained by one when there is none, and begin in the server’s time zone', async () => {
    const { host, schedules } = await drawn([]);
    expect(host.textContent).toContain('saves what a night costs');
    await happens(() => {
      host.querySelector<HTMLButtonElement>('.jp-ci-add')?.click();
    });
    expect(schedules()).toEqual([newSchedule('stop', 'Europe/Berlin')]);
  });

  it('change days and time', async () => {
    const { host, schedules } = await drawn([newSchedule('stop', 'UTC')]);
    await happens(() => {
      field(host, 'Friday').click();
    });
    await type(field(host, 'At'), '19:30');
    expect(schedules()[0]?.recurrence).toMatchObject({
      hours: [19],
      minutes: [30],
      week_days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday']
    });
  });

  it('keep a time that is half typed out of the schedule', async () => {
    const { host, schedules } = await drawn([newSchedule('stop', 'UTC')]);
    await type(field(host, 'At'), '');
    expect(host.textContent).toContain('Fill in hour and minute.');
    expect(schedules()[0]?.recurrence?.hours).toEqual([18]);
    await happens(() => {
      field(host, 'At').dispatchEvent(
        new FocusEvent('focusout', { bubbles: true })
      );
    });
    expect(field(host, 'At').value).toBe('18:00');
  });

  it('find again what was typed in a way that the other cannot say', async () => {
    const { host, schedules } = await drawn([
      { ...newSchedule('stop', 'UTC'), recurrence: null, cron: '*/5 * * * *' }
    ]);
    await choose(host, 'By', 'weekly');
    expect(schedules()[0]).toMatchObject({ cron: null });
    await choose(host, 'By', 'cron');
    expect(schedules()[0]).toMatchObject({
      cron: '*/5 * * * *',
      recurrence: null
    });
  });

  it('take over what the other way can say', async () => {
    const { host, schedules } = await drawn([newSchedule('start', 'UTC')]);
    await choose(host, 'By', 'cron');
    expect(schedules()[0]).toMatchObject({
      cron: '0 8 * * 1-5',
      recurrence: null
    });
    await type(field(host, 'Cron expression'), '0 9 1 * *');
    expect(schedules()[0]?.cron).toBe('0 9 1 * *');
    await choose(host, 'By', 'recurrence');
    expect(schedules()[0]?.recurrence).toMatchObject({
      frequency: 'Week',
      hours: [8]
    });
  });

  it('are edited as a recurrence, numbers by number', async () => {
    const { host, schedules } = await drawn([newSchedule('stop', 'UTC')]);
    await choose(host, 'By', 'recurrence');
    await choose(host, 'Counted in', 'Month');
    await type(field(host, 'Days of the month'), '1, 15');
    await type(field(host, 'Hours'), '18, 25');
    expect(host.textContent).toContain('Numbers from 0 to 23');
    await type(field(host, 'Every'), '2');
    expect(schedules()[0]?.recurrence).toEqual({
      frequency: 'Month',
      interval: 2,
      hours: [18],
      minutes: [0],
      week_days: [],
      month_days: [1, 15]
    });
  });

  it('can be in another time zone, also one that the list has not', async () => {
    const { host, schedules } = await drawn([
      newSchedule('stop', 'W. Europe Standard Time')
    ]);
    const zone = selectOf(host, 'Time zone');
    expect(zone.value).toBe('W. Europe Standard Time');
    await choose(host, 'Time zone', 'America/New_York');
    expect(schedules()[0]?.time_zone).toBe('America/New_York');
  });

  it('can be edited where the server does not tell the time zones', async () => {
    const server = new FakeServer().on('GET time-zones', () =>
      refusal(500, 'Internal')
    );
    const { host } = await drawn([newSchedule('stop', 'Asia/Tokyo')], {
      server
    });
    const zone = selectOf(host, 'Time zone');
    expect([...zone.options].map(each => each.value)).toEqual([
      'UTC',
      'Asia/Tokyo'
    ]);
  });

  it('begin at a time, or at once', async () => {
    const { host, schedules } = await drawn([newSchedule('stop', 'UTC')]);
    const start = field(host, 'Not before (optional)');
    await type(start, '2026-12-01T08:00');
    expect(schedules()[0]?.start_time).toBe('2026-12-01T08:00');
    await type(start, '');
    expect(schedules()[0]?.start_time).toBeNull();
  });

  it('show a start that is no time as it is', async () => {
    const { host } = await drawn([
      { ...newSchedule('stop', 'UTC'), start_time: 'soon' }
    ]);
    expect(field(host, 'Not before (optional)').value).toBe('soon');
  });

  it('have the server’s problems at their fields, and the rest below them', async () => {
    const { host } = await drawn(
      [{ ...newSchedule('stop', 'UTC'), recurrence: null, cron: 'x' }],
      {
        problems: [
          problem('schedules.0.cron'),
          problem('schedules.0', { hint: 'Do this.' }),
          problem('schedules.0.recurrence.hours'),
          problem('schedules.1.cron'),
          problem('schedules', { severity: 'warning' })
        ]
      }
    );
    expect(field(host, 'Cron expression').getAttribute('aria-invalid')).toBe(
      'true'
    );
    expect(host.textContent).toContain('schedules.0.cron is wrong.');
    expect(host.textContent).toContain('schedules.0 is wrong. Do this.');
    expect(host.textContent).not.toContain('schedules.1.cron');
    expect(
      [...host.querySelectorAll('.jp-ci-says')].some(
        each => each.textContent === 'schedules is wrong.'
      )
    ).toBe(true);
  });

  it('say when they fire next by the clocks of their time zone', async () => {
    const { host } = await drawn(
      [newSchedule('stop', 'America/New_York'), newSchedule('stop', 'UTC')],
      { firings: [['2026-11-24T23:00:00Z'], []] }
    );
    expect(host.querySelector('time')?.textContent).toContain('06:00');
    expect(host.textContent).toContain('It never fires.');
  });

  it('are at most four', async () => {
    const { host } = await drawn(
      Array.from({ length: 4 }, () => newSchedule('stop', 'UTC'))
    );
    expect(host.textContent).toContain('at most 4');
    expect(host.querySelector('.jp-ci-add')).toBeNull();
  });

  it('leave the others alone when one is removed', async () => {
    const { host, schedules } = await drawn([
      newSchedule('stop', 'UTC'),
      newSchedule('start', 'UTC')
    ]);
    // The second is shown as a recurrence, which it stays.
    const ways = [...host.querySelectorAll('select')].filter(
      each => each.querySelector('[value="weekly"]') !== null
    );
    await happens(() => {
      const way = ways[1] as HTMLSelectElement;
      way.value = 'recurrence';
      way.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await happens(() => {
      (
        host.querySelector(
          '[aria-label^="Remove schedule 1"]'
        ) as HTMLButtonElement
      ).click();
    });
    expect(schedules().map(each => each.action)).toEqual(['start']);
    expect(selectOf(host, 'By').value).toBe('recurrence');
    expect(document.activeElement?.textContent).toContain('Stop at set times');
  });

  it('cannot be changed where they are locked, and say why', async () => {
    const { host } = await drawn([newSchedule('stop', 'UTC')], {
      whyNot: 'The administrator has fixed this.'
    });
    expect(host.querySelector('fieldset')?.disabled).toBe(true);
    expect(host.textContent).toContain('The administrator has fixed this.');
  });
});

describe('idle shutdown', () => {
  async function idle(first: string | null): Promise<{
    readonly host: HTMLElement;
    readonly value: () => string | null;
  }> {
    let current = first;
    function Stage(): React.JSX.Element {
      const [value, setValue] = useState(first);
      current = value;
      return (
        <IdleShutdownField value={value} problems={[]} onChange={setValue} />
      );
    }
    return { host: await render(<Stage />), value: () => current };
  }

  it('is an hour when it is switched on, and remembered when it is switched off', async () => {
    const { host, value } = await idle(null);
    const tick = host.querySelector('[type="checkbox"]') as HTMLInputElement;
    await happens(() => {
      tick.click();
    });
    expect(value()).toBe('PT60M');
    await type(field(host, 'After'), '2');
    await happens(() => {
      tick.click();
    });
    expect(value()).toBeNull();
    await happens(() => {
      tick.click();
    });
    expect(value()).toBe('PT120M');
  });

  it.each([
    ['PT90M', '90', 'minutes'],
    ['PT2H', '2', 'hours'],
    ['P3D', '3', 'days']
  ])('of %s is %s %s', async (duration, amount, unit) => {
    const { host } = await idle(duration);
    expect(field(host, 'After').value).toBe(amount);
    expect(selectOf(host, 'Counted in').value).toBe(unit);
    expect(host.querySelector('.jp-mod-bad')).toBeNull();
  });

  it.each([
    ['14', 'minutes', true],
    ['15', 'minutes', false],
    ['4320', 'minutes', false],
    ['4321', 'minutes', true],
    ['72', 'hours', false],
    ['3.1', 'days', true],
    ['0', 'minutes', true],
    ['-5', 'minutes', true],
    ['', 'minutes', true]
  ])('of %s %s: too short or too long is %s', async (amount, unit, bad) => {
    const { host } = await idle('PT60M');
    await choose(host, 'Counted in', unit);
    await type(field(host, 'After'), amount);
    expect(host.textContent?.includes('Between 15 minutes and 3 days.')).toBe(
      bad
    );
  });
});
