/**
 * The routes of environments, packages and kernels, one method each; holds no state.
 */
import type {
  IRefreshableOptions,
  IRequestOptions,
  Requests
} from './requests';
import { flag } from './requests';
import type {
  ChangePackages,
  CreateEnvironment,
  EnvironmentDetails,
  EnvironmentExport,
  EnvironmentList,
  EnvironmentPlan,
  ExportFormat,
  Kernel,
  KernelList,
  Operation,
  PackageSearch,
  PlanEnvironment,
  RegisterKernel
} from './types';

/**
 * A client of `environments/`, `packages` and `kernels/`. Its methods reject with a `RequestError`.
 */
export class EnvironmentsClient {
  constructor(private readonly _requests: Requests) {}

  /** All environments, with what creates them. */
  async list(options: IRefreshableOptions = {}): Promise<EnvironmentList> {
    return this._requests.json({
      path: ['environments'],
      query: { refresh: flag(options.refresh) },
      signal: options.signal
    });
  }

  /** One environment with its packages. */
  async details(
    id: string,
    options: IRequestOptions = {}
  ): Promise<EnvironmentDetails> {
    return this._requests.json({
      path: ['environments', id],
      signal: options.signal
    });
  }

  /** Make an environment. */
  async create(request: CreateEnvironment): Promise<Operation> {
    return this._requests.json({
      path: ['environments'],
      method: 'POST',
      body: request
    });
  }

  /** Install, update and remove packages. */
  async change(id: string, request: ChangePackages): Promise<Operation> {
    return this._requests.json({
      path: ['environments', id, 'packages'],
      method: 'POST',
      body: request
    });
  }

  /** Remove an environment, and its kernels where that is wanted. */
  async remove(
    id: string,
    options: { readonly kernels: boolean }
  ): Promise<Operation> {
    return this._requests.json({
      path: ['environments', id],
      method: 'DELETE',
      query: { kernels: options.kernels ? '1' : '0' }
    });
  }

  /** An environment as a file. */
  async export(
    id: string,
    format: ExportFormat,
    options: IRequestOptions = {}
  ): Promise<EnvironmentExport> {
    return this._requests.json({
      path: ['environments', id, 'export'],
      query: { format },
      signal: options.signal
    });
  }

  /** Begin to work out what creating or changing comes to; nothing is changed. */
  async plan(request: PlanEnvironment): Promise<Operation> {
    return this._requests.json({
      path: ['environments', 'plan'],
      method: 'POST',
      body: request
    });
  }

  /** What an operation has worked out. */
  async planned(
    operationId: string,
    options: IRequestOptions = {}
  ): Promise<EnvironmentPlan> {
    return this._requests.json({
      path: ['environments', 'plan', operationId],
      signal: options.signal
    });
  }

  /** Packages of the channels by a part of their name; without channels, of the configured ones. */
  async packages(
    text: string,
    channels: readonly string[],
    options: IRequestOptions = {}
  ): Promise<PackageSearch> {
    return this._requests.json({
      path: ['packages', 'search'],
      method: 'POST',
      body: { text, channels: [...channels] },
      signal: options.signal
    });
  }

  /** All kernelspecs that Jupyter finds. */
  async kernels(options: IRequestOptions = {}): Promise<KernelList> {
    return this._requests.json({ path: ['kernels'], signal: options.signal });
  }

  /** Make a kernel of an environment. */
  async registerKernel(request: RegisterKernel): Promise<Operation> {
    return this._requests.json({
      path: ['kernels'],
      method: 'POST',
      body: request
    });
  }

  /** Give a kernel another name for people. */
  async renameKernel(name: string, displayName: string): Promise<Kernel> {
    return this._requests.json({
      path: ['kernels', name],
      method: 'PUT',
      body: { display_name: displayName }
    });
  }

  /** Remove a kernelspec. */
  async removeKernel(name: string): Promise<void> {
    await this._requests.json({ path: ['kernels', name], method: 'DELETE' });
  }

  /** Start a kernel, run `1+1` in it, and shut it down. */
  async checkKernel(name: string): Promise<Operation> {
    return this._requests.json({
      path: ['kernels', name, 'check'],
      method: 'POST'
    });
  }
}
