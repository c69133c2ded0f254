/**
 * Composes the models and decides what is fetched in which order; no DOM, no words for people.
 */
import type { ServerConnection, ServiceManager } from '@jupyterlab/services';
import { DisposableSet } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { CiManagerClient } from '../api/client';
import type { RequestFailure } from '../api/errors';
import type { ICiManager } from '../tokens';
import { InstanceActions } from './actions';
import { CleanupModel } from './cleanup';
import { DiskModel } from './disk';
import { EnvironmentsModel, KernelsModel } from './environments';
import { EnvironmentWork } from './environmentWork';
import { listen } from './events';
import { Freshness } from './freshness';
import { InstancesModel } from './instances';
import { isActive, OperationsModel } from './operations';
import { Preferences } from './preferences';
import { ScanModel } from './scan';
import { Selection } from './selection';
import { SizesModel } from './sizes';
import { WorkspaceModel } from './workspace';

/** How often to ask whether a workspace that is not ready has become so. */
const RECHECK_SECONDS = 15;

/**
 * What the manager is made from.
 */
export interface ICiManagerOptions {
  readonly serverSettings: ServerConnection.ISettings;
  readonly services: Pick<ServiceManager.IManager, 'events'>;
}

/**
 * The compute instances of the server's workspace.
 */
export class CiManager implements ICiManager {
  constructor(options: ICiManagerOptions) {
    this.client = new CiManagerClient(options.serverSettings);
    this.workspace = new WorkspaceModel(this.client);
    this.instances = new InstancesModel(this.client);
    this.operations = new OperationsModel(this.client);
    this.actions = new InstanceActions(this.client, this.operations);
    this.sizes = new SizesModel(this.client);
    this.disk = new DiskModel(this.client, this.operations);
    this.scan = new ScanModel(this.client, this.operations);
    this.cleanup = new CleanupModel(this.client, this.operations);
    this.environments = new EnvironmentsModel(this.client, this.operations);
    this.kernels = new KernelsModel(this.client, this.operations);
    this.environmentWork = new EnvironmentWork(this.client, this.operations);
    this.preferences = new Preferences();
    this.selection = new Selection();
    this._freshness = new Freshness(force => this._fetch(force));

    this.workspace.changed.connect(this._onWorkspaceChanged, this);
    this.instances.changed.connect(this._onInstancesChanged, this);
    this.preferences.changed.connect(this._onPreferencesChanged, this);
    this.operations.updated.connect((_, operation) => {
      if (!isActive(operation)) {
        this._freshness.wake();
      }
    });
    this.operations.startedHere.connect(() => {
      this._freshness.wake();
    });
    const events = listen(options.services, {
      onOperation: operation => {
        this.operations.apply(operation);
      },
      onInstancesChanged: () => {
        this._freshness.wake();
      }
    });
    this._disposables = DisposableSet.from([
      this._freshness,
      this.disk,
      this.scan,
      this.environments,
      this.kernels,
      ...(events === null ? [] : [events])
    ]);
  }

  readonly client: CiManagerClient;
  readonly workspace: WorkspaceModel;
  readonly instances: InstancesModel;
  readonly operations: OperationsModel;
  readonly actions: InstanceActions;
  readonly sizes: SizesModel;
  readonly disk: DiskModel;
  readonly scan: ScanModel;
  readonly cleanup: CleanupModel;
  readonly environments: EnvironmentsModel;
  readonly kernels: KernelsModel;
  readonly environmentWork: EnvironmentWork;
  readonly preferences: Preferences;
  readonly selection: Selection;

  get disposed(): ISignal<this, void> {
    return this._disposed;
  }

  get isDisposed(): boolean {
    return this._disposables.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._disposables.dispose();
    this._disposed.emit();
    Signal.clearData(this);
  }

  watch(): IDisposable {
    return this._freshness.watch();
  }

  async refresh(): Promise<void> {
    const fresh = this._freshness.refresh();
    const machine = Promise.all([
      this.disk.refresh(),
      this.environments.refresh(),
      this.kernels.refresh()
    ]);
    try {
      await fresh;
    } catch (reason) {
      if (!(reason instanceof NotFresh)) {
        throw reason;
      }
      // It is a state of the models by now, which the views show.
    }
    await machine;
  }

  /** Fetch what is due; resolves to the seconds until the next time. */
  private async _fetch(force: boolean): Promise<number> {
    this._fetching = true;
    try {
      return await this._fetchAll(force);
    } finally {
      this._fetching = false;
    }
  }

  private async _fetchAll(force: boolean): Promise<number> {
    const { workspace, instances, operations } = this;
    if (force || !workspace.isReady) {
      await workspace.refresh({ force: force && !workspace.isReady });
    }
    if (workspace.state.status === 'failed') {
      throw new NotFresh(workspace.state.failure);
    }
    if (!workspace.isReady) {
      // Work on this machine needs no workspace.
      await operations.refresh();
      return RECHECK_SECONDS;
    }
    await Promise.all([instances.refresh({ force }), operations.refresh()]);
    return this._afterList();
  }

  private async _afterList(): Promise<number> {
    const { workspace, instances } = this;
    const list = instances.state;
    if (list.status === 'ready' && list.stale === null) {
      if (list.workspaceId !== this._workspaceId) {
        await workspace.refresh();
      }
      return list.refreshAfterSeconds;
    }
    const failure =
      list.status === 'ready'
        ? list.stale
        : list.status === 'failed'
          ? list.failure
          : null;
    if (failure === null) {
      // The workspace changed meanwhile, so the list is about to be fetched anew.
      return 0;
    }
    if (failure.kind === 'refused') {
      // Signed out or denied, perhaps: the workspace knows.
      await workspace.refresh();
      return list.status === 'ready'
        ? list.refreshAfterSeconds
        : RECHECK_SECONDS;
    }
    throw new NotFresh(failure);
  }

  private _onWorkspaceChanged(): void {
    const { state } = this.workspace;
    if (state.status !== 'known') {
      return;
    }
    const id = state.value.workspace?.id ?? null;
    const another = this._workspaceId !== null && id !== this._workspaceId;
    if (another) {
      const list = this.instances.state;
      // When it was chosen in another tab, the list has told so, and is already of the new one.
      if (list.status !== 'ready' || list.workspaceId !== id) {
        this.instances.reset();
      }
      this.sizes.reset();
      this.selection.clear();
    }
    this._workspaceId = id;
    // A fetch that is under way goes on to the list by itself.
    if (!this._fetching && this.workspace.isReady) {
      this._freshness.wake();
    }
  }

  private _onInstancesChanged(): void {
    const { state } = this.instances;
    if (state.status === 'ready') {
      this.selection.retain({
        has: name => this.instances.find(name) !== null
      });
    }
  }

  private _onPreferencesChanged(): void {
    const { autoRefresh } = this.preferences.values;
    this._freshness.automatic = autoRefresh;
    this.disk.automatic = autoRefresh;
    this.environments.automatic = autoRefresh;
    this.kernels.automatic = autoRefresh;
  }

  private readonly _disposables: DisposableSet;
  private readonly _disposed = new Signal<this, void>(this);
  private readonly _freshness: Freshness;
  private _fetching = false;
  private _workspaceId: string | null = null;
}

/**
 * Tells the poll to back off, for a reason that the models already show.
 */
class NotFresh extends Error {
  constructor(readonly failure: RequestFailure) {
    super(failure.kind);
  }
}
