/**
 * Environments, kernels and work on them in words for people; knows the vocabulary and no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  Engine,
  EngineStatus,
  Environment,
  EnvironmentPhase,
  Kernel,
  PlannedPackage
} from '../api/types';
import { formatBytes } from '../format';
import { displayNameOf, titleOf } from './draft';
import type { DraftProblem, IDraft, Source, Step } from './draft';
import type { EnvironmentNameProblem } from './environmentNames';
import { LONGEST_NAME } from './environmentNames';

/** What an environment is called. */
export function environmentTitle({
  name,
  prefix
}: Pick<Environment, 'name' | 'prefix'>): string {
  return name ?? prefix.split(/[\\/]/).filter(Boolean).pop() ?? prefix;
}

/** Python and R with their versions; null where it has neither. */
export function languagesText(
  { python, r }: Environment,
  trans: TranslationBundle
): string | null {
  const parts = [
    ...(python === null ? [] : [trans.__('Python %1', python)]),
    ...(r === null ? [] : [trans.__('R %1', r)])
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}

/** The second line of an environment's row. */
export function environmentFacts(
  environment: Environment,
  trans: TranslationBundle
): string {
  const { bytes, kernels, problem, state } = environment;
  if (state !== 'ok') {
    return [stateLabel(state, trans), problem]
      .filter(each => each !== null)
      .join(' · ');
  }
  return [
    languagesText(environment, trans) ?? trans.__('No Python, no R'),
    bytes === null ? null : formatBytes(bytes),
    trans._n('%1 kernel', '%1 kernels', kernels.length)
  ]
    .filter(each => each !== null)
    .join(' · ');
}

export function stateLabel(
  state: Environment['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'ok':
      return trans.__('Ready');
    case 'broken':
      return trans.__('Broken');
    case 'incomplete':
      return trans.__('Half-made');
  }
}

/** Why an environment cannot be changed or removed here, or null where it can. */
export function whyProtected(
  { is_base: isBase, is_server: isServer, writable }: Environment,
  trans: TranslationBundle
): string | null {
  if (isServer) {
    return trans.__('This Jupyter server runs in it.');
  }
  if (isBase) {
    return trans.__('It is the base environment, which Conda itself lives in.');
  }
  return writable ? null : trans.__('You may not write to its folder.');
}

/** What an engine is called. */
export function engineText(
  { name, version }: Engine,
  trans: TranslationBundle
): string {
  const title =
    name === 'rattler' ? trans.__('Built-in engine (rattler)') : name;
  return version === null ? title : `${title} ${version}`;
}

/** The channels in use, in one line. */
export function channelsText(
  channels: readonly string[],
  status: EngineStatus | null
): string {
  return (channels.length > 0 ? channels : (status?.channels ?? [])).join(', ');
}

export function sourceLabel(source: Source, trans: TranslationBundle): string {
  switch (source) {
    case 'python':
      return trans.__('Python');
    case 'r':
      return trans.__('R');
    case 'pytorch-cpu':
      return trans.__('PyTorch, CPU');
    case 'pytorch-gpu':
      return trans.__('PyTorch, GPU');
    case 'file':
      return trans.__('From a file');
    case 'lock':
      return trans.__('From a lock file');
    case 'clone':
      return trans.__('Copy of an environment');
  }
}

/** What a source is good for. */
export function sourceCaption(
  source: Source,
  trans: TranslationBundle
): string {
  switch (source) {
    case 'python':
      return trans.__('Python and what you add to it');
    case 'r':
      return trans.__('R and what you add to it');
    case 'pytorch-cpu':
      return trans.__('Python with PyTorch, for any machine');
    case 'pytorch-gpu':
      return trans.__('Python with PyTorch and CUDA; a large download');
    case 'file':
      return trans.__('environment.yml or requirements.txt');
    case 'lock':
      return trans.__(
        'Exactly the same packages again: conda-lock, pixi.lock or an explicit list'
      );
    case 'clone':
      return trans.__('All packages of one that is there');
  }
}

export function stepLabel(step: Step, trans: TranslationBundle): string {
  switch (step) {
    case 'source':
      return trans.__('Source');
    case 'place':
      return trans.__('Name and place');
    case 'packages':
      return trans.__('Packages');
    case 'kernel':
      return trans.__('Kernel');
    case 'review':
      return trans.__('Review');
  }
}

/** What is chosen in a step, for the list of steps; empty where there is nothing to say. */
export function stepValue(
  step: Step,
  draft: IDraft,
  environments: readonly Environment[],
  trans: TranslationBundle
): string {
  switch (step) {
    case 'source': {
      const label = sourceLabel(draft.source, trans);
      if (draft.source === 'clone') {
        const original = environments.find(each => each.id === draft.cloneOf);
        return original === undefined
          ? label
          : trans.__('Copy of %1', environmentTitle(original));
      }
      if (draft.source === 'file' || draft.source === 'lock') {
        return draft.file?.name ?? label;
      }
      return draft.version === '' ? label : `${label} ${draft.version}`;
    }
    case 'place':
      return titleOf(draft);
    case 'packages': {
      const added = draft.specs.length + draft.pip.length;
      return added === 0
        ? trans.__('None added')
        : trans._n('%1 added', '%1 added', added);
    }
    case 'kernel':
      return draft.withKernel
        ? titleOf(draft) === '' && draft.displayName === ''
          ? trans.__('Yes')
          : displayNameOf(draft)
        : trans.__('None');
    case 'review':
      return '';
  }
}

export function nameProblemText(
  problem: EnvironmentNameProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'empty':
      return trans.__('Letters, digits, “.”, “_” and “-”.');
    case 'too_long':
      return trans.__('At most %1 characters.', LONGEST_NAME);
    case 'starts_wrong':
      return trans.__('Begin with a letter or digit.');
    case 'ends_wrong':
      return trans.__('Do not end with a period.');
    case 'character':
      return trans.__('Only letters from A to Z, digits, “.”, “_” and “-”.');
    case 'reserved':
      return trans.__('Conda keeps this name for itself.');
    case 'existing':
      return trans.__('There is an environment of this name already.');
  }
}

