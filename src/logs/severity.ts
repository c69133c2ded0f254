/**
 * Which lines of a log look like errors and warnings; knows only text.
 */

/** How bad a line looks; the numbers are what the index of lines keeps. */
export const Severity = { none: 0, warning: 1, error: 2 } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** Where a word begins, also one right after a change of colour. */
const BEGIN = String.raw`(?<=^|[^\w-]|\x1b\[[\d;]*m)`;

/**
 * Words of shells, Python, Conda, apt and pip.
 *
 * #### Notes
 * "0 errors" and "no error" are none, nor is a name with the word in it, such as `error_log`.
 */
const NOTABLE = new RegExp(
  [
    String.raw`(?<error>${BEGIN}(?<!\b(?:0|no|without|ignore) )(?:errors?|fatal|critical|panic|traceback|failed|failure|[A-Z]\w*(?:Error|Exception))(?![\w-])`,
    String.raw`command not found|no such file or directory|permission denied|segmentation fault`,
    String.raw`killed$|timed out|no space left)`,
    String.raw`(?<warning>${BEGIN}(?:warn|warning|deprecated)(?![\w-]))`
  ].join('|'),
  'gim'
);

/**
 * Find the notable lines of a text.
 *
 * @param found - Called with the index of each, from the first line on, and how bad it looks.
 */
export function findSeverities(
  text: string,
  found: (line: number, severity: Severity) => void
): void {
  let line = 0;
  let lineStart = 0;
  let worst: Severity = Severity.none;
  for (const match of text.matchAll(NOTABLE)) {
    const severity =
      match.groups?.['error'] === undefined ? Severity.warning : Severity.error;
    let end = text.indexOf('\n', lineStart);
    while (end !== -1 && end < match.index) {
      line += 1;
      lineStart = end + 1;
      end = text.indexOf('\n', lineStart);
      worst = Severity.none;
    }
    if (severity > worst) {
      worst = severity;
      found(line, severity);
    }
  }
}
