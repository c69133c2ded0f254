import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { operation } from '../../__tests__/builders';
import { json, managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { specServer } from '../../__tests__/specBuilders';
import type { ScriptLint } from '../../api/types';
import { EMPTY_SCRIPT } from '../draft';
import type { IScriptDraft } from '../draft';
import { ScriptTrial } from '../scriptTrial';

const LINT: ScriptLint = {
  findings: [
    {
      code: 'no_shebang',
      severity: 'warning',
      message: 'There is no shebang.',
      source: 'azure',
      hint: null,
      line: 1,
      column: null
    }
  ],
  shellcheck: null
};

function inline(text: string, given: Partial<IScriptDraft> = {}): IScriptDraft {
  return { ...EMPTY_SCRIPT, source: 'inline', text, ...given };
}

function onShare(path: string): IScriptDraft {
  return { ...EMPTY_SCRIPT, source: 'workspaceStorage', path };
}

function trialOn(server: FakeServer): ScriptTrial {
  return new ScriptTrial(managerOf(server).manager);
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
}

describe('a setup script', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is looked at when nobody types any more', async () => {
    const server = specServer().on('POST setup-scripts/lint', () => LINT);
    const trial = trialOn(server);
    trial.consider(inline('ech'));
    trial.consider(inline('echo hi', { arguments: 'a' }));
    expect(trial.text).toBe('echo hi');
    await settled();
    expect(server.bodies).toEqual([
      { text: 'echo hi', file_name: null, arguments: 'a' }
    ]);
    expect(trial.lint).toEqual(LINT);
  });

  it('of no text is not looked at', async () => {
    const server = specServer();
    const trial = trialOn(server);
    trial.consider(inline(' \n'));
    trial.consider(onShare('  '));
    trial.consider(EMPTY_SCRIPT);
    await settled();
    expect(server.requests).toEqual([]);
  });

  it('of the share is read, and looked at under its name', async () => {
    const server = specServer()
      .on('GET scripts/Users%2Famy%2Fa.sh', () => ({
        path: 'Users/amy/a.sh',
        text: 'true',
        size_bytes: 4,
        modified_at: null
      }))
      .on('POST setup-scripts/lint', () => LINT);
    const trial = trialOn(server);
    trial.consider(onShare('Users/amy/a.sh'));
    await settled();
    expect(trial.text).toBe('true');
    expect(server.bodies).toEqual([
      { text: 'true', file_name: 'Users/amy/a.sh', arguments: null }
    ]);
  });

  it('that is not in the share says so, until another is chosen', async () => {
    const server = specServer().on('GET scripts/a.sh', () =>
      refusal(404, 'ScriptNotFound')
    );
    const trial = trialOn(server);
    trial.consider(onShare('a.sh'));
    await settled();
    expect(trial.readFailure).toMatchObject({
      error: { code: 'ScriptNotFound' }
    });
    expect(trial.text).toBeNull();
    trial.consider(inline('true'));
    expect(trial.readFailure).toBeNull();
  });

  it('keeps no findings of a text that is gone', async () => {
    const server = specServer().on('POST setup-scripts/lint', () => LINT);
    const trial = trialOn(server);
    trial.consider(inline('echo'));
    await settled();
    trial.consider(inline(''));
    expect(trial.lint).toBeNull();
  });

  it('is tried with its arguments and its time', async () => {
    const server = specServer().on('POST setup-scripts/dry-run', () =>
      json(operation('try-1', { kind: 'script.dry_run' }), 202)
    );
    const trial = trialOn(server);
    trial.consider(inline('true', { arguments: 'a b', timeout: '5' }));
    await trial.dryRun('train');
    expect(server.bodies.pop()).toEqual({
      text: 'true',
      arguments: 'a b',
      instance: 'train',
      timeout_minutes: 5
    });
    expect(trial.operation?.id).toBe('try-1');
    trial.forgetTry();
    expect(trial.operation).toBeNull();
  });

  it.each(['', '0', '-3', '61', '1440', 'ten'])(
    'with %j minutes is tried with those that a try may take',
    async timeout => {
      const server = specServer().on('POST setup-scripts/dry-run', () =>
        json(operation('try-1', { kind: 'script.dry_run' }), 202)
      );
      const trial = trialOn(server);
      trial.consider(inline('true', { timeout }));
      await trial.dryRun('');
      expect(server.bodies.pop()).toMatchObject({ timeout_minutes: 15 });
    }
  );

  it('that may not be tried says why', async () => {
    const server = specServer().on('POST setup-scripts/dry-run', () =>
      refusal(403, 'Forbidden')
    );
    const trial = trialOn(server);
    trial.consider(inline('true'));
    await trial.dryRun('');
    expect(trial.refusal).toMatchObject({ error: { code: 'Forbidden' } });
    expect(trial.operationId).toBeNull();
  });
});
