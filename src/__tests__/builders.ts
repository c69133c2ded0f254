/**
 * Things of the API with everything filled in, so that a test names only what it is about.
 */
import type {
  Instance,
  InstanceList,
  Operation,
  VmSize,
  WorkspaceStatus
} from '../api/types';

export const WORKSPACE_ID =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w';

export function instance(
  name: string,
  given: Partial<Instance> = {}
): Instance {
  return {
    name,
    id: `${WORKSPACE_ID}/computes/${name}`,
    location: 'westeurope',
    state: 'Running',
    provisioning_state: 'Succeeded',
    vm_size: 'STANDARD_DS11_V2',
    created_at: '2026-03-01T08:00:00Z',
    modified_at: '2026-03-01T08:00:00Z',
    created_by: { object_id: 'amy', tenant_id: 't', name: 'Amy' },
    assigned_to: null,
    mine: true,
    state_since: '2026-03-02T08:00:00Z',
    last_operation: null,
    errors: [],
    applications: [],
    idle_shutdown: null,
    schedule_count: 0,
    stop_schedule_count: 0,
    in_transition: false,
    actions: ['stop', 'restart', 'delete'],
    operation_id: null,
    script_outcome: null,
    ...given
  };
}

export function stopped(name: string, given: Partial<Instance> = {}): Instance {
  return instance(name, {
    state: 'Stopped',
    actions: ['start', 'delete'],
    ...given
  });
}

export function vmSize(name: string, given: Partial<VmSize> = {}): VmSize {
  return {
    name,
    family: 'standardDSv2Family',
    vcpus: 2,
    gpus: 0,
    memory_gb: 14,
    temporary_disk_mb: null,
    price: {
      amount_per_hour: 0.18,
      currency: 'USD',
      source: 'Azure',
      as_of: '2026-03-01T00:00:00Z'
    },
    quota: { name: 'DSv2', used: 10, limit: 100, remaining: 90 },
    creatable: true,
    reason: null,
    ...given
  };
}

export function instanceList(
  items: readonly Instance[],
  given: Partial<InstanceList> = {}
): InstanceList {
  return {
    workspace_id: WORKSPACE_ID,
    items: [...items],
    total: items.length,
    fetched_at: '2026-03-02T12:00:00Z',
    refresh_after_seconds: 30,
    cursor: null,
    stale: false,
    error: null,
    sizes: { STANDARD_DS11_V2: vmSize('Standard_DS11_v2') },
    ...given
  };
}

export function operation(
  id: string,
  given: Partial<Operation> = {}
): Operation {
  return {
    id,
    kind: 'instance.stop',
    target: 'ds-amy',
    workspace_id: WORKSPACE_ID,
    state: 'running',
    message: 'Stopping',
    created_at: '2026-03-02T12:00:00Z',
    progress: null,
    error: null,
    cancellable: false,
    started_at: '2026-03-02T12:00:00Z',
    ended_at: null,
    detail: null,
    revision: 1,
    ...given
  };
}

export function workspaceStatus(
  given: Partial<WorkspaceStatus> = {}
): WorkspaceStatus {
  return {
    state: 'ready',
    mode: 'azure',
    endpoint: 'https://management.azure.com',
    version: '0.1.0',
    workspace: {
      id: WORKSPACE_ID,
      name: 'w',
      resource_group: 'g',
      subscription_id: 's',
      location: 'westeurope'
    },
    source: 'environment',
    switchable: true,
    identity: null,
    permissions: [],
    sign_in: [],
    this_instance: null,
    error: null,
    ...given
  };
}
