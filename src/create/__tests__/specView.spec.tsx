import { CommandRegistry } from '@lumino/commands';
import React from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { operation, stopped, vmSize } from '../../__tests__/builders';
import { json, managerOf, refusal } from '../../__tests__/fakeServer';
import type { FakeServer } from '../../__tests__/fakeServer';
import { button, happens, render, type } from '../../__tests__/render';
import {
  FULL_SPEC,
  problem,
  PUBLIC_KEY,
  specCheck,
  specDefaults,
  specServer
} from '../../__tests__/specBuilders';
import type { InstanceSpec, SpecProblem } from '../../api/types';
import { CommandIDs } from '../../commands/ids';
import type { CiManager } from '../../model/manager';
import { EMPTY_SPEC } from '../../model/specs';
import { draftOf } from '../draft';
import type { IDraft } from '../draft';
import type { Section } from '../sections';
import type { IServerFiles } from '../specContext';
import { SpecForm } from '../specForm';
import { SpecView } from '../specView';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface IScreen {
  readonly host: HTMLElement;
  readonly form: SpecForm;
  readonly manager: CiManager;
  readonly executed: { readonly id: string; readonly args: unknown }[];
  readonly files: IServerFiles;
}

async function screen(
  server: FakeServer,
  given: Partial<IDraft> = {}
): Promise<IScreen> {
  const { manager } = managerOf(server);
  await manager.refresh();
  const form = new SpecForm(manager, {}, given);
  const commands = new CommandRegistry();
  const executed: { id: string; args: unknown }[] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, {
      execute: args => {
        executed.push({ id, args });
      }
    });
  }
  const files: IServerFiles = {
    read: vi.fn(() => Promise.resolve('#!/bin/bash\necho server\n')),
    write: vi.fn(() => Promise.resolve()),
    exists: vi.fn(() => Promise.resolve(false)),
    choose: vi.fn(() => Promise.resolve('work/setup.sh'))
  };
  const host = await render(
    <SpecView
      form={form}
      manager={manager}
      commands={commands}
      files={files}
      editors={null}
      onDone={() => undefined}
    />
  );
  await settled();
  return { host, form, manager, executed, files };
}

/** Nobody types any more, and all questions are answered. */
async function settled(): Promise<void> {
  await happens(() => vi.advanceTimersByTimeAsync(1000));
}

async function open(host: HTMLElement, section: Section): Promise<HTMLElement> {
  const found = host.querySelector<HTMLElement>(
    `[data-spec-section="${section}"]`
  );
  if (found === null) {
    throw new Error(`There is no section ${section}`);
  }
  if (found instanceof HTMLDetailsElement && !found.open) {
    await happens(() => {
      found.open = true;
      found.dispatchEvent(new Event('toggle'));
    });
    await happens(() => vi.advanceTimersByTimeAsync(20));
  }
  return found;
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function control(host: Element, label: string): Control {
  const labelled = [...host.querySelectorAll('label')].find(
    each => each.textContent === label
  );
  const found =
    labelled?.querySelector<Control>('input') ??
    host.querySelector<Control>(`[id="${labelled?.htmlFor ?? ''}"]`) ??
    host.querySelector<Control>(`[aria-label="${label}"]`);
  if (found === null) {
    throw new Error(`There is no field “${label}”`);
  }
  return found;
}

async function fill(element: Control, text: string): Promise<void> {
  if (element instanceof HTMLInputElement) {
    await type(element, text);
    return;
  }
  const { prototype } =
    element instanceof HTMLSelectElement
      ? HTMLSelectElement
      : HTMLTextAreaElement;
  await happens(() => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(
      element,
      text
    );
    element.dispatchEvent(
      new Event(element instanceof HTMLSelectElement ? 'change' : 'input', {
        bubbles: true
      })
    );
  });
}

async function press(host: Element, label: string): Promise<void> {
  await happens(async () => {
    button(host, label).click();
    await vi.advanceTimersByTimeAsync(20);
  });
}

function checked(server: FakeServer): InstanceSpec {
  const bodies = server.bodies.filter(
    each => (each as { readonly spec?: unknown }).spec !== undefined
  );
  return (bodies.pop() as { readonly spec: InstanceSpec }).spec;
}

