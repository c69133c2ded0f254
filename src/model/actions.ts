/**
 * What a person asks of instances, from the click to Azure's acceptance; no DOM, no dialogs.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient, IPowerOptions } from '../api/client';
import type {
  CreateInstance,
  DryRunScript,
  InstanceAction,
  Operation
} from '../api/types';
import type { IInstanceActions } from '../tokens';
import type { OperationsModel } from './operations';

/**
 * Sends actions and hands the operations that come of them to the operations model.
 */
export class InstanceActions implements IInstanceActions {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {}

  get pending(): ReadonlyMap<string, InstanceAction> {
    return this._pending;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  async run(
    name: string,
    action: InstanceAction,
    options: IPowerOptions = {}
  ): Promise<Operation> {
    this._setPending(name, action);
    try {
      const operation =
        action === 'delete'
          ? await this._client.deleteInstance(name)
          : await this._client.changePower(name, action, options);
      this._operations.adopt(operation);
      return operation;
    } finally {
      this._setPending(name, null);
    }
  }

  async create(request: CreateInstance): Promise<Operation> {
    const operation = await this._client.createInstance(request);
    this._operations.adopt(operation);
    return operation;
  }

  async resize(name: string, vmSize: string): Promise<Operation> {
    const operation = await this._client.resizeInstance(name, vmSize);
    this._operations.adopt(operation);
    return operation;
  }

  async tryScript(request: DryRunScript): Promise<Operation> {
    const operation = await this._client.specs.dryRun(request);
    // Not adopted: who tries a script looks at it.
    this._operations.apply(operation);
    return operation;
  }

  async stopMine(): Promise<readonly Operation[]> {
    const { items } = await this._client.stopMine();
    for (const operation of items) {
      this._operations.adopt(operation);
    }
    return items;
  }

  private _setPending(name: string, action: InstanceAction | null): void {
    const pending = new Map(this._pending);
    if (action === null) {
      pending.delete(name);
    } else {
      pending.set(name, action);
    }
    this._pending = pending;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _pending: ReadonlyMap<string, InstanceAction> = new Map();
}
