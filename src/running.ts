/**
 * The running instances of a person as a section of JupyterLab's panel "Running".
 */
import type { IRunningSessions } from '@jupyterlab/running';
import type { TranslationBundle } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Instance } from './api/types';
import { CommandIDs } from './commands/ids';
import { notifyFailure } from './notify';
import { formatDuration } from './format';
import { instanceIcon } from './icons';
import { isStoppable, uptimeSeconds } from './model/rows';
import type { ICiManager } from './tokens';
import { pricePerHour } from './words';

/**
 * Lists the running instances that are the person's own, as "Stop all" stops only those.
 */
export class RunningInstances implements IRunningSessions.IManager {
  constructor(
    private readonly _manager: ICiManager,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    this.name = _trans.__('Compute instances');
    this.shutdownLabel = _trans.__('Stop');
    this.shutdownAllLabel = _trans.__('Stop all');
    this.shutdownAllConfirmationText = _trans.__(
      'Stop all your running compute instances? Kernels and terminals on them end. Disk, public IP and load balancer are still billed, and they keep their quota.'
    );
    _manager.instances.changed.connect(() => {
      this._runningChanged.emit();
    });
  }

  readonly name: string;
  readonly shutdownItemIcon = stopIcon;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;

  get runningChanged(): ISignal<this, void> {
    return this._runningChanged;
  }

  running(): IRunningSessions.IRunningItem[] {
    const { state } = this._manager.instances;
    return state.status === 'ready'
      ? state.items
          .filter(each => each.mine && isStoppable(each))
          .map(each => this._item(each))
      : [];
  }

  refreshRunning(): void {
    void this._manager.refresh();
  }

  shutdownAll(): void {
    this._manager.actions.stopMine().catch((reason: unknown) => {
      notifyFailure(this.shutdownAllLabel, reason, this._trans);
    });
  }

  private _item(instance: Instance): IRunningSessions.IRunningItem {
    const { name } = instance;
    const { state } = this._manager.instances;
    const size =
      state.status === 'ready' ? state.sizes[instance.vm_size] : undefined;
    const price = pricePerHour(size?.price, this._trans);
    return {
      icon: () => instanceIcon,
      label: () => name,
      labelTitle: () =>
        [name, instance.state, size?.name ?? instance.vm_size, price].join(
          '\n'
        ),
      detail: () => {
        const uptime = uptimeSeconds(instance, Date.now());
        return uptime === null ? '' : formatDuration(uptime, this._trans);
      },
      open: () => {
        this._manager.selection.selectOnly(name);
        void this._commands.execute(CommandIDs.openPanel);
      },
      shutdown: () => {
        void this._commands.execute(CommandIDs.stop, { name });
      }
    };
  }

  private readonly _runningChanged = new Signal<this, void>(this);
}
