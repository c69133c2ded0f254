/**
 * A new instance while a person describes it, as a form holds it: text as it was typed, and what is
 * switched off but was filled in. Pure: no DOM, no words for people.
 */
import type {
  ApplicationVolume,
  CustomApplication,
  DataMount,
  InstanceSchedule,
  InstanceSpec,
  SetupScript
} from '../api/types';
import { EMPTY_SPEC } from '../model/specs';

/** A name with a value: a tag, a variable. */
export interface IPair {
  readonly name: string;
  readonly value: string;
}

export type Phase = 'creation' | 'startup';
export const PHASES: readonly Phase[] = ['creation', 'startup'];

/** A setup script; what of its sources is not chosen is kept for when it is chosen again. */
export interface IScriptDraft {
  readonly source: 'none' | SetupScript['source'];
  /** In the notebook share. */
  readonly path: string;
  readonly text: string;
  readonly arguments: string;
  /** In minutes; empty for Azure's own. */
  readonly timeout: string;
}

export interface IEndpointDraft {
  readonly name: string;
  readonly target: string;
  readonly published: string;
  readonly protocol: CustomApplication['endpoints'][number]['protocol'];
  readonly hostIp: string;
}

export interface IApplicationDraft {
  readonly name: string;
  readonly image: string;
  readonly imageType: CustomApplication['image_type'];
  readonly endpoints: readonly IEndpointDraft[];
  readonly environment: readonly IPair[];
  readonly volumes: readonly ApplicationVolume[];
  readonly privileged: boolean;
  readonly more: CustomApplication['more'];
}

/** Everything that a person can choose. */
export interface IDraft {
  readonly name: string;
  readonly vmSize: string;
  readonly description: string;
  readonly tags: readonly IPair[];
  readonly idleShutdown: string | null;
  readonly schedules: readonly InstanceSchedule[];
  readonly scripts: Readonly<Record<Phase, IScriptDraft>>;
  readonly withSsh: boolean;
  readonly publicKey: string;
  readonly subnetId: string;
  readonly publicIp: boolean;
  readonly onBehalf: boolean;
  readonly objectId: string;
  readonly tenantId: string;
  readonly systemIdentity: boolean;
  readonly userIdentities: readonly string[];
  readonly sharing: InstanceSpec['application_sharing'];
  readonly sso: boolean | null;
  readonly applications: readonly IApplicationDraft[];
  readonly mounts: readonly DataMount[];
  readonly rootAccess: boolean | null;
  readonly osPatching: boolean | null;
  readonly releaseQuota: boolean | null;
  readonly disableLocalAuth: boolean | null;
  /** A JSON object, as text; empty for none. */
  readonly more: string;
}

export const EMPTY_SCRIPT: IScriptDraft = {
  source: 'none',
  path: '',
  text: '',
  arguments: '',
  timeout: ''
};

export const EMPTY_ENDPOINT: IEndpointDraft = {
  name: 'connect',
  target: '',
  published: '',
  protocol: 'http',
  hostIp: ''
};

export const EMPTY_VOLUME: ApplicationVolume = {
  source: '',
  target: '',
  type: 'bind',
  read_only: false,
  more: {}
};

export const EMPTY_APPLICATION: IApplicationDraft = {
  name: '',
  image: '',
  imageType: 'docker',
  endpoints: [EMPTY_ENDPOINT],
  environment: [],
  volumes: [],
  privileged: false,
  more: {}
};

export const EMPTY_MOUNT: DataMount = {
  source: '',
  mount_path: '',
  source_type: 'URI',
  mount_name: null,
  read_only: true,
  more: {}
};

/** What is wrong with a draft before anyone is asked: it is no spec yet. */
export type DraftFault =
  'missing' | 'not_a_number' | 'twice' | 'nameless' | 'not_an_object';

export interface IDraftProblem {
  /** The path that the field has in a spec. */
  readonly field: string;
  readonly fault: DraftFault;
}

/** The draft of a spec. */
export function draftOf(spec: InstanceSpec): IDraft {
  return {
    name: spec.name,
    vmSize: spec.vm_size,
    description: spec.description ?? '',
    tags: pairsOf(spec.tags),
    idleShutdown: spec.idle_shutdown,
    schedules: spec.schedules,
    scripts: {
      creation: scriptDraft(spec.setup_scripts?.creation ?? null),
      startup: scriptDraft(spec.setup_scripts?.startup ?? null)
    },
    withSsh: spec.ssh !== null,
    publicKey: spec.ssh?.public_key ?? '',
    subnetId: spec.network?.subnet_id ?? '',
    publicIp: spec.network?.public_ip ?? true,
    onBehalf: spec.assigned_to !== null,
    objectId: spec.assigned_to?.object_id ?? '',
    tenantId: spec.assigned_to?.tenant_id ?? '',
    systemIdentity: spec.identity?.system_assigned ?? false,
    userIdentities: spec.identity?.user_assigned ?? [],
    sharing: spec.application_sharing,
    sso: spec.sso,
    applications: spec.custom_applications.map(applicationDraft),
    mounts: spec.data_mounts,
    rootAccess: spec.root_access,
    osPatching: spec.os_patching,
    releaseQuota: spec.release_quota_on_stop,
    disableLocalAuth: spec.disable_local_auth,
    more:
      Object.keys(spec.more).length === 0
        ? ''
        : JSON.stringify(spec.more, null, 2)
  };
}

