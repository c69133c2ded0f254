import { describe, expect, it } from 'vitest';

import { FULL_SPEC, specDefaults } from '../../__tests__/specBuilders';
import { EMPTY_SPEC } from '../../model/specs';
import { isLocked, isPartlyLocked, withLocked } from '../locks';

describe('a fixed field', () => {
  it('is fixed with all that is in it', () => {
    expect(isLocked('ssh.public_key', ['ssh'])).toBe(true);
    expect(isLocked('ssh', ['ssh'])).toBe(true);
    expect(isLocked('ssh', ['ssh.public_key'])).toBe(false);
    expect(isLocked('sshd', ['ssh'])).toBe(false);
  });

  it('keeps what it is in from being switched off', () => {
    expect(isPartlyLocked('ssh', ['ssh.public_key'])).toBe(true);
    expect(isPartlyLocked('ssh', ['network'])).toBe(false);
  });

  it.each([
    ['vm_size', { vm_size: 'Standard_DS11_v2' }],
    ['ssh', { ssh: FULL_SPEC.ssh }],
    ['network.public_ip', { network: FULL_SPEC.network }],
    ['tags.project', { tags: { project: 'forecast' } }],
    ['schedules', { schedules: FULL_SPEC.schedules }]
  ])('%s holds what the administrator wants', (field, wanted) => {
    const defaults = specDefaults({ spec: FULL_SPEC, locked: [field] });
    expect(withLocked(EMPTY_SPEC, defaults)).toEqual({
      ...EMPTY_SPEC,
      ...wanted
    });
  });

  it('that is empty empties what was chosen, and nothing beside it', () => {
    const defaults = specDefaults({ locked: ['ssh', 'tags.owner'] });
    expect(withLocked(FULL_SPEC, defaults)).toEqual({
      ...FULL_SPEC,
      ssh: null,
      tags: { project: 'forecast' }
    });
  });

  it('of a network leaves the rest of the network alone', () => {
    const defaults = specDefaults({
      spec: {
        ...EMPTY_SPEC,
        network: { subnet_id: null, public_ip: true }
      },
      locked: ['network.public_ip']
    });
    expect(withLocked(FULL_SPEC, defaults).network).toEqual({
      subnet_id: FULL_SPEC.network?.subnet_id,
      public_ip: true
    });
  });
});
