/**
 * Fetches what is known of one instance, again whenever the list brings news of it.
 */
import { useCallback, useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { InstanceDetails } from '../api/types';
import { useModel } from '../panel/hooks';
import type { ICiManager } from '../tokens';

/** What is known so far. */
export type DetailsState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'ready'; readonly details: InstanceDetails };

/** The details of an instance, and a way to fetch them again. */
export function useDetails(
  name: string,
  manager: ICiManager
): { readonly state: DetailsState; readonly reload: () => void } {
  const [state, setState] = useState<DetailsState>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const listed = useModel(manager.instances.changed, () => {
    const instance = manager.instances.find(name);
    return instance === null
      ? null
      : `${instance.state} ${instance.modified_at ?? ''}`;
  });
  useEffect(() => {
    const controller = new AbortController();
    manager.client.instance(name, { signal: controller.signal }).then(
      details => {
        setState({ status: 'ready', details });
      },
      (reason: unknown) => {
        const failure = RequestError.failureOf(reason);
        if (failure.kind !== 'aborted') {
          setState({ status: 'failed', failure });
        }
      }
    );
    return () => {
      controller.abort();
    };
  }, [name, manager, listed, attempt]);
  const reload = useCallback(() => {
    setAttempt(last => last + 1);
  }, []);
  return { state, reload };
}