export const EMPTY_DRAFT: IDraft = draftOf(EMPTY_SPEC);

/** What is asked for; of a draft with problems it is what can be made of it. */
export function specOf(draft: IDraft): InstanceSpec {
  const creation = scriptOf(draft.scripts.creation);
  const startup = scriptOf(draft.scripts.startup);
  const subnetId = draft.subnetId.trim();
  const identities = draft.userIdentities
    .map(each => each.trim())
    .filter(each => each !== '');
  return {
    name: draft.name,
    vm_size: draft.vmSize,
    description: orNull(draft.description),
    tags: recordOf(draft.tags),
    idle_shutdown: draft.idleShutdown,
    schedules: [...draft.schedules],
    setup_scripts:
      creation === null && startup === null ? null : { creation, startup },
    ssh: draft.withSsh ? { public_key: draft.publicKey.trim() } : null,
    network:
      subnetId === '' && draft.publicIp
        ? null
        : { subnet_id: orNull(subnetId), public_ip: draft.publicIp },
    assigned_to: draft.onBehalf
      ? { object_id: draft.objectId.trim(), tenant_id: draft.tenantId.trim() }
      : null,
    identity:
      draft.systemIdentity || identities.length > 0
        ? { system_assigned: draft.systemIdentity, user_assigned: identities }
        : null,
    application_sharing: draft.sharing,
    custom_applications: draft.applications.map(applicationOf),
    data_mounts: draft.mounts.map(each => ({
      ...each,
      mount_name: orNull(each.mount_name ?? '')
    })),
    sso: draft.sso,
    root_access: draft.rootAccess,
    os_patching: draft.osPatching,
    release_quota_on_stop: draft.releaseQuota,
    disable_local_auth: draft.disableLocalAuth,
    more: objectOf(draft.more) ?? {}
  };
}

/** What keeps a draft from being a spec. */
export function problemsOf(draft: IDraft): readonly IDraftProblem[] {
  const problems: IDraftProblem[] = [
    ...pairProblems('tags', draft.tags),
    ...PHASES.flatMap(phase => scriptProblems(phase, draft.scripts[phase])),
    ...draft.applications.flatMap(applicationProblems),
    ...draft.mounts.flatMap(({ source, mount_path }, index) => [
      ...missing(`data_mounts.${index}.source`, source),
      ...missing(`data_mounts.${index}.mount_path`, mount_path)
    ])
  ];
  if (objectOf(draft.more) === null) {
    problems.push({ field: 'more', fault: 'not_an_object' });
  }
  return problems;
}

/**
 * The spec of a draft for asking what is wrong with it: without the parts that cannot be sent yet,
 * so that all others are judged.
 */
export function checkableSpec(draft: IDraft): InstanceSpec {
  const parts = new Set(problemsOf(draft).map(({ field }) => topOf(field)));
  const left = Object.fromEntries(
    Object.entries(EMPTY_SPEC).filter(([key]) => parts.has(key))
  ) as Partial<InstanceSpec>;
  return { ...specOf(draft), ...left };
}

/** What of a draft holds fields of a spec, and all that belongs together with them. */
export function partsOf(
  draft: IDraft,
  fields: readonly string[]
): Partial<IDraft> {
  const keys = new Set(fields.flatMap(field => PARTS[topOf(field)] ?? []));
  return Object.fromEntries(
    Object.entries(draft).filter(([key]) => keys.has(key as keyof IDraft))
  );
}

/** By the first part of a field's path. */
const PARTS: Readonly<Record<string, readonly (keyof IDraft)[]>> = {
  name: ['name'],
  vm_size: ['vmSize'],
  description: ['description'],
  tags: ['tags'],
  idle_shutdown: ['idleShutdown'],
  schedules: ['schedules'],
  setup_scripts: ['scripts'],
  ssh: ['withSsh', 'publicKey'],
  network: ['subnetId', 'publicIp'],
  assigned_to: ['onBehalf', 'objectId', 'tenantId'],
  identity: ['systemIdentity', 'userIdentities'],
  application_sharing: ['sharing'],
  sso: ['sso'],
  custom_applications: ['applications'],
  data_mounts: ['mounts'],
  root_access: ['rootAccess'],
  os_patching: ['osPatching'],
  release_quota_on_stop: ['releaseQuota'],
  disable_local_auth: ['disableLocalAuth'],
  more: ['more']
};

