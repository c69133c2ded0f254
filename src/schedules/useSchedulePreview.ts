/**
 * When schedules fire next, and what is wrong with them, asked of the server while they are edited.
 */
import { useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { SpecsClient } from '../api/specsClient';
import type { InstanceSchedule, SchedulePreview } from '../api/types';

/** How long to wait for the next change. */
const SETTLE_MS = 300;

/** What is known; what was known before stays until there is an answer. */
export interface IPreviewState {
  readonly preview: SchedulePreview | null;
  /** Whether the answer is about an earlier state of the schedules. */
  readonly busy: boolean;
  readonly failure: RequestFailure | null;
}

const NOTHING: SchedulePreview = { firings: [], problems: [] };

/**
 * Follow schedules.
 *
 * @param schedules - Must keep their identity while they are the same.
 */
export function useSchedulePreview(
  client: SpecsClient,
  schedules: readonly InstanceSchedule[]
): IPreviewState {
  const [state, setState] = useState<IPreviewState>({
    preview: null,
    busy: true,
    failure: null
  });
  useEffect(() => {
    if (schedules.length === 0) {
      setState({ preview: NOTHING, busy: false, failure: null });
      return;
    }
    setState(before => ({ ...before, busy: true }));
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async (): Promise<void> => {
      let after: IPreviewState;
      try {
        const preview = await client.previewSchedules(schedules, { signal });
        after = { preview, busy: false, failure: null };
      } catch (reason) {
        const failure = RequestError.failureOf(reason);
        after = { preview: null, busy: false, failure };
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
  }, [client, schedules]);
  return state;
}
