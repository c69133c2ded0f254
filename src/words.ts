/**
 * What things are called: states, actions, operations, sizes and costs, in words for people.
 * It knows the vocabulary of the API and no views.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  Instance,
  InstanceAction,
  OperationKind,
  OperationState,
  Price,
  VmSize
} from './api/types';
import {
  formatDate,
  formatDuration,
  formatGigabytes,
  formatMoney,
  isoDurationSeconds
} from './format';
import type { Availability } from './model/permissions';

/** Plain language for Azure's name of a state, for tooltips. */
export function stateMeaning(state: string, trans: TranslationBundle): string {
  const meanings: Readonly<Record<string, string>> = {
    Creating: trans.__('Azure is setting up the virtual machine.'),
    CreateFailed: trans.__(
      'Azure could not create it. It can only be deleted.'
    ),
    Deleting: trans.__('Azure is deleting it and its OS disk.'),
    Running: trans.__('Ready to use, and billed.'),
    Restarting: trans.__('Azure is restarting the virtual machine.'),
    Resizing: trans.__('Azure is changing the VM size.'),
    JobRunning: trans.__('A job is running on it. It is billed.'),
    SettingUp: trans.__('The creation script is running. It is billed.'),
    SetupFailed: trans.__(
      'The creation script failed. The virtual machine is on, and billed.'
    ),
    UserSettingUp: trans.__('The startup script is running. It is billed.'),
    UserSetupFailed: trans.__(
      'The startup script failed. The virtual machine is on, and billed.'
    ),
    Starting: trans.__('Azure is starting the virtual machine.'),
    Stopped: trans.__(
      'The virtual machine is off. Disk, public IP and load balancer are still billed, and it keeps its quota.'
    ),
    Stopping: trans.__('Azure is stopping the virtual machine.'),
    Unusable: trans.__(
      'Azure cannot reach the virtual machine; it may still be on, and billed. Restart it, stop it, or delete it and create another.'
    ),
    Unknown: trans.__('Azure does not say in which state it is.')
  };
  return (
    meanings[state] ?? trans.__('A state that this version does not know.')
  );
}

/** The name of an action, as a button says it. */
export function actionLabel(
  action: InstanceAction,
  trans: TranslationBundle
): string {
  switch (action) {
    case 'start':
      return trans.__('Start');
    case 'stop':
      return trans.__('Stop');
    case 'restart':
      return trans.__('Restart');
    case 'delete':
      return trans.__('Delete');
  }
}

/** What a row says between the click and the first sign of it from Azure. */
export function requestedLabel(
  action: InstanceAction | 'create',
  trans: TranslationBundle
): string {
  switch (action) {
    case 'create':
      return trans.__('Creation requested…');
    case 'start':
      return trans.__('Start requested…');
    case 'stop':
      return trans.__('Stop requested…');
    case 'restart':
      return trans.__('Restart requested…');
    case 'delete':
      return trans.__('Deletion requested…');
  }
}

/** The action on an instance that an operation carries out; null for work on this machine. */
export function actionOf(
  kind: OperationKind
): InstanceAction | 'create' | null {
  switch (kind) {
    case 'instance.create':
      return 'create';
    case 'instance.start':
      return 'start';
    case 'instance.stop':
      return 'stop';
    case 'instance.restart':
      return 'restart';
    case 'instance.delete':
      return 'delete';
    case 'instance.resize':
    case 'script.dry_run':
    case 'disk.scan':
    case 'disk.cleanup':
    case 'environment.plan':
    case 'environment.create':
    case 'environment.change':
    case 'environment.remove':
    case 'kernel.register':
    case 'kernel.check':
      return null;
  }
}

/** An action on an instance as a title: "Stop ds-amy". */
export function actionTitle(
  action: InstanceAction | 'create',
  name: string,
  trans: TranslationBundle
): string {
  switch (action) {
    case 'create':
      return trans.__('Create %1', name);
    case 'start':
      return trans.__('Start %1', name);
    case 'stop':
      return trans.__('Stop %1', name);
    case 'restart':
      return trans.__('Restart %1', name);
    case 'delete':
      return trans.__('Delete %1', name);
  }
}

/** An operation as a title: "Stop ds-amy". */
export function operationTitle(
  kind: OperationKind,
  target: string,
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'instance.create':
      return actionTitle('create', target, trans);
    case 'instance.start':
      return actionTitle('start', target, trans);
    case 'instance.stop':
      return actionTitle('stop', target, trans);
    case 'instance.restart':
      return actionTitle('restart', target, trans);
    case 'instance.delete':
      return actionTitle('delete', target, trans);
    case 'instance.resize':
      return trans.__('Resize %1', target);
    case 'script.dry_run':
      return trans.__('Try %1', target);
    case 'disk.cleanup':
      return trans.__('Clean up the disk');
    case 'disk.scan':
      return trans.__('Scan %1', target);
    case 'environment.plan':
      return trans.__('Work out %1', planned(target));
    case 'environment.create':
      return trans.__('Create environment %1', lastOf(target));
    case 'environment.change':
      return trans.__('Change packages of %1', lastOf(target));
    case 'environment.remove':
      return trans.__('Remove environment %1', lastOf(target));
    case 'kernel.register':
      return trans.__('Add a kernel of %1', lastOf(target));
    case 'kernel.check':
      return trans.__('Check kernel %1', target);
  }
}

/** The last folder of a path: what an environment is called. */
function lastOf(path: string): string {
  return path.split('/').pop() ?? path;
}

