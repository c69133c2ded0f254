/**
 * Answers at once to a click that starts nothing: it was refused, or there is nothing to do.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { RequestError } from './api/errors';
import { explain } from './failure';

/**
 * Show why a request failed.
 *
 * @param title - What was asked for, such as "Stop ds-amy".
 */
export function notifyFailure(
  title: string,
  reason: unknown,
  trans: TranslationBundle
): void {
  const { code, message, hint } = explain(
    RequestError.failureOf(reason),
    trans
  );
  Notification.error(failureText(title, { code, message, hint }), {
    autoClose: false
  });
}

/** How long a word in passing is shown; without it JupyterLab shows none. */
const IN_PASSING_MS = 5000;

/**
 * Say that there is nothing that could be done.
 */
export function notifyNothingToDo(message: string): void {
  Notification.info(message, { autoClose: IN_PASSING_MS });
}

/** As many characters as JupyterLab shows of a notification. */
const ROOM = 140;

/**
 * A failure in the few words that a notification has room for; the panel has all of them.
 */
export function failureText(
  title: string,
  error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
  }
): string {
  const text = `${title}: ${error.message} (${error.code})`;
  const withHint = error.hint === null ? text : `${text}\n${error.hint}`;
  return withHint.length <= ROOM ? withHint : text;
}
