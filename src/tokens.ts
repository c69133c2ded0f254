/**
 * What the extension offers to its own views and to other extensions: interfaces and the token.
 * It knows neither the DOM nor how anything is fetched.
 */
import { Token } from '@lumino/coreutils';
import type { IDisposable, IObservableDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient, IPowerOptions } from './api/client';
import type { RequestFailure } from './api/errors';
import type {
  CleanupPlan,
  CleanupReport,
  CreateInstance,
  DiskStatus,
  DryRunScript,
  Instance,
  InstanceAction,
  Operation,
  RunCleanup,
  ScanStatus,
  StartScan,
  VmSize,
  VmSizeList,
  Workspace,
  WorkspaceStatus
} from './api/types';
import type {
  IEnvironmentsModel,
  IEnvironmentWork,
  IKernelsModel
} from './environmentTokens';

export type * from './environmentTokens';

/** The id of the plugin that owns the model and the settings. */
export const PLUGIN_ID = 'jupyter-ci-manager:plugin';

/** The domain of every translated string. */
export const TRANSLATION_DOMAIN = 'jupyter_ci_manager';

/**
 * Where the server stands with Azure, as far as this tab knows.
 */
export type WorkspaceState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'known'; readonly value: WorkspaceStatus };

/**
 * The instances of the workspace, as far as this tab knows.
 */
export type InstancesState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | {
      readonly status: 'ready';
      readonly workspaceId: string;
      readonly items: readonly Instance[];
      /** The VM sizes of the items, by name as the items spell it. */
      readonly sizes: Readonly<Record<string, VmSize>>;
      /** When Azure gave these items. */
      readonly fetchedAt: Date;
      readonly refreshAfterSeconds: number;
      /** Why the items are not newer, or null when they are current. */
      readonly stale: RequestFailure | null;
    };

/**
 * The VM sizes of the region, as far as this tab knows.
 */
export type SizesState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'ready'; readonly value: VmSizeList };

/**
 * How full the disks are of the machine that the server runs on, as far as this tab knows.
 */
export type DiskState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | {
      readonly status: 'known';
      readonly value: DiskStatus;
      /** Why the figures are not newer, or null when they are current. */
      readonly stale: RequestFailure | null;
    };

/**
 * What fills the disk by the newest scan, as far as this tab knows.
 */
export type ScanState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'known'; readonly value: ScanStatus };

/**
 * An instance whose state changed between two lists.
 */
export interface ITransition {
  readonly name: string;
  /** The new state, or null when the instance is gone. */
  readonly state: string | null;
}

/**
 * Which workspace it is, and what the identity may do there.
 */
export interface IWorkspaceModel {
  readonly state: WorkspaceState;
  /** Whether there is a workspace whose instances can be listed. */
  readonly isReady: boolean;
  readonly changed: ISignal<IWorkspaceModel, void>;
  /** Ask the server; with `force` it tries to sign in and to find the workspace anew. */
  refresh(options?: { readonly force?: boolean }): Promise<void>;
  /** The workspaces that can be chosen. Rejects with a `RequestError`. */
  list(signal?: AbortSignal): Promise<readonly Workspace[]>;
  /** Choose another workspace. Rejects with a `RequestError`. */
  select(id: string): Promise<void>;
}

/**
 * The workspace's instances.
 */
export interface IInstancesModel {
  readonly state: InstancesState;
  readonly changed: ISignal<IInstancesModel, void>;
  /** Emitted with what changed between two lists, for live regions. */
  readonly transitions: ISignal<IInstancesModel, readonly ITransition[]>;
  find(name: string): Instance | null;
}

/**
 * Long-running work, whoever started it.
 */
export interface IOperationsModel {
  /** Newest first. */
  readonly items: readonly Operation[];
  /** Why the list could not be fetched, or null. */
  readonly failure: RequestFailure | null;
  /** Why operations are not kept on disk, or null where they are. */
  readonly warning: string | null;
  readonly changed: ISignal<IOperationsModel, void>;
  /** Emitted with each new revision of an operation. */
  readonly updated: ISignal<IOperationsModel, Operation>;
  /** Emitted when this tab has started an operation. */
  readonly startedHere: ISignal<IOperationsModel, Operation>;
  /** The operation under way on an instance, or null. */
  activeOn(name: string): Operation | null;
  /** Remove an operation that has ended. Rejects with a `RequestError`. */
  dismiss(id: string): Promise<void>;
}

/**
 * What a person can do with instances. Every method rejects with a `RequestError`.
 */
export interface IInstanceActions {
  /** What was asked of an instance and has not been answered yet, by instance name. */
  readonly pending: ReadonlyMap<string, InstanceAction>;
  readonly changed: ISignal<IInstanceActions, void>;
  /** With `anyway` a disk that is nearly full does not hold a stop or restart back. */
  run(
    name: string,
    action: InstanceAction,
    options?: IPowerOptions
  ): Promise<Operation>;
  create(request: CreateInstance): Promise<Operation>;
  /** Give a stopped instance another VM size. */
  resize(name: string, vmSize: string): Promise<Operation>;
  /** Run a setup script on the server's machine, to see what it does. */
  tryScript(request: DryRunScript): Promise<Operation>;
  stopMine(): Promise<readonly Operation[]>;
}

