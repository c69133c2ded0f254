import { describe, expect, it } from 'vitest';

import { FULL_SPEC } from '../../__tests__/specBuilders';
import { EMPTY_SPEC } from '../../model/specs';
import {
  checkableSpec,
  draftOf,
  EMPTY_APPLICATION,
  EMPTY_DRAFT,
  EMPTY_ENDPOINT,
  EMPTY_MOUNT,
  EMPTY_SCRIPT,
  EMPTY_VOLUME,
  objectOf,
  partsOf,
  problemsOf,
  specOf
} from '../draft';
import type { IDraft, IScriptDraft } from '../draft';

function faults(change: Partial<IDraft>): readonly string[] {
  return problemsOf({ ...EMPTY_DRAFT, ...change }).map(
    ({ fault, field }) => `${field}: ${fault}`
  );
}

function script(given: Partial<IScriptDraft>): Partial<IDraft> {
  return {
    scripts: {
      creation: { ...EMPTY_SCRIPT, ...given },
      startup: EMPTY_SCRIPT
    }
  };
}

describe('a draft', () => {
  it('has all of a spec, and gives it back', () => {
    expect(specOf(draftOf(FULL_SPEC))).toEqual(FULL_SPEC);
    expect(specOf(draftOf(EMPTY_SPEC))).toEqual(EMPTY_SPEC);
  });

  it('of a spec has nothing that keeps it from being one', () => {
    expect(problemsOf(draftOf(FULL_SPEC))).toEqual([]);
    expect(problemsOf(EMPTY_DRAFT)).toEqual([]);
  });

  it('keeps what is switched off, and does not ask for it', () => {
    const draft = { ...draftOf(FULL_SPEC), withSsh: false, onBehalf: false };
    const spec = specOf(draft);
    expect(spec.ssh).toBeNull();
    expect(spec.assigned_to).toBeNull();
    expect(specOf({ ...draft, withSsh: true }).ssh).toEqual(FULL_SPEC.ssh);
  });

  it('takes what is pasted without the spaces and line ends around it', () => {
    const spec = specOf({
      ...EMPTY_DRAFT,
      withSsh: true,
      publicKey: '  ssh-rsa AAAA amy\r\n',
      onBehalf: true,
      objectId: ' o\n',
      tenantId: '\tt ',
      subnetId: ' /subnets/x\n',
      userIdentities: [' /id ', '', '  ']
    });
    expect(spec.ssh).toEqual({ public_key: 'ssh-rsa AAAA amy' });
    expect(spec.assigned_to).toEqual({ object_id: 'o', tenant_id: 't' });
    expect(spec.network?.subnet_id).toBe('/subnets/x');
    expect(spec.identity?.user_assigned).toEqual(['/id']);
  });

  it('asks for no network where nothing is chosen of it', () => {
    expect(specOf(EMPTY_DRAFT).network).toBeNull();
    expect(specOf({ ...EMPTY_DRAFT, publicIp: false }).network).toEqual({
      subnet_id: null,
      public_ip: false
    });
  });

  it('is checked without the parts that cannot be sent, so that all others are judged', () => {
    const draft: IDraft = {
      ...draftOf(FULL_SPEC),
      applications: [EMPTY_APPLICATION],
      more: '{'
    };
    expect(checkableSpec(draft)).toEqual({
      ...FULL_SPEC,
      custom_applications: [],
      more: {}
    });
  });

  it('gives the parts that belong to a field', () => {
    const draft = draftOf(FULL_SPEC);
    expect(partsOf(draft, ['ssh.public_key', 'nonsense'])).toEqual({
      withSsh: true,
      publicKey: draft.publicKey
    });
  });
});

