/**
 * Environments, kernels and plans of the API with everything filled in.
 */
import type {
  Environment,
  EnvironmentDetails,
  EnvironmentList,
  EnvironmentPlan,
  Kernel,
  Operation,
  Package,
  PlannedPackage
} from '../api/types';
import { operation } from './builders';
import { FakeServer } from './fakeServer';

export const MB = 1_000_000;

export function environment(
  name: string,
  given: Partial<Environment> = {}
): Environment {
  return {
    id: `id-${name}`,
    name,
    prefix: `/envs/${name}`,
    state: 'ok',
    is_base: false,
    is_server: false,
    problem: null,
    writable: true,
    python: '3.12.1',
    r: null,
    package_count: 2,
    bytes: 132 * MB,
    kernels: [],
    modified_at: '2026-03-02T12:00:00Z',
    operation_id: null,
    ...given
  };
}

export function environmentList(
  items: readonly Environment[],
  given: Partial<EnvironmentList['engine']> = {}
): EnvironmentList {
  return {
    items: [...items],
    problems: [],
    measuring: false,
    engine: {
      engine: { name: 'rattler', version: '0.28.0', executable: null },
      others: [],
      note: 'There is no Conda on this machine.',
      channels: ['conda-forge'],
      platform: 'linux-64',
      envs_folder: '/envs',
      offline: false,
      condarc: [],
      ...given
    }
  };
}

export function package_(name: string, given: Partial<Package> = {}): Package {
  return {
    name,
    version: '1.0',
    manager: 'conda',
    build: '0',
    channel: 'conda-forge',
    bytes: MB,
    requested: false,
    ...given
  };
}

export function environmentDetails(
  of: Environment,
  packages: readonly Package[] = [
    package_('numpy', { requested: true }),
    package_('openssl'),
    package_('rich', { manager: 'pip', channel: null })
  ]
): EnvironmentDetails {
  return {
    environment: of,
    packages: [...packages],
    variables: {},
    activation: 'eval "$(activate)"'
  };
}

export function kernel(name: string, given: Partial<Kernel> = {}): Kernel {
  return {
    name,
    display_name: `Python (${name})`,
    language: 'python',
    scope: 'user',
    resource_folder: `/kernels/${name}`,
    argv: ['python'],
    env: {},
    environment_id: null,
    prefix: null,
    state: 'ok',
    problem: null,
    removable: true,
    is_ours: true,
    check: null,
    ...given
  };
}

export function planned(
  name: string,
  given: Partial<PlannedPackage> = {}
): PlannedPackage {
  return {
    name,
    version: '2.0',
    action: 'install',
    build: null,
    channel: 'conda-forge',
    from_version: null,
    download_bytes: 5 * MB,
    installed_bytes: 20 * MB,
    link_script: false,
    ...given
  };
}

export function plan(given: Partial<EnvironmentPlan> = {}): EnvironmentPlan {
  return {
    operation_id: 'plan-1',
    prefix: '/envs/train',
    engine: { name: 'rattler', version: '0.28.0', executable: null },
    packages: [planned('python'), planned('numpy')],
    pip: [],
    download_bytes: 10 * MB,
    install_bytes: 40 * MB,
    available_bytes: 1_000 * MB,
    fits: true,
    reason: null,
    seconds: null,
    warnings: [],
    ...given
  };
}

/** Work on an environment. */
export function work(id: string, given: Partial<Operation> = {}): Operation {
  return operation(id, {
    kind: 'environment.create',
    target: '/envs/train',
    workspace_id: '',
    message: 'Downloading',
    cancellable: true,
    ...given
  });
}

/** A server with environments and kernels, on which a plan is ready as soon as it is asked for. */
export function environmentServer(
  environments: readonly Environment[] = [],
  kernels: readonly Kernel[] = []
): FakeServer {
  return new FakeServer()
    .on('GET environments', () => environmentList(environments))
    .on('GET kernels', () => ({ items: kernels }))
    .on('GET operations', () => ({ items: [], warning: null }))
    .on('GET packages', () => ({
      items: [
        {
          name: 'numpy',
          versions: ['2.1.0', '2.0.0'],
          summary: 'Arrays',
          channel: 'conda-forge'
        }
      ],
      is_more: false
    }))
    .on('POST environments/plan', () =>
      work('plan-1', {
        kind: 'environment.plan',
        state: 'succeeded',
        ended_at: '2026-03-02T12:00:03Z'
      })
    )
    .on('GET environments/plan/plan-1', () => plan());
}
