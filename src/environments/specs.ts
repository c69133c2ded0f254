/**
 * What is read of a match spec here; the server reads it closely. Pure.
 */

/** The name in what is typed, without channel and version; lower case, as Conda's names are. */
export function nameIn(spec: string): string {
  const withoutChannel = spec.replace(/^.*::/, '');
  return /^[A-Za-z0-9._-]*/.exec(withoutChannel)?.[0].toLowerCase() ?? '';
}
