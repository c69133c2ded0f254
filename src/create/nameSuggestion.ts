/**
 * A name for a new instance that obeys Azure's rules and is not in use in the workspace. Pure.
 */
import { LONGEST_NAME, nameProblem } from '../model/names';

/** What follows the person's name. */
const SUFFIX = '-ci';

/**
 * A name made of the person's, such as `amy-ci`; of several such, the first that is not in use.
 *
 * @param person - As the directory knows them: a name, or an address.
 * @param isUsed - Whether an instance of the workspace has a name.
 */
export function suggestedName(
  person: string | null,
  isUsed: (name: string) => boolean
): string {
  const ascii = (person ?? '')
    .split('@', 1)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const words = ascii.split(/[^a-z0-9]+/).filter(each => each !== '');
  const base = words.join('-').replace(/^[0-9-]+/, '');
  const stem = base.slice(0, LONGEST_NAME - SUFFIX.length - 2);
  const first = nameProblem(`${stem}${SUFFIX}`) === null ? stem : 'my';
  for (let number = 1; number < 100; number += 1) {
    const name = `${first}${SUFFIX}${number === 1 ? '' : number}`;
    if (!isUsed(name)) {
      return name;
    }
  }
  return `${first}${SUFFIX}`;
}