function partOf(spec: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value as Readonly<Record<string, unknown>>)[key],
      spec
    );
}

const HOSTILE =
  '"; $(reboot) `id` <img src=x onerror=alert(1)> \u202e日本\u0000';

/** Each field of text: where it is, what switches it on, and what it is in a spec. */
const TEXTS: readonly (readonly [
  field: string,
  section: Section,
  label: string,
  given: Partial<IDraft>
])[] = [
  ['description', 'basics', 'Description', {}],
  ['ssh.public_key', 'ssh', 'Public key', { withSsh: true }],
  ['network.subnet_id', 'network', 'Id of the subnet', {}],
  [
    'assigned_to.object_id',
    'assigned',
    'Object id of the person',
    { onBehalf: true }
  ],
  ['assigned_to.tenant_id', 'assigned', 'Tenant id', { onBehalf: true }],
  [
    'setup_scripts.creation.data',
    'scripts',
    'Path in the notebook share',
    {
      scripts: {
        creation: {
          source: 'workspaceStorage',
          path: 'a.sh',
          text: '',
          arguments: '',
          timeout: ''
        },
        startup: draftOf(EMPTY_SPEC).scripts.startup
      }
    }
  ],
  [
    'setup_scripts.creation.arguments',
    'scripts',
    'Arguments',
    { scripts: draftOf(FULL_SPEC).scripts }
  ],
  [
    'custom_applications.0.image',
    'applications',
    'Which one',
    { applications: draftOf(FULL_SPEC).applications }
  ],
  [
    'custom_applications.0.endpoints.0.name',
    'applications',
    'Called',
    { applications: draftOf(FULL_SPEC).applications }
  ],
  [
    'custom_applications.0.endpoints.0.host_ip',
    'applications',
    'At the address',
    { applications: draftOf(FULL_SPEC).applications }
  ],
  [
    'data_mounts.0.source',
    'data',
    'Where it is',
    { mounts: FULL_SPEC.data_mounts }
  ],
  [
    'data_mounts.0.mount_path',
    'data',
    'Folder on the instance',
    { mounts: FULL_SPEC.data_mounts }
  ],
  [
    'data_mounts.0.mount_name',
    'data',
    'Name of the mount',
    { mounts: FULL_SPEC.data_mounts }
  ]
];

describe.each(TEXTS)('%s', (field, section, label, given) => {
  it.each([
    ['one character', 'x'],
    ['far too much', 'a'.repeat(20_000)],
    ['what is hostile', HOSTILE]
  ])(
    'asks about %s as it was typed, and says what the server says of it',
    async (_, text) => {
      const server = specServer().on('POST specs/check', () =>
        specCheck({
          problems: checkedText(server) === text ? [problem(field)] : []
        })
      );
      const checkedText = (from: FakeServer): unknown =>
        partOf(checked(from), field);
      const { host, form } = await screen(server, { name: 'train', ...given });
      const place = await open(host, section);
      await fill(control(place, label), text);
      await settled();
      expect(checkedText(server)).toBe(text);
      const typed = control(place, label);
      expect(typed.value).toBe(text);
      expect(typed.getAttribute('aria-invalid')).toBe('true');
      expect(
        host.ownerDocument.getElementById(
          typed.getAttribute('aria-describedby') ?? ''
        )?.textContent
      ).toBe(`${field} is wrong.`);
      expect(host.querySelector('img')).toBeNull();
      expect(form.isReady).toBe(false);
      expect(host.querySelector('.jp-ci-outline')?.textContent).toContain(
        '1 problem'
      );
    }
  );

  it('that is empty is no request that the server cannot read', async () => {
    const server = specServer();
    const { host } = await screen(server, { name: 'train', ...given });
    const place = await open(host, section);
    await fill(control(place, label), '');
    await settled();
    const spec = checked(server);
    expect(JSON.stringify(spec)).not.toContain('NaN');
    expect(spec.name).toBe('train');
  });

  it('that the administrator has fixed cannot be changed', async () => {
    const spec = { ...FULL_SPEC, name: '' };
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({ spec, locked: [field.split('.')[0] ?? ''] })
    );
    const { host, form } = await screen(server, { name: 'train' });
    const place = await open(host, section);
    const fixed = control(
      place,
      field.startsWith('setup_scripts') ? 'Arguments' : label
    );
    expect(
      (fixed as HTMLInputElement).readOnly ||
        fixed.closest('fieldset')?.disabled === true
    ).toBe(true);
    expect(place.textContent).toContain('Fixed by the administrator');
    expect(partOf(form.spec, field)).toEqual(partOf(spec, field));
  });
});

