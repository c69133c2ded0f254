"""The one exception tree. It knows nothing of HTTP servers, Azure's SDK or JSON.

    CiManagerError
    ├── BadRequest                 400  the request itself is wrong
    │   ├── InvalidName            400
    │   ├── InvalidWorkspaceId     400
    │   ├── UnknownVmSize          400
    │   ├── InvalidIdleShutdown    400
    │   ├── InvalidInstanceSpec    400  a code for each rule
    │   ├── InvalidPath            400
    │   ├── ProtectedPath          400  a path that must never be removed
    │   ├── UnknownStep            400  of a cleanup
    │   ├── RefusedByAzure         400  well-formed for us, and not to Azure's liking
    │   ├── InvalidLogName         400
    │   ├── InvalidSetupScript     400
    │   ├── InvalidOffset          400
    │   ├── InvalidEnvironmentName 400
    │   ├── InvalidEnvironmentFile 400
    │   ├── InvalidSpec            400
    │   ├── InvalidSshKeyName      400
    │   ├── InvalidKernel          400
    │   ├── InvalidTemplate        400  a file *.ci.json
    │   └── BodyTooLarge           413
    ├── SignInRequired             403  no token for Azure, see below
    ├── Forbidden                  403
    │   ├── StorageForbidden       403  the workspace's file share
    │   ├── FieldLocked            403  the administrator's ``locked_fields``
    │   └── ActionNotAllowed       403  the administrator's ``allowed_actions``
    ├── NotFound                   404
    │   ├── InstanceNotFound       404
    │   ├── OperationNotFound      404
    │   ├── LogNotFound            404
    │   ├── ScriptNotFound         404
    │   ├── EnvironmentNotFound    404
    │   ├── KernelNotFound         404
    │   ├── PlanNotFound           404  of an environment
    │   └── WorkspaceNotFound      404
    ├── Conflict                   409
    │   ├── InvalidEndpoint        409  the server's configuration has no usable address of Azure
    │   ├── NoWorkspace            409  none is configured or chosen
    │   ├── WorkspaceFixed         409
    │   ├── InstanceExists         409
    │   ├── NameTaken              409
    │   ├── WrongState             409
    │   ├── ChangeFailed           409  Azure finished, but not where it should have
    │   ├── OperationInProgress    409
    │   ├── NotCancellable         409
    │   ├── DiskNearlyFull         409  held back by us: Azure would refuse, and the bill run on
    │   ├── InstanceDiskFull       409  refused by Azure for that reason
    │   ├── PlanExpired            409  of a cleanup
    │   ├── CleanupFailed          409  one of its steps, or the whole of it
    │   ├── ScanFailed             409
    │   ├── ScriptExists           409
    │   ├── SshKeyExists           409
    │   ├── SshKeysUnusable        409
    │   ├── CannotRunScripts       409
    │   ├── DryRunFailed           409
    │   ├── EnvironmentExists      409
    │   ├── EnvironmentProtected   409
    │   ├── EnvironmentBroken      409
    │   ├── EnvironmentBusy        409
    │   ├── NoEngine               409
    │   ├── NotEnoughRoom          409
    │   ├── NoSolution             409
    │   ├── PackagesNotFound       409
    │   ├── ChannelUnreachable     409
    │   ├── EngineFailed           409
    │   ├── PipFailed              409
    │   ├── KernelExists           409
    │   ├── KernelProtected        409
    │   ├── KernelFailed           409
    │   └── QuotaExceeded          409
    ├── LogUnreachable             503  the share that it is on does not answer
    ├── EnvironmentUnreachable     503  as the log's
    ├── KernelsUnreachable         503  as the log's
    ├── ServerStopping             503  the Jupyter server is on its way out
    └── AzureError                 502  Azure answered with an error that is none of the above
        ├── AddressNotFollowed     502  Azure's answer leads to another address
        ├── AzureThrottled         429
        ├── AzureUnavailable       503  it could not be reached, nothing was sent
        │   ├── AzureServerError   503  5xx: the request may have been carried out
        │   └── AzureConnectionLost 503 so it may here
        └── AzureTimeout           504

A missing Azure sign-in is 403 with its own code: a 401 would make JupyterLab believe that the
Jupyter session itself had ended.
"""

