/**
 * The sections of the form, and which fields are in which. Pure.
 */
import { topOf } from './draft';

/** In the order in which they are shown. */
export const SECTIONS = [
  'basics',
  'size',
  'scripts',
  'schedules',
  'ssh',
  'network',
  'assigned',
  'identity',
  'applications',
  'data',
  'advanced'
] as const;
export type Section = (typeof SECTIONS)[number];

/** The first parts of the paths of a section's fields. */
const FIELDS: Readonly<Record<Section, readonly string[]>> = {
  basics: ['name', 'description', 'tags'],
  size: ['vm_size'],
  scripts: ['setup_scripts'],
  schedules: ['schedules', 'idle_shutdown'],
  ssh: ['ssh'],
  network: ['network'],
  assigned: ['assigned_to'],
  identity: ['identity'],
  applications: ['application_sharing', 'sso', 'custom_applications'],
  data: ['data_mounts'],
  advanced: [
    'root_access',
    'os_patching',
    'release_quota_on_stop',
    'disable_local_auth',
    'more'
  ]
};

/** The section that has a field; null for the spec as a whole. */
export function sectionOf(field: string): Section | null {
  const top = topOf(field);
  return SECTIONS.find(each => FIELDS[each].includes(top)) ?? null;
}

/** The first parts of the paths of a section's fields. */
export function fieldsOf(section: Section): readonly string[] {
  return FIELDS[section];
}
