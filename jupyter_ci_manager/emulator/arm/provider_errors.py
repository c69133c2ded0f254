"""The errors of Microsoft.MachineLearningServices, as classes with code, status and document.

::

    MachineLearningError               the provider's own, with additionalInfo
    ├── ComputeNotFound                404
    ├── OperationNotFound              404
    ├── DatastoreNotFound              404
    ├── NotSupported                   400
    ├── SshOnBehalfOf                  400
    └── BadArgument                    400
    InvalidTags                        400, of Azure Resource Manager itself
    IdentityNotFound                   400, of Azure Resource Manager itself
    ComputeServiceError                of the service behind it, code and message only
    ├── InvalidResourceName            400
    ├── ComputeNameConflict            409
    ├── ComputeConflict                409
    ├── WrongState                     400, one code per action
    ├── DiskFull                       400
    ├── DoesNotBoot                    400
    ├── FailedBelow                    400
    ├── UnsupportedVmSize              400
    └── QuotaExceeded                  400

Sources. ``additionalInfo``: what azure-ai-ml prints as "Additional Information" (ComponentName,
Correlation, Environment, Location, Time, InnerError). The service behind the provider:
microsoft/vscode-tools-for-ai#2096, where a refused start is answered with nothing but
``{"error": {"code", "message"}}``. Each class names its own; what has none says "[assumed]".
"""

from __future__ import annotations

import json
from typing import Any

from jupyter_ci_manager.emulator.arm.errors import ArmError


class MachineLearningError(ArmError):
    """An answer of the resource provider; the wire adds its ``additionalInfo``."""

    code = "UserError"
    status = 400


class ComputeNotFound(MachineLearningError):
    """A compute that is not there."""

    code = "ComputeNotFound"
    status = 404

    def __init__(self, name: str, workspace: str) -> None:
        super().__init__(f"Compute with name {name} not found in workspace {workspace}.")


class OperationNotFound(MachineLearningError):
    """A long-running operation that nobody began.

    Code and text: [assumed].
    """

    code = "NotFound"
    status = 404

    def __init__(self, operation_id: str) -> None:
        super().__init__(f"Operation {operation_id} was not found.")


class DatastoreNotFound(MachineLearningError):
    """A datastore that is not there. Code: [assumed], as the others of the provider."""

    code = "UserError"
    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"Could not find datastore: {name}")


class NotSupported(MachineLearningError):
    """An operation that this kind of compute has not got.

    Text: ``az ml compute list-nodes`` in MicrosoftDocs/azure-docs#85756.
    """

    def __init__(self, operation: str, compute_type: str) -> None:
        super().__init__(f"{operation} with computeType {compute_type} is not supported.")


class BadArgument(MachineLearningError):
    """A value in the body that the provider refuses.

    Code and text: [assumed].
    """

    code = "BadArgument"


class SshOnBehalfOf(MachineLearningError):
    """An SSH key for somebody else. Code and text: MicrosoftDocs/azure-docs#109642."""

    def __init__(self) -> None:
        super().__init__(
            "Setting SSH key at creation time is not allowed when compute instance is provisioned "
            "on behalf of another user."
        )


class InvalidTags(ArmError):
    """Tags beyond what any resource may have; codes and texts as people quote them."""

    status = 400

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code)


class IdentityNotFound(ArmError):
    """A user-assigned identity that is not there; code and text as people quote them."""

    code = "FailedIdentityOperation"
    status = 400

    def __init__(self, resource_id: str, identity: str) -> None:
        response = json.dumps(
            {"error": {"code": "BadRequest", "message": f"Resource '{identity}' was not found."}}
        )
        super().__init__(
            f"Identity operation for resource '{resource_id}' failed with error 'Failed to perform "
            f"resource identity operation. Status: 'BadRequest'. Response: '{response}'.'."
        )


class ComputeServiceError(ArmError):
    """An answer of the service that runs the machines."""

    code = "BadRequest"
    status = 400


class InvalidResourceName(ComputeServiceError):
    """A name that breaks the rules. Code: microsoft/AzureTRE#3661."""

    code = "InvalidResourceName"


class ComputeNameConflict(ComputeServiceError):
    """A name that another workspace of the region holds.

    Text: microsoft/MCW-ML-Ops#28. Code and status: [assumed].
    """

    code = "ComputeNameConflict"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Compute with this name already exists: {name}. Compute name needs to be unique "
            "across all existing computes within an Azure region."
        )


class ComputeConflict(ComputeServiceError):
    """A request that cannot be taken while another one is at work.

    Code and text: [assumed].
    """

    code = "Conflict"
    status = 409


class WrongState(ComputeServiceError):
    """An action that the instance's state does not allow; the code names the action.

    ``StartComputeInstanceOnlyAllowedInStoppedState``, its text and its 400:
    microsoft/vscode-tools-for-ai#2096. The others are formed after it. [assumed]
    """


class DiskFull(ComputeServiceError):
    """A stop that is refused because the OS disk is full.

    Text and 400: microsoft/vscode-tools-for-ai#2605, whose client shows "Bad Request" beside it.
    The code: [assumed].
    """

    def __init__(self) -> None:
        super().__init__("StopCompute is not allowed when ComputeInstance disk is full.")


class DoesNotBoot(ComputeServiceError):
    """A machine that does not come up for want of room on a disk.

    That it does not: MicrosoftDocs/azure-docs#110040 (start), #117352 (restart). Code and text:
    [assumed].
    """

    code = "ComputeInstanceUnusable"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The specified Azure ML Compute Instance {name} encountered an unusable node. Please "
            "make sure that there is at least 5 GB of free disk space."
        )


class FailedBelow(ComputeServiceError):
    """A failure of the operation below, whose whole JSON is the message.

    In Azure/azure-sdk-for-go#18017 the code is ``BadRequest`` and the message a JSON object with
    ``id``, ``name``, ``status``, ``startTime``, ``endTime`` and the ``error`` that matters.
    """

    def __init__(self, operation: dict[str, Any]) -> None:
        super().__init__(json.dumps(operation))
        self._inner: dict[str, Any] = operation["error"]

    def plain(self) -> dict[str, Any]:
        """What failed below."""
        return self._inner


class UnsupportedVmSize(ComputeServiceError):
    """A size that the region has not got, or not for compute instances.

    Code, text and detail: Azure/MachineLearningNotebooks#1169, where a cluster reports them as a
    provisioning error; that an instance is refused at once: [assumed].
    """

    code = "InvalidPropertyValue"

    def __init__(self, size: str, supported: list[str]) -> None:
        super().__init__(
            f"The specified value {size} for property ComputeInstance.Properties.VMSize is not a "
            "supported VM size. See additional details for supported VM sizes.",
            details=[{"code": "SupportedVMSizes", "message": ",".join(supported)}],
        )


class QuotaExceeded(ComputeServiceError):
    """More cores than the quota has left.

    Code and text: ansible-collections/azure#2209 (2026) for a cluster; the sentence on what to do:
    dotnet/machinelearning-modelbuilder#2140. That an instance is refused at once: [assumed].
    """

    code = "ClusterMinNodesExceedCoreQuota"

    def __init__(self, which: str, limit: int, cores: int) -> None:
        super().__init__(
            f"The specified subscription has a {which} vCPU quota of {limit} and cannot accomodate "
            f"for at least 1 requested managed compute nodes which maps to {cores} vCPUs. Talk to "
            "your Subscription Admin or refer to https://docs.microsoft.com/azure/"
            "machine-learning/how-to-manage-quotas#request-quota-increases to increase the "
            f"{'total' if which == 'total' else 'family'} quota"
        )
