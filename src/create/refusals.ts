/**
 * Which field a refusal is about. Pure.
 */
import type { RequestFailure } from '../api/errors';
import type { SpecProblem } from '../api/types';

/** Refusals that name no field, by their codes. */
const FIELD_BY_CODE: Readonly<Record<string, string>> = {
  InvalidName: 'name',
  InstanceExists: 'name',
  NameTaken: 'name',
  UnknownVmSize: 'vm_size',
  QuotaExceeded: 'vm_size'
};

/** The path of the field that a refusal is about, or null where it is about none. */
export function fieldOf(failure: RequestFailure): string | null {
  if (failure.kind !== 'refused') {
    return null;
  }
  const { code, details } = failure.error;
  return details?.['field'] ?? FIELD_BY_CODE[code] ?? null;
}

/** A refusal as a problem of a field, or null where it is about none. */
export function problemOf(
  failure: RequestFailure,
  severity: SpecProblem['severity'] = 'error'
): SpecProblem | null {
  const field = fieldOf(failure);
  if (field === null || failure.kind !== 'refused') {
    return null;
  }
  const { code, message, hint } = failure.error;
  return { field, code, message, hint, severity };
}
