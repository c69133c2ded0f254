/**
 * The HTTP API of the server extension, one method per route; holds no state and knows no views.
 */
import type { ServerConnection } from '@jupyterlab/services';

import { EnvironmentsClient } from './environmentsClient';
import { flag, Requests } from './requests';
import type { IRefreshableOptions, IRequestOptions } from './requests';
import { chunkOf } from './response';
import type { ILogChunk } from './response';
import { SpecsClient } from './specsClient';
import type {
  CleanupPlan,
  CleanupStatus,
  CreateInstance,
  DiskStatus,
  InstanceDetails,
  InstanceList,
  LogDiagnosis,
  LogList,
  NameCheck,
  Operation,
  OperationList,
  PowerAction,
  QuotaList,
  RunCleanup,
  ScanStatus,
  SaveScript,
  ScriptFile,
  StartScan,
  UpdateInstance,
  VmSizeList,
  WorkspaceList,
  WorkspaceStatus
} from './types';

/** Long enough for a cold sign-in and a first list; the server has shorter limits of its own. */
const TIMEOUT_SECONDS = 60;

/** The largest page that the server gives. */
const PAGE_SIZE = 5000;

/**
 * What a caller may say about a change of an instance's power.
 */
export interface IPowerOptions {
  /** Stop or restart it even though its disk is nearly full. */
  readonly anyway?: boolean;
}

/**
 * Which log is meant: one of an instance, or what an operation has written.
 */
export type LogAddress =
  | { readonly kind: 'instance'; readonly name: string; readonly log: string }
  | { readonly kind: 'operation'; readonly id: string };

/**
 * From where to read a log, and how long to wait for more.
 */
export interface IReadLogOptions extends IRequestOptions {
  /** In bytes. */
  readonly offset: number;
  /** Which incarnation of the file was read before; empty at first. */
  readonly generation: string;
  readonly waitSeconds: number;
}

/**
 * A client of the routes under `ci-manager/`.
 */
export class CiManagerClient {
  constructor(
    settings: ServerConnection.ISettings,
    timeoutSeconds = TIMEOUT_SECONDS
  ) {
    this._requests = new Requests(settings, timeoutSeconds);
    this.environments = new EnvironmentsClient(this._requests);
    this.specs = new SpecsClient(this._requests);
  }

  /** The routes of environments, packages and kernels. */
  readonly environments: EnvironmentsClient;

  /** The routes of what a new instance is asked to be. */
  readonly specs: SpecsClient;

  /** Where the server stands with Azure. */
  async workspace(options: IRefreshableOptions = {}): Promise<WorkspaceStatus> {
    return this._requests.json({
      path: ['workspace'],
      query: { refresh: flag(options.refresh) },
      signal: options.signal
    });
  }

  /** Choose the workspace with this ARM id. */
  async selectWorkspace(id: string): Promise<WorkspaceStatus> {
    return this._requests.json({
      path: ['workspace'],
      method: 'PUT',
      body: { id }
    });
  }

  /** The workspaces that the identity can see. */
  async workspaces(options: IRequestOptions = {}): Promise<WorkspaceList> {
    return this._requests.json({
      path: ['workspaces'],
      signal: options.signal
    });
  }

  /** One page of the workspace's instances. */
  async instances(
    options: IRefreshableOptions & { readonly cursor?: string } = {}
  ): Promise<InstanceList> {
    return this._requests.json({
      path: ['instances'],
      query: {
        limit: String(PAGE_SIZE),
        cursor: options.cursor,
        refresh: flag(options.refresh)
      },
      signal: options.signal
    });
  }

  /** One instance with all that Azure says of it. */
  async instance(
    name: string,
    options: IRequestOptions = {}
  ): Promise<InstanceDetails> {
    return this._requests.json({
      path: ['instances', name],
      signal: options.signal
    });
  }

  /** Create an instance, or take the one of that name. */
  async createInstance(request: CreateInstance): Promise<Operation> {
    return this._requests.json({
      path: ['instances'],
      method: 'POST',
      body: request
    });
  }

  /** Start, stop or restart an instance. */
  async changePower(
    name: string,
    action: PowerAction,
    options: IPowerOptions = {}
  ): Promise<Operation> {
    return this._requests.json({
      path: ['instances', name, action],
      method: 'POST',
      query: { anyway: flag(options.anyway) }
    });
  }

  /** Change what can be changed of an instance that exists. */
  async updateInstance(
    name: string,
    change: UpdateInstance
  ): Promise<InstanceDetails> {
    return this._requests.json({
      path: ['instances', name],
      method: 'PATCH',
      body: change
    });
  }

  /** Give a stopped instance another VM size. */
  async resizeInstance(name: string, vmSize: string): Promise<Operation> {
    return this._requests.json({
      path: ['instances', name, 'resize'],
      method: 'POST',
      body: { vm_size: vmSize }
    });
  }

