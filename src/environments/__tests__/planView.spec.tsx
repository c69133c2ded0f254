import React from 'react';
import { describe, expect, it } from 'vitest';

import { plan } from '../../__tests__/environmentBuilders';
import { render } from '../../__tests__/render';
import type { EnvironmentPlan } from '../../api/types';
import { PlanView } from '../planView';

/** What stands beside a term of the plan's facts. */
async function fact(
  term: string,
  given: Partial<EnvironmentPlan>
): Promise<string | null | undefined> {
  const host = await render(
    <PlanView
      state={{ status: 'ready', plan: plan(given), seconds: 3 }}
      onRetry={() => undefined}
      onCleanUp={() => undefined}
    />
  );
  const found = [...host.querySelectorAll('dt')].find(
    each => each.textContent === term
  );
  return found?.nextElementSibling?.textContent;
}

describe('the facts of a plan', () => {
  it.each([
    [0.4, 'about 5 s'],
    [12, 'about 10 s'],
    [47.6, 'about 50 s'],
    [55, 'about 1 min'],
    [131, 'about 2 min'],
    [3700, 'about 1 h 2 min']
  ])('say that %d seconds take %s', async (seconds, words) => {
    expect(await fact('Takes', { seconds })).toBe(
      `${words}, going by earlier work on this machine`
    );
  });

  it('say that nothing is known where nothing was made before', async () => {
    expect(await fact('Takes', { seconds: null })).toBe('not known');
  });
});
