/**
 * Which names an environment can have; the server judges again. Pure.
 */
import type { Environment } from '../api/types';

/** As the server has it: paths of interpreters have to fit into the first line of scripts. */
export const LONGEST_NAME = 120;

/** What is wrong with a name. */
export type EnvironmentNameProblem =
  | 'empty'
  | 'too_long'
  | 'starts_wrong'
  | 'ends_wrong'
  | 'character'
  | 'reserved'
  | 'existing';

/** Names that Conda keeps for the environment it lives in. */
const RESERVED = new Set(['base', 'root']);

/**
 * What is wrong with a name, or null.
 *
 * @param environments - Those that there are.
 */
export function nameProblem(
  name: string,
  environments: readonly Pick<Environment, 'name'>[]
): EnvironmentNameProblem | null {
  if (name === '') {
    return 'empty';
  }
  if (name.length > LONGEST_NAME) {
    return 'too_long';
  }
  if (!/^[A-Za-z0-9]/.test(name)) {
    return 'starts_wrong';
  }
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return 'character';
  }
  if (name.endsWith('.')) {
    return 'ends_wrong';
  }
  if (RESERVED.has(name.toLowerCase())) {
    return 'reserved';
  }
  return environments.some(each => each.name === name) ? 'existing' : null;
}

/** A name like another one that is free: `train-2`. */
export function freeName(
  name: string,
  environments: readonly Pick<Environment, 'name'>[]
): string {
  const stem = name.replace(/-\d+$/, '');
  for (let count = 2; ; count += 1) {
    const candidate = `${stem}-${count}`;
    if (nameProblem(candidate, environments) !== 'existing') {
      return candidate;
    }
  }
}
