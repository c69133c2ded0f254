/**
 * Specs of compute instances as values; no DOM, no words for people.
 */
import type { InstanceSpec, SpecProblem } from '../api/types';

/** A spec that asks for nothing: what is left of it is Azure's default. */
export const EMPTY_SPEC: InstanceSpec = {
  name: '',
  vm_size: '',
  description: null,
  tags: {},
  idle_shutdown: null,
  schedules: [],
  setup_scripts: null,
  ssh: null,
  network: null,
  assigned_to: null,
  identity: null,
  application_sharing: null,
  custom_applications: [],
  data_mounts: [],
  sso: null,
  root_access: null,
  os_patching: null,
  release_quota_on_stop: null,
  disable_local_auth: null,
  more: {}
};

/** The problems of one field and of what is in it; the worst first. */
export function problemsAt(
  problems: readonly SpecProblem[],
  path: string
): readonly SpecProblem[] {
  return problems
    .filter(({ field }) => field === path || field.startsWith(`${path}.`))
    .sort(
      (a, b) =>
        Number(a.severity === 'warning') - Number(b.severity === 'warning')
    );
}