from .azure import (
    AddressNotFollowed,
    AzureConnectionLost,
    AzureError,
    AzureServerError,
    AzureThrottled,
    AzureTimeout,
    AzureUnavailable,
    InvalidEndpoint,
    RefusedByAzure,
    SignInRequired,
)
from .base import (
    BadRequest,
    BodyTooLarge,
    CiManagerError,
    Conflict,
    Forbidden,
    NotCancellable,
    NotFound,
    OperationInProgress,
    OperationNotFound,
    ServerStopping,
)
from .disk import (
    CleanupFailed,
    DiskNearlyFull,
    InstanceDiskFull,
    InvalidPath,
    PlanExpired,
    ProtectedPath,
    ScanFailed,
    UnknownStep,
)
from .environments import (
    ChannelUnreachable,
    EngineFailed,
    EnvironmentBroken,
    EnvironmentBusy,
    EnvironmentExists,
    EnvironmentNotFound,
    EnvironmentProtected,
    EnvironmentUnreachable,
    InvalidEnvironmentFile,
    InvalidEnvironmentName,
    InvalidKernel,
    InvalidSpec,
    KernelExists,
    KernelFailed,
    KernelNotFound,
    KernelProtected,
    KernelsUnreachable,
    NoEngine,
    NoSolution,
    NotEnoughRoom,
    PackagesNotFound,
    PipFailed,
    PlanNotFound,
)
from .instances import (
    ActionNotAllowed,
    ChangeFailed,
    InstanceExists,
    InstanceNotFound,
    InvalidIdleShutdown,
    InvalidInstanceSpec,
    InvalidName,
    InvalidSshKeyName,
    InvalidWorkspaceId,
    NameTaken,
    NoWorkspace,
    QuotaExceeded,
    SshKeyExists,
    SshKeysUnusable,
    UnknownVmSize,
    WorkspaceFixed,
    WorkspaceNotFound,
    WrongState,
)
from .logs import (
    CannotRunScripts,
    DryRunFailed,
    InvalidLogName,
    InvalidOffset,
    InvalidSetupScript,
    LogNotFound,
    LogUnreachable,
    ScriptExists,
    ScriptNotFound,
    StorageForbidden,
)
from .specs import FieldLocked, InvalidTemplate

__all__ = [
    "ActionNotAllowed",
    "AddressNotFollowed",
    "AzureConnectionLost",
    "AzureError",
    "AzureServerError",
    "AzureThrottled",
    "AzureTimeout",
    "AzureUnavailable",
    "BadRequest",
    "BodyTooLarge",
    "CannotRunScripts",
    "ChangeFailed",
    "ChannelUnreachable",
    "CiManagerError",
    "CleanupFailed",
    "Conflict",
    "DiskNearlyFull",
    "DryRunFailed",
    "EngineFailed",
    "EnvironmentBroken",
    "EnvironmentBusy",
    "EnvironmentExists",
    "EnvironmentNotFound",
    "EnvironmentProtected",
    "EnvironmentUnreachable",
    "FieldLocked",
    "Forbidden",
    "InstanceDiskFull",
    "InstanceExists",
    "InstanceNotFound",
    "InvalidEndpoint",
    "InvalidEnvironmentFile",
    "InvalidEnvironmentName",
    "InvalidIdleShutdown",
    "InvalidInstanceSpec",
    "InvalidKernel",
    "InvalidLogName",
    "InvalidName",
    "InvalidOffset",
    "InvalidPath",
    "InvalidSetupScript",
    "InvalidSpec",
    "InvalidSshKeyName",
    "InvalidTemplate",
    "InvalidWorkspaceId",
    "KernelExists",
    "KernelFailed",
    "KernelNotFound",
    "KernelProtected",
    "KernelsUnreachable",
    "LogNotFound",
    "LogUnreachable",
    "NameTaken",
    "NoEngine",
    "NoSolution",
    "NoWorkspace",
    "NotCancellable",
    "NotEnoughRoom",
    "NotFound",
    "OperationInProgress",
    "OperationNotFound",
    "PackagesNotFound",
    "PipFailed",
    "PlanExpired",
    "PlanNotFound",
    "ProtectedPath",
    "QuotaExceeded",
    "RefusedByAzure",
    "ScanFailed",
    "ScriptExists",
    "ScriptNotFound",
    "ServerStopping",
    "SignInRequired",
    "SshKeyExists",
    "SshKeysUnusable",
    "StorageForbidden",
    "UnknownStep",
    "UnknownVmSize",
    "WorkspaceFixed",
    "WorkspaceNotFound",
    "WrongState",
]
