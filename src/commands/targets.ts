/**
 * On which instances a command acts: the named one, the picked ones, or one to be chosen. No DOM.
 */
import type { InstanceAction } from '../api/types';
import { instanceRow } from '../model/listing';
import { canRun } from '../model/permissions';
import type { InstanceRow } from '../model/rows';
import type { ICiManager } from '../tokens';

/**
 * The arguments of commands that act on instances.
 */
export interface ITargetArgs {
  readonly name?: string | undefined;
}

/** What a command's arguments say, whoever gave them. */
export function targetArgs(args: {
  readonly [key: string]: unknown;
}): ITargetArgs {
  const { name } = args;
  return typeof name === 'string' ? { name } : {};
}

/** The row of an instance, or null when there is none of that name. */
export function rowOf(manager: ICiManager, name: string): InstanceRow | null {
  const instance = manager.instances.find(name);
  const { state } = manager.instances;
  if (instance === null || state.status !== 'ready') {
    return null;
  }
  return instanceRow(manager, instance, state.sizes);
}

/** The rows that a command is about: the named one, else the picked ones. */
export function targetsOf(
  manager: ICiManager,
  args: ITargetArgs
): readonly InstanceRow[] {
  const names =
    args.name === undefined ? [...manager.selection.names] : [args.name];
  return names
    .map(name => rowOf(manager, name))
    .filter((row): row is InstanceRow => row !== null);
}

/** The names of the instances that an action can be asked of now. */
export function candidates(
  manager: ICiManager,
  action: InstanceAction
): readonly string[] {
  const { state } = manager.instances;
  if (state.status !== 'ready') {
    return [];
  }
  return state.items
    .map(({ name }) => rowOf(manager, name))
    .filter((row): row is InstanceRow => row !== null)
    .filter(row => canRun(action, row, manager.workspace.state).allowed)
    .map(row => row.name);
}
