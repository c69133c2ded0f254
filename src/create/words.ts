/**
 * What the form calls its sections, and what each says when it is folded. It knows no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SpecProblem } from '../api/types';
import { idleText, schedulesText } from '../schedules/words';
import { PHASES } from './draft';
import type { DraftFault, IDraft, IDraftProblem, Phase } from './draft';
import type { Section } from './sections';

/** The name of a section. */
export function sectionLabel(
  section: Section,
  trans: TranslationBundle
): string {
  switch (section) {
    case 'basics':
      return trans.__('Name and tags');
    case 'size':
      return trans.__('VM size');
    case 'scripts':
      return trans.__('Setup scripts');
    case 'schedules':
      return trans.__('Schedules and idle shutdown');
    case 'ssh':
      return trans.__('SSH');
    case 'network':
      return trans.__('Network');
    case 'assigned':
      return trans.__('On behalf of');
    case 'identity':
      return trans.__('Managed identity');
    case 'applications':
      return trans.__('Applications');
    case 'data':
      return trans.__('Data');
    case 'advanced':
      return trans.__('Advanced');
  }
}

/** What a section comes to, in a few words. */
export function sectionValue(
  section: Section,
  draft: IDraft,
  trans: TranslationBundle
): string {
  const none = trans.__('none');
  switch (section) {
    case 'basics':
      return draft.name;
    case 'size':
      return draft.vmSize;
    case 'scripts': {
      const used = PHASES.filter(
        phase => draft.scripts[phase].source !== 'none'
      );
      return used.map(phase => phaseLabel(phase, trans)).join(', ') || none;
    }
    case 'schedules':
      return trans.__(
        '%1; idle shutdown %2',
        schedulesText(draft.schedules, trans),
        idleText(draft.idleShutdown, trans)
      );
    case 'ssh':
      return draft.withSsh ? trans.__('on') : trans.__('off');
    case 'network':
      return [
        draft.subnetId.trim() === ''
          ? trans.__('as the workspace has it')
          : (draft.subnetId.trim().split('/').pop() ?? ''),
        ...(draft.publicIp ? [] : [trans.__('no public IP')])
      ].join(', ');
    case 'assigned':
      return draft.onBehalf
        ? draft.objectId.trim() || trans.__('someone else')
        : trans.__('yourself');
    case 'identity':
      return (
        [
          ...(draft.systemIdentity ? [trans.__('system-assigned')] : []),
          ...(draft.userIdentities.length === 0
            ? []
            : [
                trans._n(
                  '%1 user-assigned',
                  '%1 user-assigned',
                  draft.userIdentities.length
                )
              ])
        ].join(', ') || none
      );
    case 'applications':
      return draft.applications.length === 0
        ? sharingText(draft.sharing, trans)
        : trans.__(
            '%1, %2',
            sharingText(draft.sharing, trans),
            trans._n(
              '%1 custom application',
              '%1 custom applications',
              draft.applications.length
            )
          );
    case 'data':
      return draft.mounts.length === 0
        ? none
        : trans._n('%1 mount', '%1 mounts', draft.mounts.length);
    case 'advanced': {
      const set = [
        draft.rootAccess,
        draft.osPatching,
        draft.releaseQuota,
        draft.disableLocalAuth
      ].filter(each => each !== null).length;
      const changed = set + (draft.more.trim() === '' ? 0 : 1);
      return changed === 0
        ? trans.__('as Azure has it')
        : trans._n('%1 changed', '%1 changed', changed);
    }
  }
}

/** The name of a setup script. */
export function phaseLabel(phase: Phase, trans: TranslationBundle): string {
  return phase === 'creation'
    ? trans.__('Creation script')
    : trans.__('Startup script');
}

/** When a setup script runs. */
export function phaseHint(phase: Phase, trans: TranslationBundle): string {
  return phase === 'creation'
    ? trans.__('Runs once, as root, when the instance is created.')
    : trans.__(
        'Runs as root each time the instance starts, the first time included.'
      );
}

/** Who can open the applications. */
export function sharingText(
  sharing: IDraft['sharing'],
  trans: TranslationBundle
): string {
  switch (sharing) {
    case null:
      return trans.__('as Azure has it');
    case 'Personal':
      return trans.__('for its owner only');
    case 'Shared':
      return trans.__('shared with the workspace');
  }
}

/** What keeps a draft from being a spec, in the shape in which the server says what is wrong. */
export function problemOfFault(
  { fault, field }: IDraftProblem,
  trans: TranslationBundle
): SpecProblem {
  return {
    field,
    code: fault,
    message: faultText(fault, trans),
    hint: null,
    severity: 'error'
  };
}

function faultText(fault: DraftFault, trans: TranslationBundle): string {
  switch (fault) {
    case 'missing':
      return trans.__('Fill this in.');
    case 'not_a_number':
      return trans.__('A whole number.');
    case 'twice':
      return trans.__('There are two of this name.');
    case 'nameless':
      return trans.__('A value without a name.');
    case 'not_an_object':
      return trans.__('This is not a JSON object, such as {"key": "value"}.');
  }
}
