import { describe, expect, it } from 'vitest';

import { findSeverities, Severity } from '../severity';

function severities(text: string): Readonly<Record<number, Severity>> {
  const found: Record<number, Severity> = {};
  findSeverities(text, (line, severity) => {
    found[line] = severity;
  });
  return found;
}

describe('how bad a line looks', () => {
  it.each([
    'ERROR: no such package',
    '\u001b[1;31mERROR\u001b[0m: no such package',
    'setup.sh: line 8: conda: command not found',
    'ModuleNotFoundError: No module named azure',
    'E: Could not get lock: Permission denied',
    'Traceback (most recent call last):'
  ])('is an error: %j', line => {
    expect(severities(`fine\n${line}\nfine`)).toEqual({ 1: Severity.error });
  });

  it.each(['WARNING: pip is old', '\u001b[33mwarning\u001b[0m: unused'])(
    'is a warning: %j',
    line => {
      expect(severities(line)).toEqual({ 0: Severity.warning });
    }
  );

  it.each(['0 errors', 'error_log=/var/x', 'no error', 'terrors', 'all well'])(
    'is nothing: %j',
    line => {
      expect(severities(line)).toEqual({});
    }
  );

  it('is the worst of what a line says', () => {
    expect(severities('warning: then an error')).toEqual({ 0: Severity.error });
  });
});
