/**
 * How long an instance may be idle before it stops by itself, as a duration in ISO 8601, which is
 * Azure's, and as a number of a unit, which is a person's. Pure; no words for people.
 */
import { isoDurationSeconds } from '../format';

export type IdleUnit = 'minutes' | 'hours' | 'days';

/** A number of a unit. */
export interface IIdleTime {
  readonly amount: number;
  readonly unit: IdleUnit;
}

const MINUTES: Readonly<Record<IdleUnit, number>> = {
  minutes: 1,
  hours: 60,
  days: 24 * 60
};

/** In minutes; Azure's limits. */
export const LEAST_IDLE_MINUTES = 15;
export const MOST_IDLE_MINUTES = 3 * 24 * 60;

/** What it is when it is switched on. */
export const USUAL_IDLE_TIME = 'PT60M';

/** A duration in its largest unit that makes a whole number, or null where it is no duration. */
export function idleTimeOf(duration: string): IIdleTime | null {
  const seconds = isoDurationSeconds(duration);
  if (seconds === null) {
    return null;
  }
  const minutes = seconds / 60;
  const unit =
    (['days', 'hours'] as const).find(
      each => minutes > 0 && minutes % MINUTES[each] === 0
    ) ?? 'minutes';
  return { amount: minutes / MINUTES[unit], unit };
}

/** How many of a unit a duration is, or null where it is no duration. */
export function amountIn(unit: IdleUnit, duration: string): number | null {
  const seconds = isoDurationSeconds(duration);
  return seconds === null ? null : seconds / 60 / MINUTES[unit];
}

/** The duration, in whole minutes. */
export function durationOf({ amount, unit }: IIdleTime): string {
  return `PT${Math.round(amount * MINUTES[unit])}M`;
}

/** Whether Azure takes a duration. */
export function isWithinLimits(duration: string): boolean {
  const seconds = isoDurationSeconds(duration);
  return (
    seconds !== null &&
    seconds >= LEAST_IDLE_MINUTES * 60 &&
    seconds <= MOST_IDLE_MINUTES * 60
  );
}