  /** Delete an instance and its OS disk. */
  async deleteInstance(name: string): Promise<Operation> {
    return this._requests.json({ path: ['instances', name], method: 'DELETE' });
  }

  /** Stop all running instances of the signed-in identity. */
  async stopMine(): Promise<OperationList> {
    return this._requests.json({ path: ['mine', 'stop'], method: 'POST' });
  }

  /** The VM sizes of the region, with prices and quota. */
  async sizes(options: IRefreshableOptions = {}): Promise<VmSizeList> {
    return this._requests.json({
      path: ['sizes'],
      query: { refresh: flag(options.refresh) },
      signal: options.signal
    });
  }

  /** The quota of cores in the region, as a whole and by family. */
  async quota(options: IRequestOptions = {}): Promise<QuotaList> {
    return this._requests.json({ path: ['quota'], signal: options.signal });
  }

  /** Whether a name can be given to a new instance. */
  async checkName(
    name: string,
    options: IRequestOptions = {}
  ): Promise<NameCheck> {
    return this._requests.json({
      path: ['names', name],
      signal: options.signal
    });
  }

  /** The operations of this user, newest first. */
  async operations(options: IRequestOptions = {}): Promise<OperationList> {
    return this._requests.json({
      path: ['operations'],
      signal: options.signal
    });
  }

  /** Cancel an operation, or forget one that has ended. */
  async dismissOperation(id: string): Promise<void> {
    await this._requests.json({ path: ['operations', id], method: 'DELETE' });
  }

  /** How full the disks are of the machine that the server runs on. */
  async disk(options: IRequestOptions = {}): Promise<DiskStatus> {
    return this._requests.json({ path: ['disk'], signal: options.signal });
  }

  /** What fills the disk, by the newest scan. */
  async scan(options: IRequestOptions = {}): Promise<ScanStatus> {
    return this._requests.json({
      path: ['disk', 'scan'],
      signal: options.signal
    });
  }

  /** Scan a disk. */
  async startScan(request: StartScan): Promise<Operation> {
    return this._requests.json({
      path: ['disk', 'scan'],
      method: 'POST',
      body: request
    });
  }

  /**
   * What could be removed; nothing is.
   *
   * @param trash - URIs of files to move to the trash; none means: what known tools can clean.
   */
  async planCleanup(
    trash: readonly string[] = [],
    options: IRequestOptions = {}
  ): Promise<CleanupPlan> {
    return this._requests.json({
      path: ['disk', 'cleanup', 'plan'],
      method: 'POST',
      body: { trash: [...trash] },
      signal: options.signal
    });
  }

  /** Carry out chosen steps of a plan. */
  async runCleanup(request: RunCleanup): Promise<Operation> {
    return this._requests.json({
      path: ['disk', 'cleanup'],
      method: 'POST',
      body: request
    });
  }

  /** How the newest cleanup went. */
  async cleanup(options: IRequestOptions = {}): Promise<CleanupStatus> {
    return this._requests.json({
      path: ['disk', 'cleanup'],
      signal: options.signal
    });
  }

  /** The logs of an instance, newest first. */
  async logs(name: string, options: IRequestOptions = {}): Promise<LogList> {
    return this._requests.json({
      path: ['instances', name, 'logs'],
      signal: options.signal
    });
  }

  /** Bytes of a log from an offset: at once if there are any, else as soon as there are. */
  async readLog(
    address: LogAddress,
    options: IReadLogOptions
  ): Promise<ILogChunk> {
    const { generation, offset, signal, waitSeconds } = options;
    return this._requests.send(
      {
        path: pathOf(address),
        query: {
          offset: String(offset),
          wait: String(waitSeconds),
          generation: generation === '' ? undefined : generation
        },
        signal
      },
      chunkOf
    );
  }

  /** What a log of an instance comes to. */
  async logDiagnosis(
    name: string,
    log: string,
    options: IRequestOptions = {}
  ): Promise<LogDiagnosis> {
    return this._requests.json({
      path: ['instances', name, 'logs', log, 'diagnosis'],
      signal: options.signal
    });
  }

  /** Where a browser downloads the whole of a log. */
  logDownloadUrl(address: LogAddress): string {
    return this._requests.url({ path: [...pathOf(address), 'content'] });
  }

  /** A setup script in the notebook share. */
  async script(
    path: string,
    options: IRequestOptions = {}
  ): Promise<ScriptFile> {
    return this._requests.json({
      path: ['scripts', path],
      signal: options.signal
    });
  }

  /** Save a setup script to the notebook share. */
  async saveScript(path: string, request: SaveScript): Promise<ScriptFile> {
    return this._requests.json({
      path: ['scripts', path],
      method: 'PUT',
      body: request
    });
  }

  private readonly _requests: Requests;
}

function pathOf(address: LogAddress): readonly string[] {
  return address.kind === 'instance'
    ? ['instances', address.name, 'logs', address.log]
    : ['operations', address.id, 'log'];
}
