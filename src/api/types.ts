/**
 * The vocabulary of the HTTP API under its own names; knows nothing but the generated schema.
 */
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Application = Schemas['Application'];
export type CleanupPlan = Schemas['CleanupPlan'];
export type CleanupReport = Schemas['CleanupReport'];
export type CleanupStatus = Schemas['CleanupStatus'];
export type CleanupStep = Schemas['CleanupStep'];
export type CleanupStepResult = Schemas['CleanupStepResult'];
export type Consumer = Schemas['Consumer'];
export type CreateInstance = Schemas['CreateInstance'];
export type DiskStatus = Schemas['DiskStatus'];
export type ErrorBody = Schemas['ErrorBody'];
export type Filesystem = Schemas['Filesystem'];
export type Instance = Schemas['Instance'];
export type InstanceDetails = Schemas['InstanceDetails'];
export type InstanceList = Schemas['InstanceList'];
export type NameCheck = Schemas['NameCheck'];
export type LogDiagnosis = Schemas['LogDiagnosis'];
export type LogFile = Schemas['LogFile'];
export type LogHint = Schemas['LogHint'];
export type LogList = Schemas['LogList'];
export type Operation = Schemas['Operation'];
export type OperationList = Schemas['OperationList'];
export type Permission = Schemas['Permission'];
export type Person = Schemas['Person'];
export type Price = Schemas['Price'];
export type Quota = Schemas['Quota'];
export type QuotaList = Schemas['QuotaList'];
export type RunCleanup = Schemas['RunCleanup'];
export type ScanChange = Schemas['ScanChange'];
export type ScanNode = Schemas['ScanNode'];
export type ScanResult = Schemas['ScanResult'];
export type ScanStatus = Schemas['ScanStatus'];
export type SaveScript = Schemas['SaveScript'];
export type ScriptFile = Schemas['ScriptFile'];
export type ScriptOutcome = Schemas['ScriptOutcome'];
export type SetupScript = Schemas['SetupScript'];
export type SetupScripts = Schemas['SetupScripts'];
export type SignInAttempt = Schemas['SignInAttempt'];
export type StartScan = Schemas['StartScan'];
export type VmSize = Schemas['VmSize'];
export type VmSizeList = Schemas['VmSizeList'];
export type Workspace = Schemas['Workspace'];
export type WorkspaceList = Schemas['WorkspaceList'];
export type WorkspaceStatus = Schemas['WorkspaceStatus'];

export type ChangePackages = Schemas['ChangePackages'];
export type CreateEnvironment = Schemas['CreateEnvironment'];
export type Engine = Schemas['Engine'];
export type EngineStatus = Schemas['EngineStatus'];
export type Environment = Schemas['Environment'];
export type EnvironmentDetails = Schemas['EnvironmentDetails'];
export type EnvironmentExport = Schemas['EnvironmentExport'];
export type EnvironmentFile = Schemas['EnvironmentFile'];
export type EnvironmentList = Schemas['EnvironmentList'];
export type EnvironmentPlan = Schemas['EnvironmentPlan'];
export type ExportFormat = NonNullable<
  NonNullable<
    operations['getEnvironmentsEnvironmentIdExport']['parameters']['query']
  >['format']
>;
export type FoundPackage = Schemas['FoundPackage'];
export type Kernel = Schemas['Kernel'];
export type KernelCheck = Schemas['KernelCheck'];
export type KernelList = Schemas['KernelList'];
export type KernelRequest = Schemas['KernelRequest'];
export type Package = Schemas['Package'];
export type PackageSearch = Schemas['PackageSearch'];
export type PlanEnvironment = Schemas['PlanEnvironment'];
export type PlannedPackage = Schemas['PlannedPackage'];
export type RegisterKernel = Schemas['RegisterKernel'];
export type WorkProgress = Schemas['WorkProgress'];

export type ActionAccess = Schemas['ActionAccess'];
export type ApplicationEndpoint = Schemas['ApplicationEndpoint'];
export type ApplicationVolume = Schemas['ApplicationVolume'];
export type AssignedUser = Schemas['AssignedUser'];
export type CodeFile = Schemas['CodeFile'];
export type CodeForm = Schemas['CodeForm'];
export type CostEstimate = Schemas['CostEstimate'];
export type CustomApplication = Schemas['CustomApplication'];
export type DataMount = Schemas['DataMount'];
export type DryRunScript = Schemas['DryRunScript'];
export type InstanceIdentity = Schemas['InstanceIdentity'];
export type InstanceNetwork = Schemas['InstanceNetwork'];
export type InstanceSchedule = Schemas['InstanceSchedule'];
export type InstanceSpec = Schemas['InstanceSpec'];
export type LastOperation = Schemas['LastOperation'];
export type LintScript = Schemas['LintScript'];
export type ManagedIdentity = Schemas['ManagedIdentity'];
export type ManagedIdentityList = Schemas['ManagedIdentityList'];
export type OsImage = Schemas['OsImage'];
export type Recurrence = Schemas['Recurrence'];
export type RunningCost = Schemas['RunningCost'];
export type SchedulePreview = Schemas['SchedulePreview'];
export type ScriptFinding = Schemas['ScriptFinding'];
export type ScriptLint = Schemas['ScriptLint'];
export type ShareEntry = Schemas['ShareEntry'];
export type ShareFolder = Schemas['ShareFolder'];
export type SpecCheck = Schemas['SpecCheck'];
export type SpecCode = Schemas['SpecCode'];
export type SpecDefaults = Schemas['SpecDefaults'];
export type SpecProblem = Schemas['SpecProblem'];
export type SpecTemplate = Schemas['SpecTemplate'];
export type SshAccess = Schemas['SshAccess'];
export type SshEndpoint = Schemas['SshEndpoint'];
export type SshKey = Schemas['SshKey'];
export type SshKeyList = Schemas['SshKeyList'];
export type StarterScript = Schemas['StarterScript'];
export type StarterScriptList = Schemas['StarterScriptList'];
export type Subnet = Schemas['Subnet'];
export type TimeZones = Schemas['TimeZones'];
export type UpdateInstance = Schemas['UpdateInstance'];
export type VirtualNetwork = Schemas['VirtualNetwork'];
export type VirtualNetworkList = Schemas['VirtualNetworkList'];

/** What can be asked of an instance that exists. */
export type InstanceAction = Instance['actions'][number];

/** The actions that have a route of their own under the instance. */
export type PowerAction = Exclude<InstanceAction, 'delete'>;

export type ConsumerKind = Consumer['kind'];
export type DiskLevel = DiskStatus['level'];
export type FilesystemRole = Filesystem['roles'][number];

export type OperationKind = Operation['kind'];
export type OperationState = Operation['state'];
export type PermissionName = Permission['name'];

export type EngineName = Engine['name'];
export type EnvironmentPhase = WorkProgress['phase'];
export type KernelLanguage = KernelRequest['language'];
