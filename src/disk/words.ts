/**
 * What disks and what is on them are called, in words for people; knows the vocabulary of the API
 * and no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  ConsumerKind,
  DiskLevel,
  DiskStatus,
  Filesystem
} from '../api/types';
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatShare,
  formatSpan
} from '../format';

/** Nobody plans further ahead than this. */
const FORESEEABLE_SECONDS = 365 * 24 * 60 * 60;

/** From this share on, what the system keeps for itself is worth a word. */
const NOTABLE_RESERVE = 0.03;

/** Below this share of them, inodes are worth a word. */
const FEW_INODES = 0.1;

/** Whose disks the figures are of, as a title. */
export function diskTitle(
  status: DiskStatus | null,
  trans: TranslationBundle
): string {
  const instance = status?.instance ?? null;
  return instance === null
    ? trans.__('This machine’s disk')
    : trans.__('Disk of %1', instance);
}

/** What the machine uses a file system for. */
export function filesystemName(
  filesystem: Filesystem,
  trans: TranslationBundle
): string {
  const [role] = filesystem.roles;
  if (role === undefined) {
    return filesystem.mount_point;
  }
  switch (role) {
    case 'os':
      return trans.__('OS disk');
    case 'temporary':
      return trans.__('Temporary disk');
    case 'share':
      return trans.__('Notebook share');
    case 'home':
      return trans.__('Home folder');
  }
}

/** A level in a word, or null where there is nothing to say. */
export function levelLabel(
  level: DiskLevel,
  trans: TranslationBundle
): string | null {
  switch (level) {
    case 'ok':
      return null;
    case 'warn':
      return trans.__('low');
    case 'critical':
      return trans.__('critically low');
    case 'unknown':
      return trans.__('unknown');
  }
}

/** "97 of 120 GB", or null where the file system does not say. */
export function usedOfTotal(
  { used_bytes: used, total_bytes: total }: Filesystem,
  trans: TranslationBundle
): string | null {
  if (used === null || total === null) {
    return null;
  }
  const [part, whole] = formatBytesOf(used, total);
  return trans.__('%1 of %2', part, whole);
}

/** "23 GB free", or null where the file system does not say. */
export function freeText(
  { available_bytes: available }: Filesystem,
  trans: TranslationBundle
): string | null {
  return available === null
    ? null
    : trans.__('%1 free', formatBytes(available));
}

/** "12 GB reserved" of what is neither used nor available to this person; null where it is little. */
export function reservedText(
  {
    total_bytes: total,
    used_bytes: used,
    available_bytes: available
  }: Filesystem,
  trans: TranslationBundle
): string | null {
  if (total === null || used === null || available === null) {
    return null;
  }
  const reserved = total - used - available;
  return reserved < total * NOTABLE_RESERVE
    ? null
    : trans.__('%1 reserved', formatBytes(reserved));
}

/** "full in ≈ 6 days", or null where that is not to be expected. */
export function fullInText(
  { full_in_seconds: seconds }: Filesystem,
  trans: TranslationBundle
): string | null {
  return seconds === null || seconds > FORESEEABLE_SECONDS
    ? null
    : trans.__('full in ≈ %1', formatSpan(seconds, trans));
}

/** How fast it grows, for tooltips, or null where that is not known. */
export function growthText(
  { growth_bytes_per_day: growth }: Filesystem,
  trans: TranslationBundle
): string | null {
  if (growth === null) {
    return null;
  }
  const amount = formatBytes(Math.abs(growth));
  return growth < 0
    ? trans.__('Becomes emptier by about %1 a day.', amount)
    : trans.__('Grows by about %1 a day.', amount);
}

/** That there is hardly room for further files, however small; null where there is. */
export function inodesText(
  { available_inodes: available, total_inodes: total }: Filesystem,
  trans: TranslationBundle
): string | null {
  if (available === null || total === null || total === 0) {
    return null;
  }
  const share = available / total;
  return share >= FEW_INODES
    ? null
    : trans.__(
        'Room for %1 more files only (%2 of the inodes).',
        formatCount(available),
        formatShare(share)
      );
}

/** All figures of a file system in a sentence, for screen readers and tooltips. */
export function filesystemSummary(
  filesystem: Filesystem,
  trans: TranslationBundle
): string {
  const used = usedOfTotal(filesystem, trans);
  if (used === null) {
    return filesystem.error ?? trans.__('It does not say how full it is.');
  }
  return [
    trans.__('%1 used', used),
    freeText(filesystem, trans),
    reservedText(filesystem, trans),
    levelLabel(filesystem.level, trans),
    fullInText(filesystem, trans)
  ]
    .filter(part => part !== null)
    .join(', ');
}

/** What a known consumer of space is. */
export function consumerLabel(
  kind: ConsumerKind,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'conda_packages':
      return trans.__('Conda package cache');
    case 'conda_environment':
      return trans.__('Conda environment');
    case 'pip_cache':
      return trans.__('pip cache');
    case 'huggingface_cache':
      return trans.__('Hugging Face cache');
    case 'torch_cache':
      return trans.__('PyTorch cache');
    case 'docker':
      return trans.__('Docker');
    case 'trash':
      return trans.__('Trash');
    case 'checkpoints':
      return trans.__('Notebook checkpoints');
    case 'logs':
      return trans.__('Logs');
    case 'core_dump':
      return trans.__('Core dumps');
    case 'temporary_files':
      return trans.__('Temporary files');
  }
}

/**
 * Consumers that look alike in the treemap, by what people think of them as.
 */
export type ConsumerFamily =
  'packages' | 'environments' | 'models' | 'docker' | 'leftovers' | 'logs';

/** The families, in the order of the legend. */
export const FAMILIES: readonly ConsumerFamily[] = [
  'packages',
  'environments',
  'models',
  'docker',
  'leftovers',
  'logs'
];

/** The family of a consumer. */
export function familyOf(kind: ConsumerKind): ConsumerFamily {
  switch (kind) {
    case 'conda_packages':
    case 'pip_cache':
      return 'packages';
    case 'conda_environment':
      return 'environments';
    case 'huggingface_cache':
    case 'torch_cache':
      return 'models';
    case 'docker':
      return 'docker';
    case 'trash':
    case 'checkpoints':
    case 'temporary_files':
      return 'leftovers';
    case 'logs':
    case 'core_dump':
      return 'logs';
  }
}

/** The name of a family in the legend. */
export function familyLabel(
  family: ConsumerFamily,
  trans: TranslationBundle
): string {
  switch (family) {
    case 'packages':
      return trans.__('Package caches');
    case 'environments':
      return trans.__('Environments');
    case 'models':
      return trans.__('Model caches');
    case 'docker':
      return trans.__('Docker');
    case 'leftovers':
      return trans.__('Trash and leftovers');
    case 'logs':
      return trans.__('Logs and dumps');
  }
}

/** Whether a tool of its owner can remove it, and it comes back when it is needed or is trash. */
export function isSafeToRemove(kind: ConsumerKind): boolean {
  return (
    kind === 'conda_packages' ||
    kind === 'pip_cache' ||
    kind === 'docker' ||
    kind === 'trash'
  );
}

/** How much more or less there is: "+1.2 GB". */
export function changeText(bytes: number): string {
  const sign = bytes < 0 ? '−' : '+';
  return `${sign}${formatBytes(Math.abs(bytes))}`;
}