describe('a tag that the administrator has fixed', () => {
  it('stays as it is, beside others that come and go', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({
        spec: { ...EMPTY_SPEC, tags: { team: 'fraud' } },
        locked: ['tags.team']
      })
    );
    const { host, form } = await screen(server, { name: 'train' });
    const place = await open(host, 'basics');
    const fixed = control(place, 'Value of Tag 1') as HTMLInputElement;
    expect(fixed.value).toBe('fraud');
    expect(fixed.readOnly).toBe(true);
    expect(place.querySelector('[aria-label="Remove Tag 1"]')).toBeNull();
    await happens(() => {
      place.querySelector<HTMLElement>('.jp-ci-add')?.click();
    });
    expect(document.activeElement).toBe(control(place, 'Name of Tag 2'));
    await press(place, 'Remove Tag 2');
    expect(document.activeElement?.textContent).toContain('Add a tag');
    expect(form.spec.tags).toEqual({ team: 'fraud' });
  });
});

const ERROR_AT: readonly (readonly [string, Section, Partial<IDraft>])[] = [
  ['vm_size', 'size', {}],
  ['idle_shutdown', 'schedules', { idleShutdown: 'PT5M' }],
  ['schedules', 'schedules', {}],
  ['schedules.0.cron', 'schedules', { schedules: FULL_SPEC.schedules }],
  ['ssh', 'ssh', {}],
  ['network', 'network', {}],
  ['network.public_ip', 'network', {}],
  ['assigned_to', 'assigned', {}],
  ['identity', 'identity', {}],
  ['identity.system_assigned', 'identity', {}],
  ['identity.user_assigned', 'identity', {}],
  ['identity.user_assigned.0', 'identity', { userIdentities: ['x'] }],
  ['application_sharing', 'applications', {}],
  ['sso', 'applications', {}],
  ['custom_applications', 'applications', {}],
  [
    'custom_applications.0.privileged',
    'applications',
    { applications: draftOf(FULL_SPEC).applications }
  ],
  [
    'custom_applications.0.endpoints.0.published',
    'applications',
    { applications: draftOf(FULL_SPEC).applications }
  ],
  ['data_mounts', 'data', {}],
  ['tags', 'basics', {}],
  ['tags.project', 'basics', { tags: [{ name: 'project', value: 'x' }] }],
  ['root_access', 'advanced', {}],
  ['os_patching', 'advanced', {}],
  ['release_quota_on_stop', 'advanced', {}],
  ['disable_local_auth', 'advanced', {}],
  ['more', 'advanced', {}],
  ['setup_scripts.creation', 'scripts', {}]
];

describe('what the server says of a field', () => {
  it.each(ERROR_AT)(
    '%s is said in its section',
    async (field, section, given) => {
      const server = specServer().on('POST specs/check', () =>
        specCheck({ problems: [problem(field)] })
      );
      const { host } = await screen(server, { name: 'train', ...given });
      const place = await open(host, section);
      await settled();
      expect(place.textContent).toContain(`${field} is wrong.`);
    }
  );

  it('is all of it, doubts after the errors are gone', async () => {
    let found: readonly SpecProblem[] = [
      problem('description', { message: 'Too long.' }),
      problem('description', { message: 'Too odd.', hint: 'Write less.' }),
      problem('description', { message: 'Hm.', severity: 'warning' })
    ];
    const server = specServer().on('POST specs/check', () =>
      specCheck({ problems: [...found] })
    );
    const { host, form } = await screen(server, { name: 'train' });
    const place = await open(host, 'basics');
    expect(place.textContent).toContain('Too long. Too odd. Write less.');
    found = found.slice(2);
    await happens(() => {
      form.choose({ description: 'x' });
    });
    await settled();
    expect(place.textContent).toContain('Hm.');
    expect(form.isReady).toBe(true);
  });

  it('about the whole is said above the button', async () => {
    const server = specServer().on('POST specs/check', () =>
      specCheck({ problems: [problem('', { message: 'No workspace.' })] })
    );
    const { host } = await screen(server, { name: 'train' });
    expect(host.querySelector('.jp-ci-send')?.textContent).toContain(
      'No workspace.'
    );
  });
});

