import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import {
  formatAgo,
  formatDuration,
  formatMoney,
  isoDurationSeconds
} from '../format';

const trans = nullTranslator.load('');
const HOUR = 3600;

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 5 * 60, '3 h 5 min'],
    [24 * HOUR, '1 d'],
    [51 * HOUR, '2 d 3 h'],
    [400 * HOUR, '16 d']
  ])('of %s seconds reads “%s”', (seconds, text) => {
    expect(formatDuration(seconds, trans)).toBe(text);
  });
});

describe('a moment', () => {
  const now = Date.parse('2026-03-02T12:00:00Z');
  it.each([
    ['2026-03-02T11:59:30Z', 'just now'],
    ['2026-03-02T12:05:00Z', 'just now'],
    ['2026-03-02T11:48:30Z', '11 min ago'],
    ['2026-03-02T08:59:00Z', '3 h ago'],
    ['2026-02-27T11:00:00Z', '3 d ago']
  ])('%s reads “%s”', (moment, text) => {
    expect(formatAgo(new Date(moment), now, trans)).toBe(text);
  });
});

describe('money', () => {
  it('keeps the third decimal that prices per hour need', () => {
    expect(formatMoney(0.146, 'USD', 'en-US')).toBe('$0.146');
    expect(formatMoney(0.3, 'EUR', 'en-US')).toBe('€0.30');
    expect(formatMoney(9.572, 'USD', 'en-US')).toBe('$9.57');
  });

  it('shows a currency that nobody knows as it came', () => {
    expect(formatMoney(1.5, 'credits', 'en-US')).toBe('1.50 credits');
  });
});

describe('an ISO 8601 duration', () => {
  it.each([
    ['PT60M', 3600],
    ['PT1H30M', 5400],
    ['P3D', 259200],
    ['P1DT12H', 129600],
    ['PT', null],
    ['P', null],
    ['60', null],
    ['P1Y', null]
  ])('%s is %s seconds', (text, seconds) => {
    expect(isoDurationSeconds(text)).toBe(seconds);
  });
});
