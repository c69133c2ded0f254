import { describe, expect, it } from 'vitest';

import {
  environmentServer,
  plan,
  work
} from '../../__tests__/environmentBuilders';
import { managerOf, refusal } from '../../__tests__/fakeServer';
import { EMPTY_DRAFT, requestOf } from '../draft';
import { Planning } from '../planning';

const REQUEST = {
  create: requestOf({ ...EMPTY_DRAFT, name: 'train' }),
  environment_id: null,
  change: null
};
const SOLVING = work('plan-1', { kind: 'environment.plan', revision: 1 });

function eventOf(operation: object): {
  schema_id: string;
  operation: never;
} {
  return {
    schema_id: 'https://events.jupyter.org/jupyter_ci_manager/operation/v1',
    operation: operation as never
  };
}

async function settled(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 10));
}

describe('working out a plan', () => {
  it('ends with the plan, and how long it took', async () => {
    const { manager } = managerOf(environmentServer());
    const planning = new Planning(manager);
    await planning.ask(REQUEST);
    expect(planning.state).toEqual({
      status: 'ready',
      plan: plan(),
      seconds: 3
    });
  });

  it('follows the operation by events', async () => {
    const server = environmentServer().on(
      'POST environments/plan',
      () => SOLVING
    );
    const { manager, push } = managerOf(server);
    const planning = new Planning(manager);
    await planning.ask(REQUEST);
    expect(planning.state).toMatchObject({ status: 'solving' });
    push(eventOf({ ...SOLVING, state: 'succeeded', revision: 2 }));
    await settled();
    expect(planning.state).toMatchObject({ status: 'ready' });
  });

  it('fails with the solver’s words', async () => {
    const error = {
      code: 'NoSolution',
      message: 'a needs b\n└─ c',
      hint: null,
      details: null,
      request_id: null
    };
    const server = environmentServer().on('POST environments/plan', () => ({
      ...SOLVING,
      state: 'failed',
      error
    }));
    const { manager } = managerOf(server);
    const planning = new Planning(manager);
    await planning.ask(REQUEST);
    expect(planning.state).toEqual({
      status: 'failed',
      failure: { kind: 'refused', error }
    });
  });

  it('fails where the question is refused', async () => {
    const server = environmentServer().on('POST environments/plan', () =>
      refusal(400, 'InvalidSpec')
    );
    const { manager } = managerOf(server);
    const planning = new Planning(manager);
    await planning.ask(REQUEST);
    expect(planning.state).toMatchObject({ status: 'failed' });
  });

  it('cancels what nobody waits for any more', async () => {
    const server = environmentServer()
      .on('POST environments/plan', () => SOLVING)
      .on(
        'DELETE operations/plan-1',
        () => new Response(null, { status: 204 })
      );
    const { manager, push } = managerOf(server);
    const planning = new Planning(manager);
    await planning.ask(REQUEST);
    planning.reset();
    await settled();
    expect(server.count('DELETE operations/plan-1')).toBe(1);
    push(eventOf({ ...SOLVING, state: 'succeeded', revision: 2 }));
    await settled();
    expect(planning.state).toEqual({ status: 'none' });
  });
});
