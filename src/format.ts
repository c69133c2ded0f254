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
 * A time to come, in its largest unit: "6 days".
 */
export function formatSpan(seconds: number, trans: TranslationBundle): string {
  const whole = Math.max(0, seconds);
  if (whole >= 2 * DAY) {
    const days = Math.round(whole / DAY);
    return trans._n('%1 day', '%1 days', days);
  }
  if (whole >= 2 * HOUR) {
    const hours = Math.round(whole / HOUR);
    return trans._n('%1 hour', '%1 hours', hours);
  }
  const minutes = Math.max(1, Math.round(whole / MINUTE));
  return trans._n('%1 minute', '%1 minutes', minutes);
}

/** Powers of 1000, as Azure and makers of disks count. */
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number of bytes, to two or three digits: "23 GB", "0.4 GB" being "400 MB". */
export function formatBytes(bytes: number, locale?: string): string {
  const { divisor, unit } = unitOf(bytes);
  return `${formatAmount(bytes / divisor, locale)} ${unit}`;
}

/** Two numbers of bytes in the unit of the second: "97" and "120 GB". */
export function formatBytesOf(
  part: number,
  whole: number,
  locale?: string
): readonly [string, string] {
  const { divisor } = unitOf(whole);
  return [formatAmount(part / divisor, locale), formatBytes(whole, locale)];
}

/** A share of a whole, in per cent. */
export function formatShare(share: number, locale?: string): string {
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0
  }).format(share);
}

/** A count with the separators of the locale. */
export function formatCount(count: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(count);
}

function unitOf(bytes: number): {
  readonly divisor: number;
  readonly unit: string;
} {
  // What would be rounded to 1 000 of a unit is 1 of the next.
  const size = Math.abs(bytes);
  const power = size < 1000 ? 0 : Math.floor(Math.log10(size * 1.0005) / 3);
  const index = Math.min(power, BYTE_UNITS.length - 1);
  return { divisor: 1000 ** index, unit: BYTE_UNITS[index] ?? 'B' };
}

function formatAmount(amount: number, locale?: string): string {
  return new Intl.NumberFormat(locale, {
    maximumFractionDigits: Math.abs(amount) < 9.95 ? 1 : 0
  }).format(amount);
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
