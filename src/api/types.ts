/**
 * The vocabulary of the HTTP API under its own names; knows nothing but the generated schema.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Application = Schemas['Application'];
export type CreateInstance = Schemas['CreateInstance'];
export type ErrorBody = Schemas['ErrorBody'];
export type Instance = Schemas['Instance'];
export type InstanceDetails = Schemas['InstanceDetails'];
export type InstanceList = Schemas['InstanceList'];
export type NameCheck = Schemas['NameCheck'];
export type Operation = Schemas['Operation'];
export type OperationList = Schemas['OperationList'];
export type Permission = Schemas['Permission'];
export type Person = Schemas['Person'];
export type Price = Schemas['Price'];
export type Quota = Schemas['Quota'];
export type SignInAttempt = Schemas['SignInAttempt'];
export type VmSize = Schemas['VmSize'];
export type VmSizeList = Schemas['VmSizeList'];
export type Workspace = Schemas['Workspace'];
export type WorkspaceList = Schemas['WorkspaceList'];
export type WorkspaceStatus = Schemas['WorkspaceStatus'];

/** What can be asked of an instance that exists. */
export type InstanceAction = Instance['actions'][number];

/** The actions that have a route of their own under the instance. */
export type PowerAction = Exclude<InstanceAction, 'delete'>;

export type OperationKind = Operation['kind'];
export type OperationState = Operation['state'];
export type PermissionName = Permission['name'];
