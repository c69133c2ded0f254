import { describe, expect, it } from 'vitest';

import {
  environment,
  environmentList
} from '../../__tests__/environmentBuilders';
import {
  displayNameOf,
  EMPTY_DRAFT,
  problemsOf,
  requestOf,
  sourceOfFile
} from '../draft';
import type { IDraft } from '../draft';
import { freeName, nameProblem } from '../environmentNames';

const LIST = environmentList([environment('train')]);

function draft(given: Partial<IDraft>): IDraft {
  return { ...EMPTY_DRAFT, name: 'new', ...given };
}

describe('the name of an environment', () => {
  it.each([
    ['', 'empty'],
    ['a'.repeat(121), 'too_long'],
    ['-x', 'starts_wrong'],
    ['..', 'starts_wrong'],
    ['ünder', 'starts_wrong'],
    ['a/b', 'character'],
    ['a b', 'character'],
    ['a:b', 'character'],
    ['größe', 'character'],
    ['a.', 'ends_wrong'],
    ['Base', 'reserved'],
    ['train', 'existing']
  ])('%j is refused as %s', (name, problem) => {
    expect(nameProblem(name, LIST.items)).toBe(problem);
  });

  it.each(['a', 'py3.12', 'A_b-c', 'x'.repeat(120)])('%s is taken', name => {
    expect(nameProblem(name, LIST.items)).toBeNull();
  });

  it('of a copy is the next one that is free', () => {
    const taken = ['train', 'train-2'].map(name => environment(name));
    expect(freeName('train', taken)).toBe('train-3');
    expect(freeName('train-2', taken)).toBe('train-3');
  });
});

describe('what is asked of the server', () => {
  it('is the template with its version, and what was added to it', () => {
    const request = requestOf(
      draft({
        source: 'pytorch-gpu',
        version: '3.12',
        specs: ['pandas>=2'],
        pip: ['rich']
      })
    );
    expect(request.specs).toEqual(['python=3.12', 'pytorch-gpu', 'pandas>=2']);
    expect(request.pip).toEqual(['rich']);
    expect(request.name).toBe('new');
    expect(request.prefix).toBeNull();
  });

  it('is a kernel of R for an environment of R', () => {
    const request = requestOf(draft({ source: 'r' }));
    expect(request.specs).toEqual(['r-base']);
    expect(request.kernel).toEqual({
      display_name: 'R (new)',
      name: null,
      language: 'R',
      scope: 'user',
      env: {}
    });
  });

  it('is nothing beside the original for a copy, whatever was chosen before', () => {
    const request = requestOf(
      draft({
        source: 'clone',
        cloneOf: 'id-train',
        specs: ['numpy'],
        file: {
          name: 'environment.yml',
          path: 'environment.yml',
          content: null
        }
      })
    );
    expect(request).toMatchObject({
      clone_of: 'id-train',
      specs: [],
      file: null
    });
  });

  it('is a file with packages beside it', () => {
    const file = {
      name: 'environment.yml',
      path: 'a/environment.yml',
      content: null
    };
    const request = requestOf(
      draft({ source: 'file', file, specs: ['numpy'] })
    );
    expect(request).toMatchObject({ file, specs: ['numpy'], clone_of: null });
  });

  it('has the variables that have a name', () => {
    const { kernel } = requestOf(
      draft({
        variables: [
          { name: 'OMP_NUM_THREADS', value: '4' },
          { name: '', value: '' }
        ]
      })
    );
    expect(kernel?.env).toEqual({ OMP_NUM_THREADS: '4' });
  });

  it('has no kernel where none is wanted', () => {
    expect(requestOf(draft({ withKernel: false })).kernel).toBeNull();
  });

  it('names a folder instead of a name', () => {
    const request = requestOf(
      draft({ elsewhere: true, prefix: '/data/project/.conda' })
    );
    expect(request).toMatchObject({
      name: null,
      prefix: '/data/project/.conda'
    });
    expect(request.kernel?.display_name).toBe('Python (.conda)');
  });
});

describe('what is missing', () => {
  it.each<[string, Partial<IDraft>, string]>([
    ['a file', { source: 'file' }, 'no_file'],
    [
      'an empty file',
      { source: 'lock', file: { name: 'pixi.lock', content: ' ', path: null } },
      'no_file'
    ],
    ['an original', { source: 'clone' }, 'no_clone'],
    ['a name', { name: '' }, 'name'],
    ['a whole path', { elsewhere: true, prefix: 'envs/x' }, 'prefix'],
    [
      'a free folder',
      { elsewhere: true, prefix: '/envs/train/' },
      'prefix_taken'
    ],
    [
      'the name of a variable',
      { variables: [{ name: '1A', value: 'x' }] },
      'variable'
    ]
  ])('is %s', (_, given, kind) => {
    expect(problemsOf(draft(given), LIST).map(each => each.kind)).toEqual([
      kind
    ]);
  });

  it('is nothing of a kernel that is not wanted', () => {
    const given = draft({
      withKernel: false,
      variables: [{ name: '1A', value: 'x' }]
    });
    expect(problemsOf(given, LIST)).toEqual([]);
  });
});

describe('a kernel', () => {
  it('is called as was filled in, else after the environment', () => {
    expect(displayNameOf(draft({}))).toBe('Python (new)');
    expect(displayNameOf(draft({ displayName: ' Mine ' }))).toBe('Mine');
  });
});

describe('a file', () => {
  it.each([
    ['environment.yml', 'file'],
    ['environment-gpu.yaml', 'file'],
    ['requirements.txt', 'file'],
    ['requirements-dev.txt', 'file'],
    ['conda-lock.yml', 'lock'],
    ['pixi.lock', 'lock'],
    ['explicit.txt', 'lock'],
    ['conda-linux-64.lock', 'lock'],
    ['docker-compose.yml', null],
    ['notes.txt', null],
    ['poetry.lock', null]
  ])('%s is a %s', (name, source) => {
    expect(sourceOfFile(name)).toBe(source);
  });
});
