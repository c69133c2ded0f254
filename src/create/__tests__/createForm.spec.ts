import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  instanceList,
  operation,
  stopped,
  vmSize,
  workspaceStatus
} from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { specDefaults } from '../../__tests__/specBuilders';
import type { NameCheck, SpecDefaults, VmSize } from '../../api/types';
import type { CiManager } from '../../model/manager';
import { EMPTY_SPEC } from '../../model/specs';
import { CreateForm } from '../createForm';

const CHEAP = vmSize('Standard_DS1_v2', {
  vcpus: 1,
  price: {
    amount_per_hour: 0.07,
    currency: 'USD',
    source: 'Azure',
    as_of: '2026-03-01T00:00:00Z'
  }
});
const USUAL = vmSize('Standard_DS11_v2');
const FULL = vmSize('Standard_F16s_v2', {
  creatable: false,
  reason: 'No cores left.'
});

function check(name: string, given: Partial<NameCheck> = {}): NameCheck {
  return {
    name,
    available: true,
    reason: null,
    message: null,
    suggestion: null,
    existing: false,
    ...given
  };
}

async function formOn(
  server: FakeServer,
  sizes: readonly VmSize[] = [USUAL, CHEAP, FULL],
  defaults: Partial<SpecDefaults> = {}
): Promise<{ readonly form: CreateForm; readonly manager: CiManager }> {
  server
    .on('GET workspace', () => workspaceStatus())
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () => instanceList([stopped('in-use')]))
    .on('GET specs/defaults', () => specDefaults(defaults))
    .on('GET sizes', () => ({
      location: 'westeurope',
      items: sizes,
      fetched_at: '2026-03-02T12:00:00Z'
    }));
  const { manager } = managerOf(server);
  await manager.refresh();
  await manager.sizes.refresh();
  return { form: new CreateForm(manager), manager };
}

/** Type a name, and wait until it has been checked. */
async function typed(form: CreateForm, name: string): Promise<void> {
  form.name = name;
  await vi.advanceTimersByTimeAsync(400);
}

