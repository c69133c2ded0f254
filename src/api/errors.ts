/**
 * Why a request gave no answer, as one union; knows no words for people (see `failure.ts`).
 */
import type { ErrorBody } from './types';

/**
 * What went wrong with a request.
 *
 * - `refused`: the server extension said no, and says why.
 * - `jupyter`: the Jupyter server itself said no, before the extension was asked.
 * - `not_installed`: the Jupyter server has no such route.
 * - `not_json`: something in between answered, such as a proxy or a login page.
 * - `unreachable`: there was no answer at all.
 * - `timeout`: there was none in time.
 * - `aborted`: nobody waits for it any more.
 */
export type RequestFailure =
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  | {
      readonly kind: 'jupyter';
      readonly status: number;
      readonly message: string;
    }
  | { readonly kind: 'not_installed' }
  | { readonly kind: 'not_json'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'aborted' };

/**
 * A request that failed; the `failure` says how.
 */
export class RequestError extends Error {
  constructor(readonly failure: RequestFailure) {
    super(
      failure.kind === 'refused'
        ? `${failure.error.code}: ${failure.error.message}`
        : failure.kind
    );
    this.name = 'RequestError';
  }

  /**
   * The failure behind whatever a request threw.
   *
   * #### Notes
   * Anything else than a `RequestError` is a defect of this program and is thrown on.
   */
  static failureOf(reason: unknown): RequestFailure {
    if (reason instanceof RequestError) {
      return reason.failure;
    }
    throw reason;
  }
}
