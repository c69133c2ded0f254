/**
 * Specs, what the server says of them, and a server that knows the routes of the full form.
 */
import type {
  InstanceSpec,
  NameCheck,
  SpecCheck,
  SpecDefaults,
  SpecProblem,
  VmSize
} from '../api/types';
import { EMPTY_SPEC } from '../model/specs';
import { instanceList, stopped, vmSize, workspaceStatus } from './builders';
import { FakeServer } from './fakeServer';

export const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE amy';

/** A spec with all of its fields filled in. */
export const FULL_SPEC: InstanceSpec = {
  name: 'train-gpu',
  vm_size: 'Standard_DS11_v2',
  description: 'For the forecasts',
  tags: { project: 'forecast', owner: 'Amy' },
  idle_shutdown: 'PT60M',
  schedules: [
    {
      action: 'stop',
      cron: '0 18 * * 1-5',
      recurrence: null,
      time_zone: 'Europe/Berlin',
      start_time: null,
      enabled: true,
      id: null
    }
  ],
  setup_scripts: {
    creation: {
      source: 'inline',
      data: '#!/bin/bash\nset -e\n',
      arguments: 'a b',
      timeout_minutes: 30
    },
    startup: {
      source: 'workspaceStorage',
      data: 'Users/amy/start.sh',
      arguments: null,
      timeout_minutes: null
    }
  },
  ssh: { public_key: PUBLIC_KEY },
  network: { subnet_id: '/subscriptions/s/subnets/x', public_ip: false },
  assigned_to: { object_id: 'o', tenant_id: 't' },
  identity: { system_assigned: true, user_assigned: ['/subscriptions/s/id'] },
  application_sharing: 'Personal',
  custom_applications: [
    {
      name: 'mlflow',
      image: 'ghcr.io/mlflow/mlflow:v2.16.0',
      image_type: 'docker',
      endpoints: [
        {
          name: 'connect',
          target: 5000,
          published: 5001,
          protocol: 'http',
          host_ip: null
        }
      ],
      environment: { MLFLOW_PORT: '5000' },
      volumes: [
        {
          source: '/home/azureuser',
          target: '/data',
          type: 'bind',
          read_only: true,
          more: {}
        }
      ],
      privileged: false,
      more: {}
    }
  ],
  data_mounts: [
    {
      source: 'azureml://datastores/d/paths/p',
      mount_path: '/mnt/p',
      source_type: 'URI',
      mount_name: null,
      read_only: true,
      more: {}
    }
  ],
  sso: true,
  root_access: false,
  os_patching: true,
  release_quota_on_stop: true,
  disable_local_auth: false,
  // The schema knows no key of it.
  more: { newProperty: { a: [1] } } as unknown as InstanceSpec['more']
};

export function specCheck(given: Partial<SpecCheck> = {}): SpecCheck {
  return { problems: [], vm_size: null, cost: null, firings: [], ...given };
}

export function problem(
  field: string,
  given: Partial<SpecProblem> = {}
): SpecProblem {
  return {
    field,
    code: 'Invalid',
    message: `${field} is wrong.`,
    hint: null,
    severity: 'error',
    ...given
  };
}

export function specDefaults(given: Partial<SpecDefaults> = {}): SpecDefaults {
  return { spec: EMPTY_SPEC, locked: [], templates: [], ...given };
}

export function nameCheck(
  name: string,
  given: Partial<NameCheck> = {}
): NameCheck {
  return {
    name,
    available: true,
    reason: null,
    message: null,
    suggestion: null,
    existing: false,
    ...given
  };
}

/** A server with a workspace, in which every name is free and nothing is wrong with any spec. */
export function specServer(
  sizes: readonly VmSize[] = [vmSize('Standard_DS11_v2')]
): FakeServer {
  const server = new FakeServer()
    .on('GET workspace', () =>
      workspaceStatus({
        identity: {
          kind: 'user',
          name: 'Amy Pond',
          object_id: 'amy',
          tenant_id: 'tenant-of-amy'
        }
      })
    )
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET instances', () => instanceList([stopped('in-use')]))
    .on('GET sizes', () => ({
      location: 'westeurope',
      items: sizes,
      fetched_at: '2026-03-02T12:00:00Z'
    }))
    .on('GET quota', () => ({
      location: 'westeurope',
      regional: { name: 'Total', used: 30, limit: 100, remaining: 70 },
      families: [],
      fetched_at: '2026-03-02T12:00:00Z'
    }))
    .on('GET specs/defaults', () => specDefaults())
    .on('POST specs/check', () => specCheck())
    .on('POST specs/code', () => ({ items: [] }))
    .on('GET setup-scripts', () => ({ items: [] }))
    .on('POST setup-scripts/lint', () => ({ findings: [], shellcheck: null }))
    .on('GET virtual-networks', () => ({ items: [], error: null }))
    .on('GET managed-identities', () => ({ items: [], error: null }))
    .on('GET ssh-keys', () => ({ items: [], folder: '/home/amy/.ssh' }))
    .on('GET time-zones', () => ({ items: ['UTC'], local: 'UTC' }))
    .on('POST schedules/preview', () => ({ firings: [], problems: [] }));
  for (const name of ['train', 'train-gpu', 'amy-pond-ci']) {
    server.on(`GET names/${name}`, () => nameCheck(name));
  }
  return server;
}
