import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  instance,
  instanceList,
  operation,
  workspaceStatus
} from '../../__tests__/builders';
import { FakeServer, managerOf } from '../../__tests__/fakeServer';
import type { Instance, ScriptOutcome } from '../../api/types';
import type { CiManager } from '../../model/manager';
import { isToldByItsScript, notifyOfScriptFailures } from '../scriptFailures';

const FAILED: ScriptOutcome = {
  phase: 'creation',
  outcome: 'failed',
  exit_status: 3,
  log: 'creation.log',
  line: 66,
  ended_at: null
};
const open = vi.fn<(instance: Instance) => void>();
let server: FakeServer;
let manager: CiManager;
let notifying: IDisposable;

async function become(
  outcome: ScriptOutcome | null,
  given: Partial<Instance> = {}
): Promise<void> {
  server.on('GET instances', () =>
    instanceList([instance('etl', { script_outcome: outcome, ...given })])
  );
  await manager.refresh();
}

beforeEach(() => {
  Notification.dismiss();
  open.mockClear();
  server = new FakeServer()
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }));
  ({ manager } = managerOf(server));
  notifying = notifyOfScriptFailures(manager, nullTranslator.load(''), open);
});

afterEach(() => {
  notifying.dispose();
  manager.dispose();
  Notification.dismiss();
});

describe('a setup script that fails', () => {
  it('is told once, with a way to the line, also when its log is found later', async () => {
    await become(null);
    await become({ ...FAILED, phase: null, log: null, line: null });
    await become(FAILED);
    await become(FAILED);
    expect(Notification.manager.count).toBe(1);
    const [told] = Notification.manager.notifications;
    expect(told?.message).toContain('etl');
    told?.options.actions?.[0]?.callback(new MouseEvent('click'));
    expect(open.mock.calls[0]?.[0].script_outcome).toEqual(FAILED);
  });

  it('is told again when the next run fails, too', async () => {
    await become(null);
    await become(FAILED);
    await become({ ...FAILED, phase: 'startup', log: 'startup-2.log' });
    expect(Notification.manager.count).toBe(2);
  });

  it('is no news when it had failed before, nor of a colleague', async () => {
    await become(FAILED);
    expect(Notification.manager.count).toBe(0);
    await become({ ...FAILED, log: 'again.log' }, { mine: false });
    expect(Notification.manager.count).toBe(0);
  });

  it('speaks for the operation that ended with it, where the instance is mine', async () => {
    const failed = operation('o1', {
      kind: 'instance.start',
      target: 'etl',
      state: 'failed',
      error: {
        code: 'SetupScriptsError',
        message: '',
        hint: null,
        details: null,
        request_id: null
      }
    });
    await become(FAILED);
    expect(isToldByItsScript(failed, manager)).toBe(true);
    expect(isToldByItsScript({ ...failed, error: null }, manager)).toBe(false);
    await become(FAILED, { mine: false });
    expect(isToldByItsScript(failed, manager)).toBe(false);
  });
});