export function problemText(
  problem: DraftProblem,
  trans: TranslationBundle
): string {
  switch (problem.kind) {
    case 'no_file':
      return trans.__('Choose a file.');
    case 'no_clone':
      return trans.__('Choose an environment.');
    case 'name':
      return nameProblemText(problem.problem, trans);
    case 'prefix':
      return trans.__('Give the whole path of a new folder.');
    case 'prefix_taken':
      return trans.__('There is an environment in this folder already.');
    case 'variable':
      return problem.name === ''
        ? trans.__('Give every variable a name.')
        : trans.__(
            '“%1” is no name for a variable: use letters, digits and “_”.',
            problem.name
          );
  }
}

export function phaseLabel(
  phase: EnvironmentPhase,
  trans: TranslationBundle
): string {
  switch (phase) {
    case 'solve':
      return trans.__('Solve');
    case 'download':
      return trans.__('Download');
    case 'link':
      return trans.__('Install');
    case 'pip':
      return trans.__('Install with pip');
    case 'kernel':
      return trans.__('Add the kernel');
    case 'remove':
      return trans.__('Remove');
  }
}

export function actionLabel(
  action: PlannedPackage['action'],
  trans: TranslationBundle
): string {
  switch (action) {
    case 'install':
      return trans.__('New');
    case 'update':
      return trans.__('Update');
    case 'downgrade':
      return trans.__('Downgrade');
    case 'remove':
      return trans.__('Remove');
  }
}

/** Where a kernel lies, and for whom. */
export function scopeLabel(
  scope: Kernel['scope'],
  trans: TranslationBundle
): string {
  switch (scope) {
    case 'user':
      return trans.__('Only for you');
    case 'environment':
      return trans.__('With Jupyter’s own environment');
    case 'system':
      return trans.__('For everybody on this machine');
  }
}
