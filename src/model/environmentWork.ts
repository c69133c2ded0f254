/**
 * Work on environments and kernels, from the click to the operation; no DOM, no words for people.
 */
import type { CiManagerClient } from '../api/client';
import type {
  ChangePackages,
  CreateEnvironment,
  Operation,
  PlanEnvironment,
  RegisterKernel
} from '../api/types';
import type { IEnvironmentWork } from '../environmentTokens';
import type { OperationsModel } from './operations';

/**
 * Sends what a person asks for and hands the operation that comes of it to the operations model.
 *
 * #### Notes
 * Plans, creations and changes are not adopted: who starts one looks at its progress. A page that
 * is left says so, and from then on a notification follows it.
 */
export class EnvironmentWork implements IEnvironmentWork {
  constructor(
    private readonly _client: CiManagerClient,
    private readonly _operations: OperationsModel
  ) {}

  async plan(request: PlanEnvironment): Promise<Operation> {
    return this._apply(await this._client.environments.plan(request));
  }

  async create(request: CreateEnvironment): Promise<Operation> {
    return this._apply(await this._client.environments.create(request));
  }

  async change(id: string, request: ChangePackages): Promise<Operation> {
    return this._apply(await this._client.environments.change(id, request));
  }

  async remove(
    id: string,
    options: { readonly kernels: boolean }
  ): Promise<Operation> {
    return this._adopt(await this._client.environments.remove(id, options));
  }

  async registerKernel(request: RegisterKernel): Promise<Operation> {
    return this._adopt(await this._client.environments.registerKernel(request));
  }

  async checkKernel(name: string): Promise<Operation> {
    return this._adopt(await this._client.environments.checkKernel(name));
  }

  leave(operation: Operation): void {
    this._operations.adopt(operation);
  }

  private _apply(operation: Operation): Operation {
    this._operations.apply(operation);
    return operation;
  }

  private _adopt(operation: Operation): Operation {
    this._operations.adopt(operation);
    return operation;
  }
}