describe('the page of a new instance', () => {
  it('suggests a name, and creates what was described', async () => {
    const server = specServer().on('POST instances', () =>
      json(operation('o1', { kind: 'instance.create' }), 202)
    );
    const { host, form } = await screen(server);
    expect(button(host, 'Create').getAttribute('aria-disabled')).toBe('true');
    expect(host.textContent).toContain('It needs a name.');
    await press(host, 'Use amy-pond-ci');
    await settled();
    await press(host, 'Create');
    expect(checked(server)).toMatchObject({ name: 'amy-pond-ci' });
    expect(form.operationId).toBe('o1');
    expect(host.querySelector('h2')?.textContent).toBe('Create amy-pond-ci');
  });

  it('leads to the first problem, into a section that was folded', async () => {
    const server = specServer().on('POST specs/check', () =>
      specCheck({
        problems: [problem('ssh.public_key'), problem('network.subnet_id')]
      })
    );
    const { host } = await screen(server, { name: 'train', withSsh: true });
    await press(host, 'Go to the first');
    await happens(() => vi.advanceTimersByTimeAsync(50));
    expect(document.activeElement).toBe(control(host, 'Public key'));
  });

  it('asks for networks, identities and keys only when their section is opened', async () => {
    const server = specServer();
    const { host } = await screen(server);
    expect(server.count('GET virtual-networks')).toBe(0);
    expect(server.count('GET managed-identities')).toBe(0);
    expect(server.count('GET ssh-keys')).toBe(0);
    await open(host, 'network');
    expect(server.count('GET virtual-networks')).toBeGreaterThan(0);
  });

  it('says which size has no quota, and how to get more', async () => {
    const server = specServer([
      vmSize('Standard_DS11_v2'),
      vmSize('Standard_NC6s_v3', {
        gpus: 1,
        creatable: false,
        reason: 'Only 2 of 6 cores are left.'
      })
    ]).on('POST specs/check', () =>
      specCheck({
        problems: [problem('vm_size', { message: 'Not enough quota.' })]
      })
    );
    const { host } = await screen(server, {
      name: 'train',
      vmSize: 'Standard_NC6s_v3'
    });
    expect(host.textContent).toContain('Only 2 of 6 cores are left.');
    expect(host.textContent).toContain('Not enough quota.');
    expect(host.textContent).toContain(
      'In the region 70 of 100 cores are left'
    );
    expect(
      [...host.querySelectorAll('a')].map(each => each.textContent)
    ).toEqual(['Ask Microsoft for more quota of standardDSv2Family']);
    expect(button(host, 'Create').getAttribute('aria-disabled')).toBe('true');
  });

  it('takes an instance that is there, and says that nothing is created', async () => {
    const { host } = await screen(specServer(), { name: 'in-use' });
    expect(button(host, 'Use existing').getAttribute('aria-disabled')).toBe(
      'false'
    );
    expect(host.textContent).toContain('nothing is created or changed');
  });

  it('says what it costs, or that nobody knows', async () => {
    const server = specServer();
    const { host, form } = await screen(server, { name: 'train' });
    expect(host.textContent).toContain('Price unknown.');
    server.on('POST specs/check', () =>
      specCheck({
        cost: {
          price: {
            amount_per_hour: 0.18,
            currency: 'USD',
            source: 'Azure',
            as_of: '2026-03-01T00:00:00Z'
          },
          per_day: 4.32,
          per_month: 131.4,
          scheduled_per_month: 40
        }
      })
    );
    await happens(() => {
      form.choose({ description: 'x' });
    });
    await settled();
    const cost = host.querySelector('.jp-ci-cost')?.textContent;
    expect(cost).toContain('$4.32');
    expect(cost).toContain('$131.40');
    expect(cost).toContain('A month by its schedules$40.00');
  });

  it('shows the same request in other languages, and what one cannot say', async () => {
    const server = specServer().on('POST specs/code', () => ({
      items: [
        {
          kind: 'arm',
          files: [{ name: 'train.json', language: 'json', text: '{"a": 1}' }],
          command: 'az deployment group create',
          missing: []
        },
        {
          kind: 'az',
          files: [],
          command: null,
          missing: ['custom_applications']
        }
      ]
    }));
    const { host } = await screen(server, { name: 'train' });
    expect(server.count('POST specs/code')).toBe(0);
    await press(host, 'Show as');
    await settled();
    expect(host.querySelector('pre')?.textContent).toBe('{"a": 1}');
    expect(host.textContent).toContain('az deployment group create');
    await press(host, 'az');
    expect(host.textContent).toContain(
      'This language cannot say: custom_applications.'
    );
  });

  it('offers the templates of the administrator', async () => {
    const server = specServer().on('GET specs/defaults', () =>
      specDefaults({
        templates: [
          {
            title: 'GPU',
            description: 'For training',
            version: 1,
            spec: { ...EMPTY_SPEC, idle_shutdown: 'PT30M' }
          }
        ]
      })
    );
    const { host, form } = await screen(server, { name: 'train' });
    await fill(control(host, 'Template'), 'GPU');
    expect(form.draft.idleShutdown).toBe('PT30M');
    expect(form.draft.name).toBe('train');
  });
});

