/**
 * The time zones that schedules can be in, asked of the server once for all fields.
 */
import { useEffect, useState } from 'react';

import { RequestError } from '../api/errors';
import type { SpecsClient } from '../api/specsClient';
import type { TimeZones } from '../api/types';

const asked = new WeakMap<SpecsClient, Promise<TimeZones>>();

/** The time zones; null as long as they are not known. */
export function useTimeZones(client: SpecsClient): TimeZones | null {
  const [zones, setZones] = useState<TimeZones | null>(null);
  useEffect(() => {
    let isWanted = true;
    zonesOf(client).then(
      value => {
        if (isWanted) {
          setZones(value);
        }
      },
      (reason: unknown) => {
        // Those that are in use, and UTC, can still be chosen; any other failure is a defect.
        RequestError.failureOf(reason);
      }
    );
    return () => {
      isWanted = false;
    };
  }, [client]);
  return zones;
}

async function zonesOf(client: SpecsClient): Promise<TimeZones> {
  const known = asked.get(client);
  if (known !== undefined) {
    return known;
  }
  const asking = client.timeZones();
  asked.set(client, asking);
  try {
    return await asking;
  } catch (reason) {
    // The next field asks again.
    asked.delete(client);
    throw reason;
  }
}
