/**
 * Turns every stop or restart that a full disk held back into one question, whether the server
 * refused it at once or Azure did later; no DOM.
 */
import { RequestError } from '../api/errors';
import type { ErrorBody, InstanceAction, Operation } from '../api/types';
import { askStopAtRisk, cleanupLink } from '../dialogs/stopAtRiskDialog';
import type { IStopAtRisk } from '../dialogs/stopAtRiskDialog';
import { isAboutDisk } from '../model/disk';
import { isActive } from '../model/operations';
import { ownMachine } from '../model/workspace';
import { notifyFailure } from '../notify';
import { actionOf, actionTitle } from '../words';
import type { ICommandContext } from './context';
import { CommandIDs } from './ids';

/**
 * Asks about one after the other.
 */
export class StopsAtRisk {
  constructor(private readonly _context: ICommandContext) {
    const { operations } = _context.manager;
    operations.startedHere.connect((_, operation) => {
      if (isStopOrRestart(actionOf(operation.kind))) {
        this._followed.add(operation.id);
        this._onUpdated(operation);
      }
    });
    operations.updated.connect((_, operation) => {
      this._onUpdated(operation);
    });
  }

  /** Take over a refusal; false where it is not about a disk. */
  takeOver(name: string, action: InstanceAction, reason: unknown): boolean {
    if (!(reason instanceof RequestError) || !isStopOrRestart(action)) {
      return false;
    }
    const { failure } = reason;
    if (failure.kind !== 'refused' || !isAboutDisk(failure.error)) {
      return false;
    }
    this._ask(name, action, failure.error);
    return true;
  }

  private _onUpdated(operation: Operation): void {
    if (isActive(operation) || !this._followed.delete(operation.id)) {
      return;
    }
    const { error, kind, target } = operation;
    const action = actionOf(kind);
    if (error !== null && isAboutDisk(error) && isStopOrRestart(action)) {
      this._ask(target, action, error);
    }
  }

  private _ask(
    name: string,
    action: IStopAtRisk['action'],
    error: ErrorBody
  ): void {
    this._last = this._last
      .then(() => this._askNow(name, action, error))
      .catch((reason: unknown) => {
        console.error('The question about a full disk failed.', reason);
      });
  }

  private async _askNow(
    name: string,
    action: IStopAtRisk['action'],
    error: ErrorBody
  ): Promise<void> {
    const { commands, manager, trans } = this._context;
    const instance = manager.instances.find(name);
    const { state } = manager.instances;
    const size =
      instance !== null && state.status === 'ready'
        ? state.sizes[instance.vm_size]
        : undefined;
    const isOwn = ownMachine(manager.workspace.state) === name;
    const decision = await askStopAtRisk(
      { name, action, error, instance, price: size?.price ?? null, isOwn },
      trans
    );
    if (decision === 'clean_up') {
      const link = isOwn ? null : cleanupLink(instance);
      if (link !== null) {
        window.open(link.endpoint_uri, '_blank', 'noopener,noreferrer');
        return;
      }
      await commands.execute(CommandIDs.cleanUp);
    } else if (decision === 'anyway') {
      try {
        await manager.actions.run(name, action, { anyway: true });
      } catch (reason) {
        if (!this.takeOver(name, action, reason)) {
          notifyFailure(actionTitle(action, name, trans), reason, trans);
        }
      }
    }
  }

  /** Ids of the operations that were started here and are under way. */
  private readonly _followed = new Set<string>();
  private _last = Promise.resolve();
}

function isStopOrRestart(
  action: InstanceAction | 'create' | null
): action is IStopAtRisk['action'] {
  return action === 'stop' || action === 'restart';
}
