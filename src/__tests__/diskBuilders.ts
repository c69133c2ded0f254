/**
 * Disks, scans and cleanups of the API with everything filled in.
 */
import type {
  CleanupPlan,
  CleanupStep,
  DiskStatus,
  Filesystem,
  ScanNode,
  ScanResult,
  ScanStatus
} from '../api/types';

export const GB = 1_000_000_000;

export function filesystem(given: Partial<Filesystem> = {}): Filesystem {
  return {
    mount_point: '/',
    roles: ['os'],
    device: '/dev/sda1',
    type: 'ext4',
    level: 'ok',
    read_only: false,
    total_bytes: 120 * GB,
    used_bytes: 97 * GB,
    available_bytes: 23 * GB,
    total_inodes: 1000,
    available_inodes: 900,
    warn_below_bytes: 5 * GB,
    critical_below_bytes: GB,
    hold_back_below_bytes: 5 * GB,
    growth_bytes_per_day: 3.8 * GB,
    full_in_seconds: 6 * 24 * 3600,
    reason: null,
    error: null,
    ...given
  };
}

export function diskStatus(given: Partial<DiskStatus> = {}): DiskStatus {
  return {
    machine: 'compute_instance',
    instance: 'ds-amy',
    level: 'ok',
    filesystems: [filesystem()],
    standard_os_disk: true,
    measured_at: '2026-03-02T12:00:00Z',
    at_risk: [],
    ...given
  };
}

/** A disk so full that a stop is held back. */
export function fullDisk(): DiskStatus {
  return diskStatus({
    level: 'critical',
    filesystems: [
      filesystem({
        level: 'critical',
        used_bytes: 119.6 * GB,
        available_bytes: 0.4 * GB,
        full_in_seconds: null,
        reason: 'Only 400 MB are left.'
      })
    ],
    at_risk: ['The idle shutdown after 60 minutes.']
  });
}

export function node(
  name: string,
  bytes: number,
  given: Partial<ScanNode> = {}
): ScanNode {
  return {
    name,
    uri: `file:///${name}`,
    kind: 'directory',
    bytes,
    files: 1,
    directories: 0,
    modified_at: '2026-03-01T12:00:00Z',
    consumer: null,
    children: [],
    ...given
  };
}

export function scanResult(
  tree: ScanNode,
  given: Partial<ScanResult> = {}
): ScanResult {
  return {
    root_uri: 'file:///',
    tree,
    consumers: [],
    bytes: tree.bytes,
    files: tree.files,
    directories: tree.directories,
    unreadable: [],
    unreadable_count: 0,
    skipped_mounts: [],
    vanished: 0,
    started_at: '2026-03-02T12:00:00Z',
    ended_at: '2026-03-02T12:00:03Z',
    revisited_directories: 1,
    bytes_before: null,
    before_at: null,
    ...given
  };
}

export function scanStatus(
  result: ScanResult | null,
  given: Partial<ScanStatus> = {}
): ScanStatus {
  return { operation_id: null, result, changes: [], ...given };
}

/** A small disk: a package cache and a home, in which there is a file. */
export function smallTree(): ScanNode {
  return node('/', 100 * GB, {
    uri: 'file:///',
    children: [
      node('anaconda', 60 * GB, {
        files: 10,
        children: [
          node('pkgs', 40 * GB, {
            uri: 'file:///anaconda/pkgs',
            consumer: 'conda_packages',
            children: [
              node('mkl', 30 * GB, { uri: 'file:///anaconda/pkgs/mkl' })
            ]
          }),
          node('envs', 20 * GB, { uri: 'file:///anaconda/envs' })
        ]
      }),
      node('home', 30 * GB, {
        files: 90,
        modified_at: '2026-03-02T12:00:00Z',
        children: [
          node('data.parquet', 30 * GB, {
            uri: 'file:///home/data.parquet',
            kind: 'file'
          })
        ]
      }),
      node('', 10 * GB, { uri: null, kind: 'rest' })
    ]
  });
}

export function cleanupStep(
  id: string,
  given: Partial<CleanupStep> = {}
): CleanupStep {
  return {
    id,
    kind: 'conda_clean',
    title: `Step ${id}`,
    why_safe: 'It is downloaded again.',
    command: ['conda', 'clean', '--all'],
    bytes: 2 * GB,
    available: true,
    reason: null,
    ...given
  };
}

export function cleanupPlan(steps: readonly CleanupStep[]): CleanupPlan {
  return {
    id: 'plan-1',
    steps: [...steps],
    made_at: '2026-03-02T12:00:00Z',
    expires_at: '2026-03-02T12:10:00Z'
  };
}