describe('the SSH key', () => {
  it('can be one of the server’s machine, or a new one there', async () => {
    const key = {
      name: 'id_rsa.pub',
      public_key: PUBLIC_KEY,
      type: 'ssh-ed25519',
      fingerprint: 'SHA256:x',
      comment: null
    };
    const server = specServer()
      .on('GET ssh-keys', () => ({ items: [key], folder: '/home/amy/.ssh' }))
      .on('POST ssh-keys', () =>
        json({ ...key, name: 'new.pub', public_key: 'ssh-rsa NEW' }, 201)
      );
    const { host, form } = await screen(server, { withSsh: true });
    const place = await open(host, 'ssh');
    await fill(
      control(place, 'Or a key on the Jupyter server’s machine'),
      'id_rsa.pub'
    );
    expect(form.draft.publicKey).toBe(PUBLIC_KEY);
    await press(place, 'Make it');
    expect(form.draft.publicKey).toBe('ssh-rsa NEW');
  });

  it('that exists is not overwritten, and the form says so', async () => {
    const server = specServer().on('POST ssh-keys', () =>
      refusal(409, 'SshKeyExists', { message: 'There is one.' })
    );
    const { host, form } = await screen(server, { withSsh: true });
    const place = await open(host, 'ssh');
    await press(place, 'Make it');
    expect(place.querySelector('[role=alert]')?.textContent).toContain(
      'There is one.'
    );
    expect(form.draft.publicKey).toBe('');
  });
});

