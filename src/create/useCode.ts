/**
 * The same request in other languages, asked while it is shown.
 */
import { useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { SpecsClient } from '../api/specsClient';
import type { SpecCode } from '../api/types';
import { checkableSpec } from './draft';
import type { IDraft } from './draft';

/** How long to wait for more keys. */
const SETTLE_MS = 400;

/** What is known; what was known before stays until there is an answer. */
export interface ICode {
  readonly value: SpecCode | null;
  readonly failure: RequestFailure | null;
}

/** Follow a draft, which must keep its identity while it is the same. */
export function useCode(client: SpecsClient, draft: IDraft): ICode {
  const [code, setCode] = useState<ICode>({ value: null, failure: null });
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async (): Promise<void> => {
      let answer: ICode;
      try {
        const value = await client.code(checkableSpec(draft), { signal });
        answer = { value, failure: null };
      } catch (reason) {
        answer = { value: null, failure: RequestError.failureOf(reason) };
      }
      if (!signal.aborted) {
        setCode(answer);
      }
    };
    const timer = setTimeout(() => {
      void ask();
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, draft]);
  return code;
}