/** What is planned; several plans of one environment may be made at once, each has a number. */
function planned(target: string): string {
  return target.replace(/ \(plan [0-9a-f]+\)$/, '');
}

/** Which instance an action is meant for, as a question. */
export function whichInstance(
  action: InstanceAction,
  trans: TranslationBundle
): string {
  switch (action) {
    case 'start':
      return trans.__('Start which instance?');
    case 'stop':
      return trans.__('Stop which instance?');
    case 'restart':
      return trans.__('Restart which instance?');
    case 'delete':
      return trans.__('Delete which instance?');
  }
}

/** What a click on an action means for the bill, or null where it changes nothing. */
export function costOfAction(
  action: InstanceAction,
  trans: TranslationBundle
): string | null {
  switch (action) {
    case 'start':
      return trans.__(
        'It is billed by the hour until someone, a schedule or idle shutdown stops it.'
      );
    case 'stop':
      return trans.__(
        'Disk, public IP and load balancer are still billed, and it keeps its quota.'
      );
    case 'restart':
    case 'delete':
      return null;
  }
}

/** The state of an operation in one or two words. */
export function operationStateLabel(
  state: OperationState,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'queued':
      return trans.__('Waiting');
    case 'running':
      return trans.__('Running');
    case 'succeeded':
      return trans.__('Done');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Cancelled');
    case 'lost':
      return trans.__('Lost track');
  }
}

/** Why an action is not available, or null when it is. */
export function whyNot(
  availability: Availability,
  trans: TranslationBundle
): string | null {
  if (availability.allowed) {
    return null;
  }
  switch (availability.why) {
    case 'busy':
      return trans.__('Another operation on it is still running.');
    case 'state':
      return trans.__('Its state does not allow this now.');
    case 'forbidden':
      return (
        availability.permission.reason ??
        (availability.permission.denied_by === 'administrator'
          ? trans.__(
              'The administrator of this Jupyter server has switched this off.'
            )
          : trans.__('Your role in the workspace does not allow this.'))
      );
  }
}

/** A VM size in human terms: "4 cores 28 GB", "6 cores 56 GB 1 GPU". */
export function sizeSummary(size: VmSize, trans: TranslationBundle): string {
  const parts = [
    trans._n('%1 core', '%1 cores', size.vcpus),
    trans.__('%1 GB', formatGigabytes(size.memory_gb))
  ];
  if (size.gpus > 0) {
    parts.push(trans._n('%1 GPU', '%1 GPUs', size.gpus));
  }
  return parts.join(' ');
}

/** A price per hour, or that it is unknown. */
export function pricePerHour(
  price: Price | null | undefined,
  trans: TranslationBundle
): string {
  return price
    ? trans.__('%1/h', formatMoney(price.amount_per_hour, price.currency))
    : trans.__('price unknown');
}

/** Where a price comes from and what is not in it, for tooltips. */
export function priceOrigin(
  price: Price | null | undefined,
  trans: TranslationBundle
): string {
  return price
    ? trans.__(
        'Estimate for the virtual machine alone. Source: %1, %2. Disk, public IP and load balancer are not in it.',
        price.source,
        formatDate(new Date(price.as_of))
      )
    : trans.__('Azure names no price for this VM size.');
}

/** The three facts about cost that everyone who decides must know. */
export function costFacts(trans: TranslationBundle): readonly string[] {
  return [
    trans.__('A running instance is billed by the hour, used or not.'),
    trans.__(
      'A stopped one still pays for its disk, public IP and load balancer, and keeps its quota.'
    ),
    trans.__(
      'There is no automatic scale-down: it runs until someone, a schedule or idle shutdown stops it.'
    )
  ];
}

/** When an instance stops by itself for lack of use. */
export function idleShutdownLabel(
  instance: Instance,
  trans: TranslationBundle
): string {
  if (instance.idle_shutdown === null) {
    return trans.__('off');
  }
  const seconds = isoDurationSeconds(instance.idle_shutdown);
  return seconds === null
    ? instance.idle_shutdown
    : formatDuration(seconds, trans);
}

/**
 * What a command says that acts on so many instances; on none yet means that it will ask for one.
 */
export function commandLabel(
  action: InstanceAction,
  count: number,
  trans: TranslationBundle
): string {
  if (count === 1) {
    return action === 'delete'
      ? trans.__('Delete…')
      : actionLabel(action, trans);
  }
  switch (action) {
    case 'start':
      return count === 0
        ? trans.__('Start an instance…')
        : trans._n('Start %1 instance', 'Start %1 instances', count);
    case 'stop':
      return count === 0
        ? trans.__('Stop an instance…')
        : trans._n('Stop %1 instance', 'Stop %1 instances', count);
    case 'restart':
      return count === 0
        ? trans.__('Restart an instance…')
        : trans._n('Restart %1 instance', 'Restart %1 instances', count);
    case 'delete':
      return count === 0
        ? trans.__('Delete an instance…')
        : trans.__('Delete… (one at a time)');
  }
}

/** What a command does, for its tooltip. */
export function commandCaption(
  action: InstanceAction,
  trans: TranslationBundle
): string {
  switch (action) {
    case 'start':
      return trans.__('Start it. A running instance is billed by the hour.');
    case 'stop':
      return trans.__(
        'Stop it. Disk, public IP and load balancer are still billed, and it keeps its quota.'
      );
    case 'restart':
      return trans.__('Restart it. Kernels and terminals on it end.');
    case 'delete':
      return trans.__('Delete it with its OS disk.');
  }
}
