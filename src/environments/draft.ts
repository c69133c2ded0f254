/**
 * A new environment while a person describes it: what is chosen, what is missing, and the request
 * that comes of it. Pure: no DOM, no words for people.
 */
import type {
  CreateEnvironment,
  EngineName,
  EnvironmentFile,
  EnvironmentList,
  KernelLanguage,
  KernelRequest
} from '../api/types';
import { nameProblem } from './environmentNames';
import type { EnvironmentNameProblem } from './environmentNames';

/** What an environment is made from. */
export type Source =
  'python' | 'r' | 'pytorch-cpu' | 'pytorch-gpu' | 'file' | 'lock' | 'clone';

/** The steps before it is made, in their order. */
export const STEPS = [
  'source',
  'place',
  'packages',
  'kernel',
  'review'
] as const;
export type Step = (typeof STEPS)[number];

/** A variable of the kernel. */
export interface IVariable {
  readonly name: string;
  readonly value: string;
}

/** Everything that a person can choose. */
export interface IDraft {
  readonly source: Source;
  /** Of Python or R; empty for the newest. */
  readonly version: string;
  readonly file: EnvironmentFile | null;
  /** The id of an environment. */
  readonly cloneOf: string | null;
  /** Whether it goes to a folder of its own choice instead of among the others. */
  readonly elsewhere: boolean;
  readonly name: string;
  readonly prefix: string;
  /** Instead of the configured ones; none means: those. */
  readonly channels: readonly string[];
  /** Null for the one that the server chooses. */
  readonly engine: EngineName | null;
  readonly specs: readonly string[];
  readonly pip: readonly string[];
  readonly withKernel: boolean;
  /** Empty for one made from the name. */
  readonly displayName: string;
  /** Null for the one that the source suggests. */
  readonly language: KernelLanguage | null;
  readonly scope: KernelRequest['scope'];
  readonly variables: readonly IVariable[];
}

export const EMPTY_DRAFT: IDraft = {
  source: 'python',
  version: '',
  file: null,
  cloneOf: null,
  elsewhere: false,
  name: '',
  prefix: '',
  channels: [],
  engine: null,
  specs: [],
  pip: [],
  withKernel: true,
  displayName: '',
  language: null,
  scope: 'user',
  variables: []
};

/** What keeps a step from being complete. */
export type DraftProblem =
  | { readonly step: 'source'; readonly kind: 'no_file' | 'no_clone' }
  | {
      readonly step: 'place';
      readonly kind: 'name';
      readonly problem: EnvironmentNameProblem;
    }
  | { readonly step: 'place'; readonly kind: 'prefix' | 'prefix_taken' }
  | {
      readonly step: 'kernel';
      readonly kind: 'variable';
      readonly name: string;
    };

/** What a source begins with, apart from the version. */
const TEMPLATES: Readonly<
  Record<
    Source,
    { readonly versioned: string | null; readonly specs: readonly string[] }
  >
> = {
  python: { versioned: 'python', specs: [] },
  r: { versioned: 'r-base', specs: [] },
  'pytorch-cpu': { versioned: 'python', specs: ['pytorch-cpu'] },
  'pytorch-gpu': { versioned: 'python', specs: ['pytorch-gpu'] },
  file: { versioned: null, specs: [] },
  lock: { versioned: null, specs: [] },
  clone: { versioned: null, specs: [] }
};

/** The package whose version is chosen with the source, or null. */
export function versionedPackage(source: Source): string | null {
  return TEMPLATES[source].versioned;
}

/** What the source asks for by itself. */
export function sourceSpecs({ source, version }: IDraft): readonly string[] {
  const { versioned, specs } = TEMPLATES[source];
  if (versioned === null) {
    return specs;
  }
  return [version === '' ? versioned : `${versioned}=${version}`, ...specs];
}

/** Whether packages can be added to what the source has. */
export function takesPackages({ source }: IDraft): boolean {
  return source !== 'clone' && source !== 'lock';
}

/** The language of the kernel. */
export function languageOf({ language, source }: IDraft): KernelLanguage {
  return language ?? (source === 'r' ? 'R' : 'python');
}

/** What the environment is called, or is going to be. */
export function titleOf({ elsewhere, name, prefix }: IDraft): string {
  return elsewhere ? (prefix.split(/[\\/]/).filter(Boolean).pop() ?? '') : name;
}

