"""The vocabulary of the project as msgspec Structs: the one source of the HTTP schema.

It does no input or output and knows neither Azure's wire format nor HTTP; all else imports it.
JSON keys are the attribute names. Times are aware UTC datetimes (RFC 3339 on the wire).
"""

from .base import (
    ErrorBody,
    ErrorResponse,
    Wire,
)
from .instances import (
    Application,
    CreateInstance,
    Instance,
    InstanceAction,
    InstanceDetails,
    InstanceError,
    InstanceList,
    InstanceName,
    InstanceSpec,
    LastOperation,
    NameCheck,
    Person,
)
from .operations import (
    ACTIVE_OPERATION_STATES,
    Operation,
    OperationDetails,
    OperationKind,
    OperationList,
    OperationState,
    OperationStep,
)
from .sizes import (
    Price,
    Quota,
    QuotaList,
    VmSize,
    VmSizeList,
)
from .workspace import (
    Identity,
    Mode,
    Permission,
    PermissionName,
    SelectWorkspace,
    SignInAttempt,
    Workspace,
    WorkspaceList,
    WorkspaceSource,
    WorkspaceState,
    WorkspaceStatus,
)

__all__ = [
    "ACTIVE_OPERATION_STATES",
    "Application",
    "CreateInstance",
    "ErrorBody",
    "ErrorResponse",
    "Identity",
    "Instance",
    "InstanceAction",
    "InstanceDetails",
    "InstanceError",
    "InstanceList",
    "InstanceName",
    "InstanceSpec",
    "LastOperation",
    "Mode",
    "NameCheck",
    "Operation",
    "OperationDetails",
    "OperationKind",
    "OperationList",
    "OperationState",
    "OperationStep",
    "Permission",
    "PermissionName",
    "Person",
    "Price",
    "Quota",
    "QuotaList",
    "SelectWorkspace",
    "SignInAttempt",
    "VmSize",
    "VmSizeList",
    "Wire",
    "Workspace",
    "WorkspaceList",
    "WorkspaceSource",
    "WorkspaceState",
    "WorkspaceStatus",
]
