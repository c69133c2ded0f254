/**
 * With which arguments the log of an instance's newest script is opened.
 */
import type { Instance } from '../api/types';

/** Arguments of the command; at the line that looks like the error, where that is known. */
export function openLogArgs({ name, script_outcome: outcome }: Instance): {
  readonly name: string;
  readonly log?: string;
  readonly line?: number;
} {
  const log = outcome?.log ?? null;
  const line = outcome?.line ?? null;
  return {
    name,
    ...(log === null ? {} : { log }),
    ...(log === null || line === null ? {} : { line })
  };
}