/** The first part of a field's path. */
export function topOf(field: string): string {
  return field.split('.', 1)[0] ?? field;
}

/** The object that a JSON text is; an empty text is an empty one; null where it is none. */
export function objectOf(text: string): InstanceSpec['more'] | null {
  if (text.trim() === '') {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as InstanceSpec['more'])
      : null;
  } catch (reason) {
    if (reason instanceof SyntaxError) {
      return null;
    }
    throw reason;
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}

function pairsOf(record: Readonly<Record<string, string>>): IPair[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

/** Pairs without a name are left out. */
function recordOf(pairs: readonly IPair[]): Record<string, string> {
  return Object.fromEntries(
    pairs
      .filter(({ name }) => name !== '')
      .map(({ name, value }) => [name, value])
  );
}

/** A port or a number of minutes. */
function numberOf(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
}

function scriptDraft(script: SetupScript | null): IScriptDraft {
  if (script === null) {
    return EMPTY_SCRIPT;
  }
  const { source, data } = script;
  return {
    source,
    path: source === 'inline' ? '' : data,
    text: source === 'inline' ? data : '',
    arguments: script.arguments ?? '',
    timeout:
      script.timeout_minutes === null ? '' : String(script.timeout_minutes)
  };
}

function scriptOf(draft: IScriptDraft): SetupScript | null {
  const { source, path, text, timeout } = draft;
  return source === 'none'
    ? null
    : {
        source,
        data: source === 'inline' ? text : path.trim(),
        arguments: orNull(draft.arguments),
        timeout_minutes: timeout.trim() === '' ? null : numberOf(timeout)
      };
}

function scriptProblems(phase: Phase, draft: IScriptDraft): IDraftProblem[] {
  const { source, path, text, timeout } = draft;
  const field = `setup_scripts.${phase}`;
  if (source === 'none') {
    return [];
  }
  return [
    ...missing(`${field}.data`, source === 'inline' ? text : path),
    ...(timeout.trim() === ''
      ? []
      : notANumber(`${field}.timeout_minutes`, timeout))
  ];
}

function applicationDraft(application: CustomApplication): IApplicationDraft {
  return {
    name: application.name,
    image: application.image,
    imageType: application.image_type,
    endpoints: application.endpoints.map(each => ({
      name: each.name,
      target: String(each.target),
      published: String(each.published),
      protocol: each.protocol,
      hostIp: each.host_ip ?? ''
    })),
    environment: pairsOf(application.environment),
    volumes: application.volumes,
    privileged: application.privileged,
    more: application.more
  };
}

function applicationOf(draft: IApplicationDraft): CustomApplication {
  return {
    name: draft.name,
    image: draft.image.trim(),
    image_type: draft.imageType,
    endpoints: draft.endpoints.map(each => ({
      name: each.name,
      target: numberOf(each.target),
      published: numberOf(each.published),
      protocol: each.protocol,
      host_ip: orNull(each.hostIp)
    })),
    environment: recordOf(draft.environment),
    volumes: [...draft.volumes],
    privileged: draft.privileged,
    more: draft.more
  };
}

function applicationProblems(
  application: IApplicationDraft,
  index: number
): IDraftProblem[] {
  const field = `custom_applications.${index}`;
  return [
    ...missing(`${field}.name`, application.name),
    ...missing(`${field}.image`, application.image),
    ...application.endpoints.flatMap(({ target, published }, at) => [
      ...notANumber(`${field}.endpoints.${at}.target`, target),
      ...notANumber(`${field}.endpoints.${at}.published`, published)
    ]),
    ...pairProblems(`${field}.environment`, application.environment),
    ...application.volumes.flatMap(({ source, target }, at) => [
      ...missing(`${field}.volumes.${at}.source`, source),
      ...missing(`${field}.volumes.${at}.target`, target)
    ])
  ];
}

function pairProblems(field: string, pairs: readonly IPair[]): IDraftProblem[] {
  const names = pairs.map(({ name }) => name);
  return pairs.flatMap(({ name, value }, index): IDraftProblem[] => {
    if (name === '') {
      return value === '' ? [] : [{ field, fault: 'nameless' }];
    }
    return names.indexOf(name) < index
      ? [{ field: `${field}.${name}`, fault: 'twice' }]
      : [];
  });
}

function missing(field: string, text: string): IDraftProblem[] {
  return text.trim() === '' ? [{ field, fault: 'missing' }] : [];
}

function notANumber(field: string, text: string): IDraftProblem[] {
  return Number.isNaN(numberOf(text))
    ? [{ field, fault: text.trim() === '' ? 'missing' : 'not_a_number' }]
    : [];
}
