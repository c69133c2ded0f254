/**
 * The events that the server pushes, as calls; knows the wire of events and nothing of models.
 */
import type { Event, ServiceManager } from '@jupyterlab/services';
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';

import type { Operation } from '../api/types';

const SCHEMAS = 'https://events.jupyter.org/jupyter_ci_manager/';
const OPERATION_SCHEMA = `${SCHEMAS}operation/v1`;
const INSTANCES_SCHEMA = `${SCHEMAS}instances/v1`;

/**
 * Who wants to know.
 */
export interface IEventListener {
  onOperation(operation: Operation): void;
  onInstancesChanged(): void;
}

/**
 * Listen to the server's events until the result is disposed.
 *
 * @returns null where this JupyterLab has no event stream: the poll has to do.
 */
export function listen(
  services: Pick<ServiceManager.IManager, 'events'> | Record<string, never>,
  listener: IEventListener
): IDisposable | null {
  const stream = (services as Partial<ServiceManager.IManager>).events?.stream;
  if (stream === undefined) {
    return null;
  }
  const slot = (_: unknown, emission: Event.Emission): void => {
    switch (emission.schema_id) {
      case OPERATION_SCHEMA:
        // The event's registered schema is the one of the API.
        listener.onOperation(emission['operation'] as unknown as Operation);
        break;
      case INSTANCES_SCHEMA:
        listener.onInstancesChanged();
        break;
    }
  };
  stream.connect(slot);
  return new DisposableDelegate(() => {
    stream.disconnect(slot);
  });
}
