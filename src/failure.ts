/**
 * Failures of requests in words for people; knows no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { RequestFailure } from './api/errors';
import type { ErrorBody } from './api/types';

/**
 * What happened, why and what to do next, in the shape in which the server says it, too.
 */
export function explain(
  failure: RequestFailure,
  trans: TranslationBundle
): ErrorBody {
  switch (failure.kind) {
    case 'refused':
      return failure.error;
    case 'jupyter':
      return body(
        'JupyterRefused',
        trans.__('The Jupyter server refused: %1', failure.message),
        trans.__('Reload the page; if it asks for a sign-in, sign in again.'),
        { status: String(failure.status) }
      );
    case 'not_installed':
      return body(
        'ExtensionMissing',
        trans.__(
          'The server part of this extension is not running on the Jupyter server.'
        ),
        trans.__(
          'Install jupyter-ci-manager into the environment that the Jupyter server runs in, and restart the server. “jupyter server extension list” shows what it has loaded.'
        )
      );
    case 'not_json':
      return body(
        'UnexpectedAnswer',
        trans.__(
          'Something other than the Jupyter server answered, such as a proxy or a login page.'
        ),
        trans.__('Reload the page; if it asks for a sign-in, sign in again.'),
        { status: String(failure.status) }
      );
    case 'unreachable':
      return body(
        'JupyterUnreachable',
        trans.__('The Jupyter server could not be reached.'),
        trans.__('Check that it is still running and that you are online.'),
        { reason: failure.message }
      );
    case 'timeout':
      return body(
        'NoAnswer',
        trans.__(
          'There was no answer within %1 seconds.',
          Math.round(failure.seconds)
        ),
        trans.__('It may still have been carried out: refresh to see.')
      );
    case 'aborted':
      return body('Aborted', trans.__('The request was given up.'), null);
  }
}

function body(
  code: string,
  message: string,
  hint: string | null,
  details: Record<string, string> | null = null
): ErrorBody {
  return { code, message, hint, details, request_id: null };
}
