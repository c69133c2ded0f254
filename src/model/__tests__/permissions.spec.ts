import { describe, expect, it } from 'vitest';

import {
  instance,
  operation,
  stopped,
  vmSize,
  workspaceStatus
} from '../../__tests__/builders';
import type { Instance, Permission } from '../../api/types';
import type { WorkspaceState } from '../../tokens';
import { canRun, likelyAction } from '../permissions';
import type { InstanceRow } from '../rows';

function row(
  of: Instance,
  given: Partial<Pick<InstanceRow, 'operation' | 'pending'>> = {}
): InstanceRow {
  return {
    kind: 'instance',
    name: of.name,
    instance: of,
    size: vmSize('s'),
    operation: null,
    pending: null,
    ...given
  };
}

function workspace(...permissions: Permission[]): WorkspaceState {
  return { status: 'known', value: workspaceStatus({ permissions }) };
}

describe('an action', () => {
  it('is offered where the state allows it', () => {
    const running = row(instance('a'));
    expect(canRun('stop', running, workspace()).allowed).toBe(true);
    expect(canRun('start', running, workspace())).toEqual({
      allowed: false,
      why: 'state'
    });
  });

  it('is not offered again while one is under way', () => {
    const asked = row(instance('a'), { pending: 'stop' });
    const working = row(instance('a'), { operation: operation('o1') });
    for (const busy of [asked, working]) {
      expect(canRun('stop', busy, workspace())).toEqual({
        allowed: false,
        why: 'busy'
      });
    }
  });

  it('is refused with who refuses it', () => {
    const permission: Permission = {
      name: 'stop',
      allowed: false,
      denied_by: 'administrator',
      reason: null
    };
    expect(canRun('stop', row(instance('a')), workspace(permission))).toEqual({
      allowed: false,
      why: 'forbidden',
      permission
    });
  });

  it('is offered while the permissions are not known yet: the server decides', () => {
    expect(
      canRun('stop', row(instance('a')), { status: 'loading' }).allowed
    ).toBe(true);
  });
});

describe('the likely action', () => {
  it('is what changes the bill: start what is off, stop what is on', () => {
    expect(likelyAction(row(stopped('a')))).toBe('start');
    expect(likelyAction(row(instance('a')))).toBe('stop');
  });

  it('is none where only deleting is left', () => {
    expect(
      likelyAction(
        row(instance('a', { state: 'CreateFailed', actions: ['delete'] }))
      )
    ).toBeNull();
  });
});