describe('tags', () => {
  it.each([
    ['an empty row', [{ name: '', value: '' }], []],
    ['a value without a name', [{ name: '', value: 'x' }], ['tags: nameless']],
    [
      'a name twice',
      [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' }
      ],
      ['tags.a: twice']
    ],
    ['a name of markup', [{ name: '<b>', value: '"; rm -rf /' }], []]
  ])('%s', (_, tags, wanted) => {
    expect(faults({ tags })).toEqual(wanted);
  });

  it('of hostile names are keys like all others', () => {
    const { tags } = specOf({
      ...EMPTY_DRAFT,
      tags: [{ name: '__proto__', value: 'x' }]
    });
    expect(Object.keys(tags)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });
});

describe('a setup script', () => {
  const data = 'setup_scripts.creation.data';
  const timeout = 'setup_scripts.creation.timeout_minutes';
  it.each<[string, Partial<IScriptDraft>, readonly string[]]>([
    ['none', { source: 'none', timeout: 'x' }, []],
    ['no text', { source: 'inline' }, [`${data}: missing`]],
    ['only spaces', { source: 'inline', text: ' \n' }, [`${data}: missing`]],
    ['no path', { source: 'workspaceStorage' }, [`${data}: missing`]],
    [
      'words for minutes',
      { source: 'inline', text: 'x', timeout: 'ten' },
      [`${timeout}: not_a_number`]
    ],
    [
      'half a minute',
      { source: 'inline', text: 'x', timeout: '0.5' },
      [`${timeout}: not_a_number`]
    ],
    [
      'less than none',
      { source: 'inline', text: 'x', timeout: '-1' },
      [`${timeout}: not_a_number`]
    ],
    [
      'more digits than any number of minutes has',
      { source: 'inline', text: 'x', timeout: '9'.repeat(10) },
      [`${timeout}: not_a_number`]
    ],
    ['a number', { source: 'inline', text: 'x', timeout: ' 30 ' }, []]
  ])('with %s', (_, given, wanted) => {
    expect(faults(script(given))).toEqual(wanted);
  });

  it('is sent as it was written, with all of its line ends', () => {
    const text = '#!/bin/bash\r\n\techo "$1" ` ` \u202e 日本\n\n';
    const spec = specOf({
      ...EMPTY_DRAFT,
      ...script({ source: 'inline', text })
    });
    expect(spec.setup_scripts?.creation?.data).toBe(text);
  });
});

describe('a custom application', () => {
  const at = 'custom_applications.0';
  const good = { ...EMPTY_APPLICATION, name: 'a', image: 'b', endpoints: [] };
  const port = { ...EMPTY_ENDPOINT, target: '80', published: '80' };
  it.each([
    [
      'empty',
      EMPTY_APPLICATION,
      [
        `${at}.name: missing`,
        `${at}.image: missing`,
        `${at}.endpoints.0.target: missing`,
        `${at}.endpoints.0.published: missing`
      ]
    ],
    ['without ports', good, []],
    [
      'a port of words',
      { ...good, endpoints: [{ ...port, target: 'http' }] },
      [`${at}.endpoints.0.target: not_a_number`]
    ],
    [
      'a port in hexadecimal',
      { ...good, endpoints: [{ ...port, published: '0x50' }] },
      [`${at}.endpoints.0.published: not_a_number`]
    ],
    [
      'a variable twice',
      {
        ...good,
        environment: [
          { name: 'A', value: '' },
          { name: 'A', value: '' }
        ]
      },
      [`${at}.environment.A: twice`]
    ],
    [
      'an empty folder',
      { ...good, volumes: [EMPTY_VOLUME] },
      [`${at}.volumes.0.source: missing`, `${at}.volumes.0.target: missing`]
    ]
  ])('%s', (_, application, wanted) => {
    expect(faults({ applications: [application] })).toEqual(wanted);
  });
});

describe('a data mount', () => {
  it('needs a source and a folder', () => {
    expect(faults({ mounts: [EMPTY_MOUNT] })).toEqual([
      'data_mounts.0.source: missing',
      'data_mounts.0.mount_path: missing'
    ]);
  });
});

describe('more properties', () => {
  it.each([
    ['', true],
    ['  \n', true],
    ['{}', true],
    ['{"a": {"b": null}}', true],
    ['[]', false],
    ['null', false],
    ['"text"', false],
    ['{"a":}', false],
    ['{', false]
  ])('%j', (more, isObject) => {
    expect(objectOf(more) !== null).toBe(isObject);
    expect(faults({ more })).toEqual(isObject ? [] : ['more: not_an_object']);
  });
});
