/**
 * Environments and kernels of the server's machine; fetched while someone watches; no DOM, no words
 * for people.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type {
  Environment,
  EnvironmentList,
  Kernel,
  Operation
} from '../api/types';
import type {
  Fetched,
  IEnvironmentsModel,
  IKernelsModel
} from '../environmentTokens';
import { FreshModel } from './freshModel';
import { isActive } from './operations';
import type { OperationsModel } from './operations';

/** Programs in a terminal make environments and kernels, too. */
const CALM_SECONDS = 60;
/** Sizes of environments are worked out one after the other. */
const MEASURING_SECONDS = 1;
/** Events tell the progress; this is for where none come. */
const WORKING_SECONDS = 2;

/** Whether an operation works on environments or kernels, and not only on a plan. */
export function worksOnEnvironments({ kind }: Operation): boolean {
  return (
    kind !== 'environment.plan' &&
    (kind.startsWith('environment.') || kind.startsWith('kernel.'))
  );
}

/**
 * What environments and kernels have in common: the work that changes them.
 */
abstract class EnvironmentFacts<T> extends FreshModel<Fetched<T>> {
  constructor(private readonly _operations: OperationsModel) {
    super({ status: 'loading' });
    _operations.updated.connect((_, operation) => {
      const isKnown = this._underWay.has(operation.id);
      if (isActive(operation) === isKnown || !isAboutThis(operation)) {
        return;
      }
      if (isKnown) {
        this._underWay.delete(operation.id);
      } else {
        this._underWay.add(operation.id);
      }
      this.freshness.wake();
    });
  }

  /** Whether to fetch by the clock as well, or only when asked or told; work is always followed. */
  set automatic(value: boolean) {
    this._automatic = value;
    this._heedClock();
  }

  protected abstract ask(): Promise<T>;

  protected override async fetch(): Promise<number> {
    const before = this.state;
    try {
      this.become({ status: 'known', value: await this.ask(), stale: null });
    } catch (reason) {
      const failure = RequestError.failureOf(reason);
      this.become(
        before.status === 'known'
          ? { ...before, stale: failure }
          : { status: 'failed', failure }
      );
      throw reason;
    }
    if (this._heedClock()) {
      await this._operations.refresh();
      return WORKING_SECONDS;
    }
    return this.isMoreToCome ? MEASURING_SECONDS : CALM_SECONDS;
  }

  /** Whether the server has said that it will know more in a moment, of which no event tells. */
  protected get isMoreToCome(): boolean {
    return false;
  }

  /** Fetch by the clock where that is wanted or needed; returns whether work is under way. */
  private _heedClock(): boolean {
    const working = this._operations.items.some(
      each => isAboutThis(each) && isActive(each)
    );
    this.freshness.automatic = this._automatic || working || this.isMoreToCome;
    return working;
  }

  private _automatic = true;
  /** The operations that were last heard of as being under way. */
  private readonly _underWay = new Set<string>();
}

function isAboutThis({ kind }: Operation): boolean {
  return kind.startsWith('environment.') || kind.startsWith('kernel.');
}

/**
 * The environments as the server last told them.
 */
export class EnvironmentsModel
  extends EnvironmentFacts<EnvironmentList>
  implements IEnvironmentsModel
{
  constructor(
    private readonly _client: CiManagerClient,
    operations: OperationsModel
  ) {
    super(operations);
  }

  find(id: string): Environment | null {
    return this.state.status === 'known'
      ? (this.state.value.items.find(each => each.id === id) ?? null)
      : null;
  }

  protected override get isMoreToCome(): boolean {
    return this.state.status === 'known' && this.state.value.measuring;
  }

  protected override ask(): Promise<EnvironmentList> {
    return this._client.environments.list();
  }
}

const NO_KERNELS: readonly Kernel[] = [];

/**
 * The kernels as the server last told them.
 */
export class KernelsModel
  extends EnvironmentFacts<readonly Kernel[]>
  implements IKernelsModel
{
  constructor(
    private readonly _client: CiManagerClient,
    operations: OperationsModel
  ) {
    super(operations);
    operations.updated.connect((_, operation) => {
      if (worksOnEnvironments(operation) && !isActive(operation)) {
        this._specsChanged.emit();
      }
    });
  }

  get specsChanged(): ISignal<this, void> {
    return this._specsChanged;
  }

  ofPrefix(prefix: string): readonly Kernel[] {
    return this.state.status === 'known'
      ? this.state.value.filter(each => each.prefix === prefix)
      : NO_KERNELS;
  }

  async rename(name: string, displayName: string): Promise<void> {
    await this._client.environments.renameKernel(name, displayName);
    this._specsChanged.emit();
    await this.refresh();
  }

  async remove(name: string): Promise<void> {
    await this._client.environments.removeKernel(name);
    this._specsChanged.emit();
    await this.refresh();
  }

  protected override async ask(): Promise<readonly Kernel[]> {
    return (await this._client.environments.kernels()).items;
  }

  private readonly _specsChanged = new Signal<this, void>(this);
}
