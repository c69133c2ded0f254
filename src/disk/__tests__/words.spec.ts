import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import { diskStatus, filesystem } from '../../__tests__/diskBuilders';
import {
  changeText,
  diskTitle,
  filesystemSummary,
  fullInText,
  inodesText,
  usedOfTotal
} from '../words';

const trans = nullTranslator.load('');
const DAY = 24 * 3600;

describe('a file system in words', () => {
  it('says how much of how much', () => {
    expect(usedOfTotal(filesystem(), trans)).toBe('97 of 120 GB');
  });

  it('has all of it in one sentence for those who hear it', () => {
    expect(filesystemSummary(filesystem({ level: 'warn' }), trans)).toBe(
      '97 of 120 GB used, 23 GB free, low, full in ≈ 6 days'
    );
  });

  it('says what the system keeps for itself where that is much', () => {
    const reserve = filesystem({
      used_bytes: 60_000_000_000,
      full_in_seconds: null
    });
    expect(filesystemSummary(reserve, trans)).toBe(
      '60 of 120 GB used, 23 GB free, 37 GB reserved'
    );
  });

  it('says why it says nothing', () => {
    const hung = filesystem({
      total_bytes: null,
      used_bytes: null,
      available_bytes: null,
      error: 'It did not answer within 2 s.'
    });
    expect(filesystemSummary(hung, trans)).toBe(
      'It did not answer within 2 s.'
    );
  });

  it.each([
    [null, null],
    [400 * DAY, null],
    [6.2 * DAY, 'full in ≈ 6 days'],
    [5 * 3600, 'full in ≈ 5 hours'],
    [10, 'full in ≈ 1 minute']
  ])('that is full in %s s says %s', (seconds, text) => {
    expect(fullInText(filesystem({ full_in_seconds: seconds }), trans)).toBe(
      text
    );
  });

  it('speaks of inodes only where they run out', () => {
    expect(inodesText(filesystem(), trans)).toBeNull();
    expect(inodesText(filesystem({ total_inodes: null }), trans)).toBeNull();
    expect(inodesText(filesystem({ available_inodes: 30 }), trans)).toBe(
      'Room for 30 more files only (3% of the inodes).'
    );
  });
});

describe('the title', () => {
  it('is of the instance where this machine is one, else of this machine', () => {
    expect(diskTitle(diskStatus(), trans)).toBe('Disk of ds-amy');
    expect(diskTitle(diskStatus({ instance: null }), trans)).toBe(
      'This machine’s disk'
    );
    expect(diskTitle(null, trans)).toBe('This machine’s disk');
  });
});

describe('a change', () => {
  it('has a sign', () => {
    expect(changeText(1_200_000_000)).toBe('+1.2 GB');
    expect(changeText(-700_000_000)).toBe('−700 MB');
  });
});
