/**
 * Searching the packages of the channels while a person types; no words for people.
 */
import { useEffect, useState } from 'react';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { PackageSearch } from '../api/types';

/** How long to wait for more keys. */
const SETTLE_MS = 300;

/** How far a search is. */
export type SearchState =
  | { readonly status: 'idle' }
  | { readonly status: 'searching' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | {
      readonly status: 'found';
      readonly text: string;
      readonly value: PackageSearch;
    };

/**
 * What is found of a text; what was found before stays until there is an answer.
 */
export function usePackages(
  client: CiManagerClient,
  text: string,
  channels: readonly string[]
): SearchState {
  const [state, setState] = useState<SearchState>({ status: 'idle' });
  const where = channels.join(',');
  useEffect(() => {
    if (text === '') {
      setState({ status: 'idle' });
      return;
    }
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async (): Promise<void> => {
      setState(before =>
        before.status === 'found' ? before : { status: 'searching' }
      );
      let after: SearchState;
      try {
        const value = await client.environments.packages(
          text,
          where === '' ? [] : where.split(','),
          { signal }
        );
        after = { status: 'found', text, value };
      } catch (reason) {
        after = { status: 'failed', failure: RequestError.failureOf(reason) };
      }
      if (!signal.aborted) {
        setState(after);
      }
    };
    const timer = setTimeout(() => {
      void ask();
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, text, where]);
  return state;
}

/** The minor versions of a package, newest first: "3.13", "3.12". */
export function minorVersions(
  search: PackageSearch,
  name: string
): readonly string[] {
  const found = search.items.find(each => each.name === name);
  const minors = (found?.versions ?? []).map(each =>
    each.split('.').slice(0, 2).join('.')
  );
  return [...new Set(minors)];
}