describe('the setup script of the form', () => {
  const INLINE: Partial<IDraft> = {
    name: 'train',
    scripts: {
      ...draftOf(FULL_SPEC).scripts,
      startup: draftOf(EMPTY_SPEC).scripts.startup
    }
  };

  it('begins with one of the gallery, and the text before can be had back', async () => {
    const server = specServer().on('GET setup-scripts', () => ({
      items: [
        {
          id: 'git',
          title: 'Git clone',
          description: 'Clones.',
          phase: 'creation',
          text: 'git clone x',
          arguments: 'main'
        }
      ]
    }));
    const { host, form } = await screen(server, INLINE);
    const place = await open(host, 'scripts');
    await fill(control(place, 'Begin with'), 'git');
    expect(form.draft.scripts.creation).toMatchObject({
      text: 'git clone x',
      arguments: 'main'
    });
    await press(place, 'Back to the text before');
    expect(form.draft.scripts.creation.text).toBe('#!/bin/bash\nset -e\n');
  });

  it('is read from a file of the server', async () => {
    const { host, form } = await screen(specServer(), INLINE);
    const place = await open(host, 'scripts');
    await press(place, 'Choose a file of this Jupyter server…');
    expect(form.draft.scripts.creation.text).toContain('echo server');
  });

  it('leads from a finding to its line', async () => {
    const server = specServer().on('POST setup-scripts/lint', () => ({
      findings: [
        {
          code: 'root',
          severity: 'warning',
          message: 'conda runs as root.',
          source: 'azure',
          hint: null,
          line: 2,
          column: null
        }
      ],
      shellcheck: '0.10'
    }));
    const { host } = await screen(server, INLINE);
    const place = await open(host, 'scripts');
    await settled();
    expect(place.textContent).toContain('conda runs as root.');
    await press(place, 'Line 2');
    const text = control(place, 'Text of the script');
    expect(document.activeElement).toBe(text);
    expect((text as HTMLTextAreaElement).selectionStart).toBe(12);
  });

  it('is saved to the share, over another only after a question', async () => {
    let answer = (): Response => refusal(409, 'ScriptExists');
    const server = specServer()
      .on('PUT scripts/Users%2Fcreation.sh', () => answer())
      .on('GET scripts/Users%2Fcreation.sh', () => ({
        path: 'Users/creation.sh',
        text: 'x',
        size_bytes: 1,
        modified_at: null
      }));
    const { host, form } = await screen(server, INLINE);
    const place = await open(host, 'scripts');
    await press(place, 'Save to the share');
    expect(form.draft.scripts.creation.source).toBe('inline');
    answer = () =>
      json({
        path: 'Users/creation.sh',
        text: 'x',
        size_bytes: 1,
        modified_at: null
      });
    await press(place, 'Overwrite it');
    expect(server.bodies.pop()).toMatchObject({ overwrite: true });
    expect(form.draft.scripts.creation).toMatchObject({
      source: 'workspaceStorage',
      path: 'Users/creation.sh'
    });
  });

  it('is looked for in the share, where only scripts can be chosen', async () => {
    const server = specServer().on('GET share', url => ({
      path: url.searchParams.get('folder') ?? '',
      items:
        url.searchParams.get('folder') === 'Users'
          ? [entry('Users/a.txt', 'file'), entry('Users/setup.sh', 'file')]
          : [entry('Users', 'folder')],
      truncated: false
    }));
    const { host, form } = await screen(server, {
      scripts: {
        creation: {
          ...draftOf(EMPTY_SPEC).scripts.creation,
          source: 'workspaceStorage'
        },
        startup: draftOf(EMPTY_SPEC).scripts.startup
      }
    });
    const place = await open(host, 'scripts');
    await press(place, 'Browse…');
    await choose(place, 'Users');
    await choose(place, 'a.txt');
    expect(form.draft.scripts.creation.path).toBe('');
    await choose(place, 'setup.sh');
    expect(form.draft.scripts.creation.path).toBe('Users/setup.sh');
  });

  it('that failed on the instance has its log one click away', async () => {
    const failed = stopped('train', {
      state: 'SetupFailed',
      script_outcome: {
        phase: 'creation',
        outcome: 'failed',
        exit_status: 3,
        log: 'l1',
        line: 7,
        ended_at: null
      }
    });
    const server = specServer().on('POST instances', () =>
      json(
        operation('o1', {
          kind: 'instance.create',
          target: 'train',
          state: 'failed',
          ended_at: '2026-03-02T12:00:00Z'
        }),
        202
      )
    );
    const { host, form, manager, executed } = await screen(server, INLINE);
    server.on('GET instances', () => ({
      workspace_id: 'w',
      items: [failed],
      total: 1,
      fetched_at: '2026-03-02T12:00:00Z',
      refresh_after_seconds: 30,
      cursor: null,
      stale: false,
      error: null,
      sizes: {}
    }));
    await press(host, 'Create');
    await happens(() => manager.refresh());
    await press(host, 'Show the log');
    expect(executed.pop()).toEqual({
      id: CommandIDs.openLog,
      args: { name: 'train', log: 'l1', line: 7 }
    });
    await press(host, 'Back to the form');
    expect(form.draft.scripts.creation.text).toContain('set -e');
  });
});

/** Choose an entry of the share; beside its name is its size. */
async function choose(place: HTMLElement, name: string): Promise<void> {
  const found = [
    ...place.querySelectorAll<HTMLElement>('.jp-ci-share-entry')
  ].find(each => each.querySelector('.jp-ci-clip')?.textContent === name);
  await happens(async () => {
    found?.click();
    await vi.advanceTimersByTimeAsync(20);
  });
}

function entry(path: string, kind: 'file' | 'folder'): object {
  return {
    path,
    kind,
    name: path.split('/').pop(),
    size_bytes: null,
    modified_at: null
  };
}
