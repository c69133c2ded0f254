import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { RequestFailure } from '../api/errors';
import { explain } from '../failure';

const trans = nullTranslator.load('');

describe('a failure', () => {
  const failures: RequestFailure[] = [
    { kind: 'jupyter', status: 403, message: 'Forbidden' },
    { kind: 'not_installed' },
    { kind: 'not_json', status: 200 },
    { kind: 'unreachable', message: 'Failed to fetch' },
    { kind: 'timeout', seconds: 60 }
  ];

  it.each(failures)('of kind $kind says what to do next', failure => {
    const { code, message, hint } = explain(failure, trans);
    expect(code).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(message).toMatch(/\.$|: /);
    expect(hint).toBeTruthy();
  });

  it('of the server is shown as the server says it', () => {
    const error = {
      code: 'QuotaExceeded',
      message: 'No cores left.',
      hint: 'Choose a smaller size.',
      details: { family: 'NCv3' },
      request_id: 'r-1'
    };
    expect(explain({ kind: 'refused', error }, trans)).toBe(error);
  });
});
