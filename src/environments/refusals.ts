/**
 * Which step of the wizard a refusal of the server is about. Pure.
 */
import type { RequestFailure } from '../api/errors';
import type { Step } from './draft';

const STEP_BY_CODE: Readonly<Record<string, Step>> = {
  InvalidEnvironmentFile: 'source',
  EnvironmentNotFound: 'source',
  InvalidEnvironmentName: 'place',
  EnvironmentExists: 'place',
  EnvironmentProtected: 'place',
  ChannelUnreachable: 'place',
  InvalidSpec: 'packages',
  PackagesNotFound: 'packages',
  NoSolution: 'packages',
  PipFailed: 'packages',
  InvalidKernel: 'kernel'
};

/** The step, or null where no step can mend it. */
export function stepOfCode(code: string): Step | null {
  return STEP_BY_CODE[code] ?? null;
}

/** The step, or null where no step can mend it. */
export function stepOfFailure(failure: RequestFailure): Step | null {
  return failure.kind === 'refused' ? stepOfCode(failure.error.code) : null;
}