describe('a new instance', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('can be created as soon as name and size are good', async () => {
    const server = new FakeServer().on('GET names/ds-new', () =>
      check('ds-new')
    );
    const { form } = await formOn(server);
    expect(form.isReady).toBe(false);
    await typed(form, 'ds-new');
    expect(form.nameState.kind).toBe('free');
    expect(form.isReady).toBe(true);
  });

  it('is not asked about in the region while its name breaks a rule', async () => {
    const server = new FakeServer();
    const { form } = await formOn(server);
    await typed(form, '9x');
    expect(form.nameState).toEqual({
      kind: 'problem',
      problem: 'starts_wrong'
    });
    expect(server.count('GET names/9x')).toBe(0);
  });

  it('is asked about once for a name that is typed quickly', async () => {
    const server = new FakeServer();
    for (const name of ['dsn', 'dsne', 'dsnew']) {
      server.on(`GET names/${name}`, () => check(name));
    }
    const { form } = await formOn(server);
    form.name = 'dsn';
    await vi.advanceTimersByTimeAsync(100);
    form.name = 'dsne';
    await vi.advanceTimersByTimeAsync(100);
    await typed(form, 'dsnew');
    const names = server.requests.filter(each => each.route.includes('names/'));
    expect(names.map(each => each.route)).toEqual(['GET names/dsnew']);
  });

  it('is not judged by the answer about a name that was typed before', async () => {
    let answer: (check: NameCheck) => void = () => undefined;
    const server = new FakeServer()
      .on(
        'GET names/first',
        () =>
          new Promise<NameCheck>(resolve => {
            answer = resolve;
          })
      )
      .on('GET names/second', () =>
        check('second', { available: false, message: 'In use.' })
      );
    const { form } = await formOn(server);
    const seen: string[] = [];
    form.changed.connect(() => {
      seen.push(form.nameState.kind);
    });
    await typed(form, 'first');
    await typed(form, 'second');
    answer(check('first'));
    await vi.advanceTimersByTimeAsync(10);
    expect(new Set(seen)).toEqual(new Set(['checking', 'taken']));
    expect(form.nameState.kind).toBe('taken');
    expect(form.isReady).toBe(false);
  });

  it('passes on the suggestion when the name is taken in the region', async () => {
    const server = new FakeServer().on('GET names/sandbox', () =>
      check('sandbox', {
        available: false,
        reason: 'AlreadyExists',
        message: 'In use.',
        suggestion: 'sandbox-2'
      })
    );
    const { form } = await formOn(server);
    await typed(form, 'sandbox');
    expect(form.nameState).toEqual({
      kind: 'taken',
      message: 'In use.',
      suggestion: 'sandbox-2'
    });
  });

  it('takes the instance of that name when the workspace has one', async () => {
    const server = new FakeServer().on('POST instances', () =>
      json(operation('o1', { state: 'succeeded', target: 'in-use' }))
    );
    const { form, manager } = await formOn(server);
    await typed(form, 'in-use');
    expect(form.usesExisting).toBe(true);
    expect(await form.submit()).toBe(true);
    expect(server.bodies).toMatchObject([
      {
        if_exists: 'use',
        spec: { name: 'in-use', vm_size: 'STANDARD_DS11_V2' }
      }
    ]);
    expect(manager.preferences.values.lastVmSize).toBe('');
  });

  it('can be tried although the name could not be checked', async () => {
    const server = new FakeServer().on('GET names/ds-new', () =>
      refusal(403, 'Forbidden')
    );
    const { form } = await formOn(server);
    await typed(form, 'ds-new');
    expect(form.nameState.kind).toBe('unchecked');
    expect(form.isReady).toBe(true);
  });

  it('is proposed the cheapest size, then the one that was used last', async () => {
    const server = new FakeServer()
      .on('GET names/ds-new', () => check('ds-new'))
      .on('POST instances', () =>
        json(operation('o1', { kind: 'instance.create' }), 202)
      );
    const { form, manager } = await formOn(server);
    expect(form.size).toEqual(CHEAP);
    form.size = USUAL;
    await typed(form, 'ds-new');
    await form.submit();
    expect(manager.preferences.values.lastVmSize).toBe('Standard_DS11_v2');
    expect(new CreateForm(manager).size).toEqual(USUAL);
  });

  it('is for the rest as the administrator wants it', async () => {
    const server = new FakeServer()
      .on('GET names/ds-new', () => check('ds-new'))
      .on('POST instances', () =>
        json(operation('o1', { kind: 'instance.create' }), 202)
      );
    const { form } = await formOn(server, [USUAL], {
      spec: { ...EMPTY_SPEC, idle_shutdown: 'PT60M', tags: { team: 'fraud' } },
      locked: ['idle_shutdown']
    });
    await typed(form, 'ds-new');
    expect(await form.submit()).toBe(true);
    expect(server.bodies).toMatchObject([
      {
        spec: {
          name: 'ds-new',
          vm_size: 'Standard_DS11_v2',
          idle_shutdown: 'PT60M',
          tags: { team: 'fraud' }
        }
      }
    ]);
  });

  it('cannot be of a size that its quota does not allow', async () => {
    const server = new FakeServer().on('GET names/ds-new', () =>
      check('ds-new')
    );
    const { form } = await formOn(server);
    await typed(form, 'ds-new');
    form.size = FULL;
    expect(form.isReady).toBe(false);
  });

  it.each([
    ['NameTaken', 'name'],
    ['QuotaExceeded', 'size'],
    ['AzureUnavailable', 'form']
  ])('shows a refusal by %s at the %s', async (code, field) => {
    const server = new FakeServer()
      .on('GET names/ds-new', () => check('ds-new'))
      .on('POST instances', () => refusal(409, code));
    const { form } = await formOn(server);
    await typed(form, 'ds-new');
    expect(await form.submit()).toBe(false);
    expect(form.refusal?.field).toBe(field);
  });

  it('forgets a refusal when its field is changed', async () => {
    const server = new FakeServer()
      .on('GET names/ds-new', () => check('ds-new'))
      .on('POST instances', () => refusal(409, 'NameTaken'));
    const { form } = await formOn(server);
    await typed(form, 'ds-new');
    await form.submit();
    form.name = 'ds-newer';
    expect(form.refusal).toBeNull();
  });
});