/** What the kernel is called in the launcher. */
export function displayNameOf(draft: IDraft): string {
  const given = draft.displayName.trim();
  if (given !== '') {
    return given;
  }
  const language = languageOf(draft) === 'R' ? 'R' : 'Python';
  return `${language} (${titleOf(draft)})`;
}

/** The folder it goes to, as far as that is known. */
export function prefixOf(
  draft: IDraft,
  list: EnvironmentList | null
): string | null {
  if (draft.elsewhere) {
    return draft.prefix;
  }
  return list === null
    ? null
    : `${list.engine.envs_folder.replace(/\/$/, '')}/${draft.name}`;
}

/** What is missing or wrong, in the order of the steps. */
export function problemsOf(
  draft: IDraft,
  list: EnvironmentList | null
): readonly DraftProblem[] {
  const problems: DraftProblem[] = [];
  const { source, file, cloneOf } = draft;
  if ((source === 'file' || source === 'lock') && !isGiven(file)) {
    problems.push({ step: 'source', kind: 'no_file' });
  }
  if (source === 'clone' && cloneOf === null) {
    problems.push({ step: 'source', kind: 'no_clone' });
  }
  if (draft.elsewhere) {
    if (!/^(\/|[A-Za-z]:[\\/])./.test(draft.prefix)) {
      problems.push({ step: 'place', kind: 'prefix' });
    } else if (
      list?.items.some(
        each => each.prefix === draft.prefix.replace(/[\\/]+$/, '')
      ) === true
    ) {
      problems.push({ step: 'place', kind: 'prefix_taken' });
    }
  } else {
    const problem = nameProblem(draft.name, list?.items ?? []);
    if (problem !== null) {
      problems.push({ step: 'place', kind: 'name', problem });
    }
  }
  const ofKernel = draft.withKernel ? kernelProblem(draft) : null;
  return ofKernel === null ? problems : [...problems, ofKernel];
}

/** What is wrong with the kernel, or null. */
export function kernelProblem({ variables }: IDraft): DraftProblem | null {
  const bad = variables.find(
    ({ name, value }) =>
      (name !== '' || value !== '') && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  );
  return bad === undefined
    ? null
    : { step: 'kernel', kind: 'variable', name: bad.name };
}

function isGiven(file: EnvironmentFile | null): boolean {
  return (
    file !== null &&
    ((file.content ?? '').trim() !== '' || (file.path ?? '') !== '')
  );
}

/** What the server is asked for. */
export function requestOf(draft: IDraft): CreateEnvironment {
  const { source } = draft;
  const isFile = source === 'file' || source === 'lock';
  const adds = takesPackages(draft);
  return {
    name: draft.elsewhere ? null : draft.name,
    prefix: draft.elsewhere ? draft.prefix : null,
    specs: adds ? [...sourceSpecs(draft), ...draft.specs] : [],
    pip: adds ? [...draft.pip] : [],
    file: isFile ? draft.file : null,
    clone_of: source === 'clone' ? draft.cloneOf : null,
    channels: [...draft.channels],
    kernel: draft.withKernel ? kernelOf(draft) : null,
    engine: draft.engine
  };
}

/** The kernel that the server is asked for. */
export function kernelOf(draft: IDraft): KernelRequest {
  return {
    display_name: displayNameOf(draft),
    name: null,
    language: languageOf(draft),
    scope: draft.scope,
    env: Object.fromEntries(
      draft.variables
        .filter(({ name }) => name !== '')
        .map(({ name, value }) => [name, value])
    )
  };
}

/** Which kind of source a file is, by its name; null where it describes no environment. */
export function sourceOfFile(name: string): 'file' | 'lock' | null {
  const lower = name.toLowerCase();
  if (
    /(^|[.-])(conda-lock\.ya?ml|pixi\.lock)$/.test(lower) ||
    /^(explicit|spec-file|conda-[a-z]+-[0-9a-z]+)(\..*)?\.(txt|lock)$/.test(
      lower
    )
  ) {
    return 'lock';
  }
  if (
    /^(environment|env|conda)([._-].*)?\.ya?ml$/.test(lower) ||
    /^requirements([._-].*)?\.txt$/.test(lower)
  ) {
    return 'file';
  }
  return null;
}
