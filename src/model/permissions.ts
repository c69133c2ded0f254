/**
 * Whether an action can be asked for now, and if not, why. Pure.
 */
import type {
  InstanceAction,
  Permission,
  PermissionName,
  PowerAction
} from '../api/types';
import type { WorkspaceState } from '../tokens';
import type { InstanceRow } from './rows';

/**
 * Whether something can be done.
 *
 * - `busy`: something else is being done with the instance.
 * - `state`: Azure does not allow it in this state.
 * - `forbidden`: this identity, or this server, may not do it at all.
 */
export type Availability =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly why: 'busy' | 'state' }
  | {
      readonly allowed: false;
      readonly why: 'forbidden';
      readonly permission: Permission;
    };

const ALLOWED: Availability = { allowed: true };

/** Whether the identity may do something in the workspace at all. */
export function mayDo(
  name: PermissionName,
  workspace: WorkspaceState
): Availability {
  if (workspace.status !== 'known') {
    return ALLOWED;
  }
  const permission = workspace.value.permissions.find(
    each => each.name === name
  );
  return permission === undefined || permission.allowed
    ? ALLOWED
    : { allowed: false, why: 'forbidden', permission };
}

/** Whether an action on a row can be asked for now. */
export function canRun(
  action: InstanceAction,
  row: InstanceRow,
  workspace: WorkspaceState
): Availability {
  if (!row.instance.actions.includes(action)) {
    return { allowed: false, why: 'state' };
  }
  const permission = mayDo(action, workspace);
  if (!permission.allowed) {
    return permission;
  }
  if (row.pending !== null || row.operation !== null) {
    return { allowed: false, why: 'busy' };
  }
  return ALLOWED;
}

/** What a person most likely wants to do with a row next, or null. */
export function likelyAction(row: InstanceRow): PowerAction | null {
  const preference: readonly PowerAction[] = ['start', 'stop', 'restart'];
  return (
    preference.find(action => row.instance.actions.includes(action)) ?? null
  );
}
