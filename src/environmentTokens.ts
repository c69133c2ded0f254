/**
 * What the extension offers about Conda environments and kernels: interfaces only. It knows neither
 * the DOM nor how anything is fetched.
 */
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { RequestFailure } from './api/errors';
import type {
  ChangePackages,
  CreateEnvironment,
  Environment,
  EnvironmentList,
  Kernel,
  Operation,
  PlanEnvironment,
  RegisterKernel
} from './api/types';

/**
 * Something that is fetched, as far as this tab knows.
 */
export type Fetched<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | {
      readonly status: 'known';
      readonly value: T;
      /** Why it is not newer, or null when it is current. */
      readonly stale: RequestFailure | null;
    };

/**
 * A list that is fetched while someone watches.
 */
export interface IFetchedModel<T> {
  readonly state: Fetched<T>;
  readonly changed: ISignal<unknown, void>;
  /** Keep it current until the result is disposed. */
  watch(): IDisposable;
  /** Fetch it now. */
  refresh(): Promise<void>;
}

/**
 * The Conda environments of the server's machine.
 */
export interface IEnvironmentsModel extends IFetchedModel<EnvironmentList> {
  find(id: string): Environment | null;
}

/**
 * The kernelspecs that Jupyter finds.
 */
export interface IKernelsModel extends IFetchedModel<readonly Kernel[]> {
  /** Emitted when kernels may have come, gone or been renamed: launcher and pickers are outdated. */
  readonly specsChanged: ISignal<unknown, void>;
  /** Those of the environment at a prefix. */
  ofPrefix(prefix: string): readonly Kernel[];
  /** Rejects with a `RequestError`. */
  rename(name: string, displayName: string): Promise<void>;
  /** Rejects with a `RequestError`. */
  remove(name: string): Promise<void>;
}

/**
 * Work on environments and kernels. Every method but `leave` rejects with a `RequestError`.
 */
export interface IEnvironmentWork {
  plan(request: PlanEnvironment): Promise<Operation>;
  create(request: CreateEnvironment): Promise<Operation>;
  change(id: string, request: ChangePackages): Promise<Operation>;
  remove(
    id: string,
    options: { readonly kernels: boolean }
  ): Promise<Operation>;
  registerKernel(request: RegisterKernel): Promise<Operation>;
  checkKernel(name: string): Promise<Operation>;
  /** Nobody looks at one that is under way any more: let a notification tell its end. */
  leave(operation: Operation): void;
}
