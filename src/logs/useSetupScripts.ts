/**
 * Fetches the setup scripts of an instance.
 */
import { useEffect, useState } from 'react';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { SetupScripts } from '../api/types';

/** The scripts; null before they are known, and where the instance has none or is gone. */
export function useSetupScripts(
  name: string | null,
  client: CiManagerClient
): SetupScripts | null {
  const [scripts, setScripts] = useState<SetupScripts | null>(null);
  useEffect(() => {
    if (name === null) {
      return;
    }
    const controller = new AbortController();
    client.instance(name, { signal: controller.signal }).then(
      details => {
        setScripts(details.setup_scripts);
      },
      (reason: unknown) => {
        // The log is what was asked for; the page about the instance tells of it.
        RequestError.failureOf(reason);
      }
    );
    return () => {
      controller.abort();
    };
  }, [name, client]);
  return scripts;
}
