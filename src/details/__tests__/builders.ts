/**
 * Details of an instance with everything filled in, so that a test names only what it is about.
 */
import { instance, vmSize } from '../../__tests__/builders';
import type { InstanceDetails } from '../../api/types';
import { EMPTY_SPEC } from '../../model/specs';

export function details(
  name: string,
  given: Partial<InstanceDetails> = {}
): InstanceDetails {
  return {
    instance: instance(name),
    resource: {},
    fetched_at: '2026-03-02T12:00:00Z',
    setup_scripts: null,
    spec: { ...EMPTY_SPEC, name, vm_size: 'STANDARD_DS11_V2' },
    vm_size: vmSize('Standard_DS11_v2'),
    os_image: null,
    addresses: null,
    ssh: null,
    running_cost: null,
    firings: [],
    access: [],
    applications_open: true,
    applications_note: null,
    ...given
  };
}
