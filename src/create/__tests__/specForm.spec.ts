import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { operation, vmSize } from '../../__tests__/builders';
import { json, managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import {
  FULL_SPEC,
  nameCheck,
  problem,
  specCheck,
  specDefaults,
  specServer
} from '../../__tests__/specBuilders';
import type { InstanceSpec } from '../../api/types';
import type { CiManager } from '../../model/manager';
import { EMPTY_SPEC } from '../../model/specs';
import type { IDraft } from '../draft';
import { SpecForm } from '../specForm';
import type { ISpecMemory } from '../specForm';

interface IOpened {
  readonly form: SpecForm;
  readonly manager: CiManager;
}

async function opened(
  server: FakeServer,
  memory: Partial<ISpecMemory> = {},
  given: Partial<IDraft> = {}
): Promise<IOpened> {
  const { manager } = managerOf(server);
  await manager.refresh();
  await manager.sizes.refresh();
  const form = new SpecForm(manager, memory, given);
  await settled();
  return { form, manager };
}

/** Nobody types any more, and all questions are answered. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
}

function asked(server: FakeServer, route: string): InstanceSpec {
  const at = server.requests
    .filter(each => each.route.startsWith('POST'))
    .map(each => each.route)
    .lastIndexOf(route);
  return (server.bodies[at] as { readonly spec: InstanceSpec }).spec;
}

describe('the full form', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('can be sent off as soon as name and size are good', async () => {
    const server = specServer().on('POST instances', () =>
      json(operation('o1', { kind: 'instance.create' }), 202)
    );
    const { form, manager } = await opened(server);
    expect(form.draft.vmSize).toBe('Standard_DS11_v2');
    expect(form.isReady).toBe(false);
    form.choose({ name: 'train' });
    expect(form.isReady).toBe(false);
    await settled();
    expect(form.isReady).toBe(true);
    await form.create();
    expect(server.bodies.pop()).toEqual({
      spec: { ...EMPTY_SPEC, name: 'train', vm_size: 'Standard_DS11_v2' },
      if_exists: 'fail'
    });
    expect(form.operation?.id).toBe('o1');
    expect(manager.preferences.values.lastVmSize).toBe('Standard_DS11_v2');
  });

  it('asks once what is wrong, when nobody types any more', async () => {
    const server = specServer();
    const { form } = await opened(server);
    const before = server.count('POST specs/check');
    for (const description of ['a', 'ab', 'abc']) {
      form.choose({ description });
    }
    await settled();
    expect(server.count('POST specs/check')).toBe(before + 1);
    expect(asked(server, 'POST specs/check').description).toBe('abc');
  });

  it('is not sent off with an error, and is with a doubt', async () => {
    let found = [problem('ssh.public_key')];
    const server = specServer().on('POST specs/check', () =>
      specCheck({ problems: found })
    );
    const { form } = await opened(server, {}, { name: 'train' });
    expect(form.isReady).toBe(false);
    await form.create();
    expect(server.count('POST instances')).toBe(0);
    found = [problem('ssh.public_key', { severity: 'warning' })];
    form.choose({ description: 'x' });
    await settled();
    expect(form.isReady).toBe(true);
  });

  it('is not sent off with what is no spec yet', async () => {
    const { form } = await opened(specServer(), {}, { name: 'train' });
    form.choose({ more: '{' });
    await settled();
    expect(form.faults).toEqual([{ field: 'more', fault: 'not_an_object' }]);
    expect(form.isReady).toBe(false);
  });

  it('says at its field what the server cannot even read', async () => {
    const server = specServer().on('POST specs/check', () =>
      refusal(400, 'BadRequest', {
        message: 'The request body is not valid: too long.',
        details: { field: 'description' }
      })
    );
    const { form } = await opened(server, {}, { name: 'train' });
    expect(form.problems.map(({ field }) => field)).toEqual(['description']);
    expect(form.check.failure).toBeNull();
  });

  it('lets creating tell where nothing could be asked', async () => {
    const server = specServer().on('POST specs/check', () =>
      refusal(503, 'AzureUnreachable')
    );
    const { form } = await opened(server, {}, { name: 'train' });
    expect(form.check.failure?.kind).toBe('refused');
    expect(form.isReady).toBe(true);
  });

  it('shows at its field what Azure refuses later, until it is changed', async () => {
    const server = specServer().on('POST instances', () =>
      refusal(400, 'InvalidSubnet', {
        message: 'No such subnet.',
        details: { field: 'network.subnet_id' }
      })
    );
    const { form } = await opened(server, {}, { name: 'train' });
    await form.create();
    expect(form.problems).toEqual([
      problem('network.subnet_id', {
        code: 'InvalidSubnet',
        message: 'No such subnet.'
      })
    ]);
    expect(form.refusal).toBeNull();
    form.choose({ subnetId: '/subnets/y' });
    expect(form.problems).toEqual([]);
  });

  it('comes back with what Azure refused in the end at its field', async () => {
    const error = {
      code: 'SubnetNotFound',
      message: 'The subnet is gone.',
      hint: null,
      details: { field: 'network.subnet_id' },
      request_id: null
    };
    const failed = operation('o1', {
      kind: 'instance.create',
      state: 'failed',
      error
    });
    const server = specServer().on('POST instances', () => json(failed, 202));
    const { form } = await opened(server, {}, { name: 'train' });
    await form.create();
    expect(form.operation?.state).toBe('failed');
    form.again();
    await settled();
    expect(form.operationId).toBeNull();
    expect(form.problems).toEqual([
      problem('network.subnet_id', {
        code: 'SubnetNotFound',
        message: 'The subnet is gone.',
        severity: 'warning'
      })
    ]);
    expect(form.isReady).toBe(true);
    form.choose({ subnetId: '/subnets/y' });
    expect(form.problems).toEqual([]);
  });

  it('forgets what was refused when another like it is made', async () => {
    const failed = operation('o1', {
      kind: 'instance.create',
      state: 'failed',
      error: {
        code: 'QuotaExceeded',
        message: 'No.',
        hint: null,
        details: null,
        request_id: null
      }
    });
    const server = specServer().on('POST instances', () => json(failed, 202));
    const { form } = await opened(server, {}, { name: 'train' });
    await form.create();
    form.again({ name: '' });
    expect(form.problems).toEqual([]);
    expect(form.refusal).toBeNull();
  });

  it('shows as a whole what is about no field', async () => {
    const server = specServer().on('POST instances', () =>
      refusal(503, 'AzureUnreachable')
    );
    const { form } = await opened(server, {}, { name: 'train' });
    await form.create();
    expect(form.refusal).toMatchObject({ error: { code: 'AzureUnreachable' } });
    expect(form.isSubmitting).toBe(false);
  });

  it('uses an instance that is there, and asks for nothing else', async () => {
    const server = specServer().on('POST instances', () =>
      json(operation('o1', { kind: 'instance.create' }))
    );
    const { form } = await opened(
      server,
      {},
      { name: 'in-use', description: 'x', more: '{' }
    );
    expect(form.usesExisting).toBe(true);
    await form.create();
    expect(server.bodies.pop()).toEqual({
      spec: { ...EMPTY_SPEC, name: 'in-use', vm_size: 'STANDARD_DS11_V2' },
      if_exists: 'use'
    });
  });

  it('does not send off a size that cannot be had', async () => {
    const server = specServer([
      vmSize('Standard_DS11_v2'),
      vmSize('Standard_NC6s_v3', { creatable: false, gpus: 1 })
    ]);
    const { form } = await opened(server, {}, { name: 'train' });
    form.choose({ vmSize: 'Standard_NC6s_v3' });
    await settled();
    expect(form.vmSize?.gpus).toBe(1);
    expect(form.isReady).toBe(false);
  });

  it('waits for the name, and takes one that could not be checked', async () => {
    const server = specServer()
      .on('GET names/taken-one', () =>
        nameCheck('taken-one', { available: false, suggestion: 'taken-one2' })
      )
      .on('GET names/unknown', () => refusal(503, 'AzureUnreachable'));
    const { form } = await opened(server);
    form.choose({ name: 'taken-one' });
    await settled();
    expect(form.isReady).toBe(false);
    expect(form.nameState).toMatchObject({ suggestion: 'taken-one2' });
    form.choose({ name: 'unknown' });
    await settled();
    expect(form.isReady).toBe(true);
  });
});

describe('what the full form begins with', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is what the administrator wants', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({ spec: { ...EMPTY_SPEC, idle_shutdown: 'PT30M' } })
    );
    const { form } = await opened(server);
    expect(form.draft.idleShutdown).toBe('PT30M');
  });

  it('is as it was left, after a reload of the page', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({ spec: { ...EMPTY_SPEC, idle_shutdown: 'PT30M' } })
    );
    const before = await opened(server, {}, { name: 'train' });
    before.form.choose({ idleShutdown: 'PT90M', more: '{"half": ' });
    const memory = JSON.parse(
      JSON.stringify(before.form.memory)
    ) as ISpecMemory;
    const after = await opened(server, memory);
    expect(after.form.draft).toEqual(before.form.draft);
  });

  it('is as it was left without a script that is far too long for the layout', async () => {
    const { form } = await opened(specServer());
    form.chooseScript('creation', { source: 'inline', text: 'x'.repeat(1e5) });
    expect(form.memory.draft.scripts.creation.text).toHaveLength(1e5);
    form.chooseScript('creation', { text: 'x'.repeat(1e5 + 1) });
    expect(form.memory.draft.scripts.creation.text).toBe('');
    expect(form.draft.scripts.creation.text).toHaveLength(1e5 + 1);
  });

  it('is a draft of an older version with what is new since', async () => {
    const { form } = await opened(specServer(), {
      draft: { name: 'train' } as unknown as IDraft
    });
    expect(form.draft.tags).toEqual([]);
    expect(form.spec.name).toBe('train');
  });

  it('has fixed fields, also where something else was chosen before', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({
        spec: { ...EMPTY_SPEC, network: FULL_SPEC.network, sso: false },
        locked: ['network', 'sso']
      })
    );
    const { form } = await opened(server);
    const after = await opened(server, {
      draft: { ...form.draft, publicIp: true, subnetId: '', sso: true }
    });
    expect(after.form.spec.network).toEqual(FULL_SPEC.network);
    expect(after.form.spec.sso).toBe(false);
    expect(after.form.isLocked('network.subnet_id')).toBe(true);
    expect(after.form.isLocked('ssh')).toBe(false);
  });

  it('can be used where the defaults cannot be read', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      refusal(500, 'InternalError')
    );
    const { form } = await opened(server, {}, { name: 'train' });
    expect(form.defaults.status).toBe('failed');
    expect(form.isReady).toBe(true);
  });

  it('is a template, whose fields that are fixed hold what the administrator wants', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({
        spec: { ...EMPTY_SPEC, sso: false },
        locked: ['sso']
      })
    );
    const { form } = await opened(server, {}, { name: 'train' });
    form.take({
      title: 'All',
      spec: { ...FULL_SPEC, name: '' },
      description: null,
      version: 1
    });
    expect(form.spec).toEqual({ ...FULL_SPEC, name: 'train', sso: false });
  });

  it('is a template without a size with one that can be had', async () => {
    const { form } = await opened(specServer());
    form.take({ title: 'x', spec: EMPTY_SPEC, description: null, version: 1 });
    expect(form.draft.vmSize).toBe('Standard_DS11_v2');
  });
});
