/**
 * Finds a pattern in a few lines: what the search's worker does. It knows neither workers nor logs.
 */
import { plainText } from './lineText';

/**
 * What is searched for, and where.
 */
export interface ISearchRequest {
  readonly pattern: string;
  readonly flags: string;
  /** Lines with their ends. */
  readonly bytes: Uint8Array;
  /** What the first of them is counted as. */
  readonly firstLine: number;
  /** More matches are not looked for. */
  readonly limit: number;
}

/** Numbers for each match: its line, and where in that it begins and ends. */
export const NUMBERS_PER_MATCH = 3;

/** The matches, `NUMBERS_PER_MATCH` numbers each. */
export function searchPiece(request: ISearchRequest): Uint32Array {
  const { bytes, firstLine, flags, limit, pattern } = request;
  const expression = new RegExp(pattern, flags);
  const found: number[] = [];
  const text = plainText(new TextDecoder().decode(bytes));
  let start = 0;
  for (let line = firstLine; start <= text.length; line += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    for (const match of text.slice(start, end).matchAll(expression)) {
      if (match[0] === '') {
        continue;
      }
      if (found.length >= limit * NUMBERS_PER_MATCH) {
        return Uint32Array.from(found);
      }
      found.push(line, match.index, match.index + match[0].length);
    }
    start = end + 1;
  }
  return Uint32Array.from(found);
}
