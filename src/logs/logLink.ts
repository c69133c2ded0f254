/**
 * Addresses that lead to a line of a log, written and read; no DOM but the page's own address.
 */
import { PageConfig } from '@jupyterlab/coreutils';

import type { LogTarget } from './logDocument';

const NAME = 'ci-instance';
const LOG = 'ci-log';
const OPERATION = 'ci-operation';
const LINE = 'ci-line';

/** What an address with a log in it looks like. */
export const LINK_PATTERN = /[?&]ci-(?:log|operation)=/;

/**
 * What a log is opened with.
 */
export interface ILinkedLine {
  readonly target: LogTarget;
  /** Counted from 0. */
  readonly line: number | null;
}

/**
 * Makes addresses of lines, which are counted from 0; in an address from 1, as people count.
 *
 * @param log - Of an instance, when it is known which of its logs it is.
 */
export function lineLinks(
  target: LogTarget,
  log: string | null
): (line: number) => string {
  const query = new URLSearchParams(
    target.kind === 'instance'
      ? { [NAME]: target.name, [LOG]: log ?? '' }
      : { [OPERATION]: target.id }
  );
  const address = `${PageConfig.getUrl({})}?${query.toString()}&${LINE}=`;
  return line => `${address}${line + 1}`;
}

/** What an address leads to, or null where it is not of a log. */
export function linkedLine(search: string): ILinkedLine | null {
  const query = new URLSearchParams(search);
  const line = Number(query.get(LINE));
  const name = query.get(NAME);
  const log = query.get(LOG);
  const operation = query.get(OPERATION);
  const target: LogTarget | null =
    operation !== null
      ? { kind: 'operation', id: operation }
      : name !== null && log !== null
        ? { kind: 'instance', name, log: log === '' ? null : log }
        : null;
  return target === null
    ? null
    : { target, line: Number.isInteger(line) && line > 0 ? line - 1 : null };
}

/** The rest of an address's query, without what leads to a log. */
export function withoutLink(search: string): string {
  const query = new URLSearchParams(search);
  for (const key of [NAME, LOG, OPERATION, LINE]) {
    query.delete(key);
  }
  const rest = query.toString();
  return rest === '' ? '' : `?${rest}`;
}
