/**
 * Numbers, money and times as text; pure, and without any knowledge of instances.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A duration in its two largest units: "40 s", "3 h 5 min", "12 d".
 *
 * #### Notes
 * Minutes are dropped from days and seconds from hours: nobody acts on them.
 */
export function formatDuration(
  seconds: number,
  trans: TranslationBundle
): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  if (days >= 10 || (days > 0 && hours === 0)) {
    return trans.__('%1 d', days);
  }
  if (days > 0) {
    return trans.__('%1 d %2 h', days, hours);
  }
  if (hours > 0) {
    return minutes === 0
      ? trans.__('%1 h', hours)
      : trans.__('%1 h %2 min', hours, minutes);
  }
  return minutes > 0 ? trans.__('%1 min', minutes) : trans.__('%1 s', whole);
}

/**
 * How long ago a moment was: "just now", "3 h ago".
 *
 * #### Notes
 * In its largest unit only. A moment in the future, which a wrong clock makes, is "just now".
 */
export function formatAgo(
  moment: Date,
  now: number,
  trans: TranslationBundle
): string {
  const seconds = (now - moment.getTime()) / 1000;
  if (seconds < MINUTE) {
    return trans.__('just now');
  }
  const unit = seconds >= DAY ? DAY : seconds >= HOUR ? HOUR : MINUTE;
  return trans.__(
    '%1 ago',
    formatDuration(Math.floor(seconds / unit) * unit, trans)
  );
}

/** The exact local date and time, for tooltips. */
export function formatMoment(moment: Date, locale?: string): string {
  return moment.toLocaleString(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium'
  });
}

/** The local date. */
export function formatDate(moment: Date, locale?: string): string {
  return moment.toLocaleDateString(locale, { dateStyle: 'medium' });
}

/** The local time of day, to the minute. */
export function formatClock(moment: Date, locale?: string): string {
  return moment.toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit'
  });
}

/**
 * An amount of money; below one with up to three decimals, because prices per hour are small.
 */
export function formatMoney(
  amount: number,
  currency: string,
  locale?: string
): string {
  const options = {
    minimumFractionDigits: 2,
    maximumFractionDigits: Math.abs(amount) < 1 ? 3 : 2
  };
  try {
    return new Intl.NumberFormat(locale, {
      ...options,
      style: 'currency',
      currency
    }).format(amount);
  } catch (reason) {
    if (reason instanceof RangeError) {
      // Not a currency code: show it as it came.
      const number = new Intl.NumberFormat(locale, options).format(amount);
      return `${number} ${currency}`;
    }
    throw reason;
  }
}

/** A size in gigabytes with at most one decimal. */
export function formatGigabytes(gigabytes: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(
    gigabytes
  );
}

/**
 * Seconds of an ISO 8601 duration of days, hours, minutes and seconds, or null for other text.
 */
export function isoDurationSeconds(text: string): number | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
    text
  );
  const parts: readonly (string | undefined)[] | undefined = match?.slice(1);
  if (parts === undefined || parts.every(part => part === undefined)) {
    return null;
  }
  const units = [DAY, HOUR, MINUTE, 1];
  return parts.reduce(
    (sum, part, index) => sum + Number(part ?? 0) * (units[index] ?? 0),
    0
  );
}
