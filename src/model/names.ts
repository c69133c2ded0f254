/**
 * Azure's rules for names of compute instances, checked without asking anyone. Pure.
 */

/** What is wrong with a name. */
export type NameProblem =
  | 'empty'
  | 'too_short'
  | 'too_long'
  | 'starts_wrong'
  | 'character'
  | 'hyphen'
  | 'ends_in_number';

export const SHORTEST_NAME = 3;
export const LONGEST_NAME = 24;

/**
 * The first rule that a name breaks, or null.
 *
 * #### Notes
 * Azure Machine Learning documentation, "Create a compute instance": 3 to 24 letters, digits and
 * hyphens; starts with a letter; a hyphen is followed by a letter or digit, and not by digits alone
 * to the end. The server has the last word; this answers while someone types.
 */
export function nameProblem(name: string): NameProblem | null {
  if (name === '') {
    return 'empty';
  }
  if (!/^[A-Za-z]/.test(name)) {
    return 'starts_wrong';
  }
  if (/[^A-Za-z0-9-]/.test(name)) {
    return 'character';
  }
  if (name.length > LONGEST_NAME) {
    return 'too_long';
  }
  if (/-(?![A-Za-z0-9])/.test(name)) {
    return 'hyphen';
  }
  if (/-[0-9]+$/.test(name)) {
    return 'ends_in_number';
  }
  return name.length < SHORTEST_NAME ? 'too_short' : null;
}
