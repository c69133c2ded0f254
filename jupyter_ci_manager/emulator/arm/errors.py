"""Azure's errors as classes: code, HTTP status and document. Knows nothing of HTTP handlers.

::

    ArmError                               the shape they all share
    ├── answered by Azure Resource Manager's front door
    │   ├── AuthenticationFailed           401
    │   ├── InvalidAuthenticationToken     401
    │   ├── MissingApiVersionParameter     400
    │   ├── InvalidApiVersionParameter     400
    │   ├── NoRegisteredProviderFound      400
    │   ├── MissingSubscription            404
    │   ├── InvalidResourceType            404
    │   ├── SubscriptionNotFound           404
    │   ├── ResourceGroupNotFound          404
    │   ├── ResourceNotFound               404
    │   ├── MethodNotAllowed               405
    │   ├── RequestEntityTooLarge          413
    │   ├── InvalidRequestContent          400
    │   └── InternalServerError            500
    ├── MachineLearningError               answered by the resource provider, with additionalInfo
    │   ├── ComputeNotFound                404
    │   ├── OperationNotFound              404
    │   ├── NotSupported                   400
    │   └── BadArgument                    400
    └── ComputeServiceError                answered by the service behind it, code and message only
        ├── InvalidResourceName            400
        ├── ComputeNameConflict            409
        ├── ComputeConflict                409
        ├── WrongState                     400, one code per action
        ├── FailedBelow                    400
        ├── UnsupportedVmSize              400
        └── QuotaExceeded                  400

Sources. The front door: "Troubleshoot common Azure deployment errors" (learn.microsoft.com) and the
ARM RPC contract. The provider's ``additionalInfo`` entries: what azure-ai-ml prints as "Additional
Information" (ComponentName, Correlation, Environment, Location, Time, InnerError). The service
behind it: microsoft/vscode-tools-for-ai#2096, where a refused start is answered with nothing but
``{"error": {"code", "message"}}``. What has no source says "[assumed]".
"""

from __future__ import annotations

import json
from typing import Any, ClassVar


class ArmError(Exception):
    """An error document with the status it is sent with."""

    code: ClassVar[str] = "InternalServerError"
    status: ClassVar[int] = 500

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.status_code = status or self.status
        self.details = details or []

    def document(self) -> dict[str, Any]:
        """What stands under ``error``."""
        error: dict[str, Any] = {"code": self.error_code, "message": self.message}
        if self.details:
            error["details"] = self.details
        return error

    def plain(self) -> dict[str, Any]:
        """Code and message as they are shown on the compute itself."""
        return {"code": self.error_code, "message": self.message}

    def headers(self) -> dict[str, str]:
        """Headers that go with the document."""
        return {}


class AuthenticationFailed(ArmError):
    """No bearer token. Challenge and text as management.azure.com answers an anonymous GET."""

    code = "AuthenticationFailed"
    status = 401

    def __init__(self) -> None:
        super().__init__("Authentication failed. The 'Authorization' header is missing.")

    def headers(self) -> dict[str, str]:
        """The challenge that tells a client where to sign in."""
        return _challenge("The authentication failed because of missing 'Authorization' header.")


class InvalidAuthenticationToken(ArmError):
    """A token that cannot be read."""

    code = "InvalidAuthenticationToken"
    status = 401

    def __init__(self) -> None:
        super().__init__("The access token is invalid.")

    def headers(self) -> dict[str, str]:
        """The challenge that tells a client where to sign in."""
        return _challenge(self.message)


def _challenge(description: str) -> dict[str, str]:
    return {
        "WWW-Authenticate": (
            'Bearer authorization_uri="https://login.microsoftonline.com/common", '
            f'error="invalid_token", error_description="{description}"'
        )
    }


class MissingApiVersionParameter(ArmError):
    """``api-version`` left out."""

    code = "MissingApiVersionParameter"
    status = 400

    def __init__(self) -> None:
        super().__init__(
            "The api-version query parameter (?api-version=) is required for all requests."
        )


class InvalidApiVersionParameter(ArmError):
    """``api-version`` that is no version at all."""

    code = "InvalidApiVersionParameter"
    status = 400

    def __init__(self, version: str) -> None:
        super().__init__(f"The api-version '{version}' is invalid.")


class NoRegisteredProviderFound(ArmError):
    """A version or a location that this provider has not got."""

    code = "NoRegisteredProviderFound"
    status = 400

    def __init__(self, location: str, version: str, offered: str, offered_location: str) -> None:
        super().__init__(
            f"No registered resource provider found for location '{location}' and API version "
            f"'{version}' for type 'workspaces'. The supported api-versions are '{offered}'. "
            f"The supported locations are '{offered_location}'."
        )


class MissingSubscription(ArmError):
    """A path outside everything Azure Resource Manager serves."""

    code = "MissingSubscription"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            "The request did not have a subscription or a valid tenant level resource provider."
        )


class InvalidResourceType(ArmError):
    """A path under a subscription that names a type the emulator has not got."""

    code = "InvalidResourceType"
    status = 404

    def __init__(self, path: str, version: str) -> None:
        super().__init__(
            f"The resource type could not be found for the path '{path}' for api version "
            f"'{version}'."
        )


class SubscriptionNotFound(ArmError):
    """A subscription that is not there."""

    code = "SubscriptionNotFound"
    status = 404

    def __init__(self, subscription: str) -> None:
        super().__init__(f"The subscription '{subscription}' could not be found.")


class ResourceGroupNotFound(ArmError):
    """A resource group that is not there."""

    code = "ResourceGroupNotFound"
    status = 404

    def __init__(self, group: str) -> None:
        super().__init__(f"Resource group '{group}' could not be found.")


class ResourceNotFound(ArmError):
    """A workspace that is not there."""

    code = "ResourceNotFound"
    status = 404

    def __init__(self, resource: str, group: str) -> None:
        super().__init__(
            f"The Resource '{resource}' under resource group '{group}' was not found. For more "
            "details please go to https://aka.ms/ARMResourceNotFoundFix"
        )


class MethodNotAllowed(ArmError):
    """A method that the resource has not got. Text: ASP.NET's, which the provider runs on."""

    code = "MethodNotAllowed"
    status = 405

    def __init__(self, method: str) -> None:
        super().__init__(f"The requested resource does not support http method '{method}'.")


class RequestEntityTooLarge(ArmError):
    """ARM takes requests of at most 4 MB ("Azure subscription and service limits").

    Code and text: [assumed].
    """

    code = "RequestEntityTooLarge"
    status = 413

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The request content size exceeds the maximum size of {limit_bytes} bytes."
        )


class InvalidRequestContent(ArmError):
    """A body or a parameter that is not what it should be."""

    code = "InvalidRequestContent"
    status = 400

    def __init__(self, why: str) -> None:
        super().__init__(f"The request content was invalid and could not be deserialized: '{why}'.")


class InternalServerError(ArmError):
    """A defect of the emulator."""


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
