/**
 * What there is to choose from, asked once a view is drawn.
 */
import { useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { IRequestOptions } from '../api/requests';

/** A list, or why there is none. */
export interface IChoices<T> {
  readonly value: T | null;
  readonly failure: RequestFailure | null;
}

/**
 * Ask for it.
 *
 * @param ask - Must keep its identity.
 */
export function useChoices<T>(
  ask: (options: IRequestOptions) => Promise<T>
): IChoices<T> {
  const [choices, setChoices] = useState<IChoices<T>>({
    value: null,
    failure: null
  });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const fetch = async (): Promise<void> => {
      let answer: IChoices<T>;
      try {
        answer = { value: await ask({ signal }), failure: null };
      } catch (reason) {
        answer = { value: null, failure: RequestError.failureOf(reason) };
      }
      if (!signal.aborted) {
        setChoices(answer);
      }
    };
    void fetch();
    return () => {
      controller.abort();
    };
  }, [ask]);
  return choices;
}