/**
 * VM sizes with prices and quota.
 */
export interface ISizesModel {
  readonly state: SizesState;
  readonly changed: ISignal<ISizesModel, void>;
  refresh(options?: { readonly force?: boolean }): Promise<void>;
}

/**
 * How full the disks of the server's machine are.
 */
export interface IDiskModel {
  readonly state: DiskState;
  readonly changed: ISignal<IDiskModel, void>;
  /**
   * Keep the figures current until the result is disposed.
   *
   * #### Notes
   * Apart from `ICiManager.watch`, because the status bar shows them while no panel is open.
   */
  watch(): IDisposable;
  /** Measure anew, now. */
  refresh(): Promise<void>;
}

/**
 * What fills the disk.
 */
export interface IScanModel {
  readonly state: ScanState;
  /** The scan under way, or null. */
  readonly running: Operation | null;
  readonly changed: ISignal<IScanModel, void>;
  /** Keep the newest scan and its progress current until the result is disposed. */
  watch(): IDisposable;
  /** Ask for the newest scan, now. */
  refresh(): Promise<void>;
  /** Start a scan. Rejects with a `RequestError`. */
  start(request?: Partial<StartScan>): Promise<Operation>;
  /** Cancel the one under way. Rejects with a `RequestError`. */
  cancel(): Promise<void>;
}

/**
 * Removing what is not needed. Every method rejects with a `RequestError`.
 */
export interface ICleanupModel {
  /** The cleanup under way, or null. */
  readonly running: Operation | null;
  /** What could be removed; with URIs of files, moving these to the trash. */
  plan(trash?: readonly string[], signal?: AbortSignal): Promise<CleanupPlan>;
  /** Carry out chosen steps of a plan. */
  run(request: RunCleanup): Promise<Operation>;
  /** How the newest cleanup went, as far as it has come; null where there was none. */
  report(): Promise<CleanupReport | null>;
  /** Nobody looks at one that is under way any more: let a notification tell its end. */
  leave(operation: Operation): void;
}

/** By what the list is sorted; a leading hyphen means descending. */
export type SortKey =
  | 'name'
  | 'state'
  | 'size'
  | 'owner'
  | 'uptime'
  | 'cost'
  | 'idle'
  | 'schedules';
export type Sort = SortKey | `-${SortKey}`;

/** Which notifications operations that were started here give. */
export type NotificationLevel = 'all' | 'failures' | 'none';

/**
 * What a person has chosen, as the settings keep it.
 */
export interface IPreferenceValues {
  readonly onlyMine: boolean;
  readonly sort: Sort;
  readonly lastVmSize: string;
  readonly notifications: NotificationLevel;
  readonly autoRefresh: boolean;
  /** Whether the status bar shows how full the disk is. */
  readonly diskMeter: boolean;
  /** Whether long lines of logs are broken. */
  readonly logWrap: boolean;
  /** Whether it is shown when lines of logs arrived. */
  readonly logTimes: boolean;
}

/**
 * The person's choices; kept in memory only where there is no settings registry.
 */
export interface IPreferences {
  readonly values: IPreferenceValues;
  readonly changed: ISignal<IPreferences, void>;
  set<K extends keyof IPreferenceValues>(
    key: K,
    value: IPreferenceValues[K]
  ): void;
}

/**
 * Which rows a person has picked; commands without a name act on them.
 */
export interface ISelection {
  readonly names: ReadonlySet<string>;
  /** The row that has, or would get, the focus. */
  readonly active: string | null;
  readonly changed: ISignal<ISelection, void>;
  activate(name: string | null): void;
  toggle(name: string): void;
  selectOnly(name: string): void;
  /** The same for one that was just created: lists asked for before do not have it yet. */
  selectNew(name: string): void;
  select(names: Iterable<string>): void;
  clear(): void;
}

/**
 * The compute instances of the Jupyter server's workspace.
 */
export interface ICiManager extends IObservableDisposable {
  readonly client: CiManagerClient;
  readonly workspace: IWorkspaceModel;
  readonly instances: IInstancesModel;
  readonly operations: IOperationsModel;
  readonly actions: IInstanceActions;
  readonly sizes: ISizesModel;
  readonly disk: IDiskModel;
  readonly scan: IScanModel;
  readonly cleanup: ICleanupModel;
  readonly environments: IEnvironmentsModel;
  readonly kernels: IKernelsModel;
  readonly environmentWork: IEnvironmentWork;
  readonly preferences: IPreferences;
  readonly selection: ISelection;
  /**
   * Keep instances and operations current until the result is disposed.
   *
   * #### Notes
   * Nothing is fetched while nobody watches: views call this when they are shown.
   */
  watch(): IDisposable;
  /** Ask Azure anew, now. */
  refresh(): Promise<void>;
}

/**
 * The token of the compute instances model.
 */
export const ICiManager = new Token<ICiManager>(
  'jupyter-ci-manager:ICiManager',
  'The Azure Machine Learning compute instances of the server’s workspace.'
);
