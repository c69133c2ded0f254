"""Azure's errors as classes: code, HTTP status and document. Knows nothing of HTTP handlers.

::

    ArmError                               answered by Azure Resource Manager's front door
    ├── AuthenticationFailed           401
    ├── InvalidAuthenticationToken     401
    ├── MissingApiVersionParameter     400
    ├── InvalidApiVersionParameter     400
    ├── NoRegisteredProviderFound      400
    ├── MissingSubscription            404
    ├── InvalidResourceType            404
    ├── SubscriptionNotFound           404
    ├── ResourceGroupNotFound          404
    ├── ResourceNotFound               404
    ├── MethodNotAllowed               405
    ├── RequestEntityTooLarge          413
    ├── InvalidRequestContent          400
    ├── InternalServerError            500
    └── MachineLearningError               answered by Microsoft.MachineLearningServices
        ├── ComputeNotFound            404
        ├── OperationNotFound          404
        ├── InvalidResourceName        400
        ├── ComputeNameConflict        409
        ├── ComputeConflict            409
        ├── WrongState                 400 (one code per action)
        ├── QuotaExceeded              400
        ├── NotSupported               400
        └── BadArgument                400

Sources. The front door's documents: "Resource provider errors" in the ARM RPC contract
(cloud-and-ai-microsoft/resource-provider-contract) and the answers quoted in
learn.microsoft.com "Troubleshoot common Azure deployment errors". The provider's
``additionalInfo`` entries (ComponentName, Correlation, Environment, Location, Time,
InnerError): as azure-ai-ml prints them in Azure/azure-sdk-for-python#34362 and many others.
"""

from __future__ import annotations

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
        target: str | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.error_code = code or self.code
        self.status_code = status or self.status
        self.target = target
        self.details = details or []

    def document(self) -> dict[str, Any]:
        """What stands under ``error``."""
        error: dict[str, Any] = {"code": self.error_code, "message": self.message}
        if self.target is not None:
            error["target"] = self.target
        if self.details:
            error["details"] = self.details
        return error

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
        return {
            "WWW-Authenticate": (
                'Bearer authorization_uri="https://login.microsoftonline.com/common", '
                'error="invalid_token", '
                'error_description="The authentication failed because of missing '
                "'Authorization' header.\""
            )
        }


class InvalidAuthenticationToken(ArmError):
    """A token that cannot be read, or that has expired (code ExpiredAuthenticationToken)."""

    code = "InvalidAuthenticationToken"
    status = 401

    def headers(self) -> dict[str, str]:
        return {
            "WWW-Authenticate": (
                'Bearer authorization_uri="https://login.microsoftonline.com/common", '
                f'error="invalid_token", error_description="{self.message}"'
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
        super().__init__(
            f"The api-version '{version}' is invalid. The supported versions are "
            "'2022-12-01,2022-09-01,2022-06-01,2022-05-01,2022-03-01-preview,2022-01-01'."
        )


class NoRegisteredProviderFound(ArmError):
    """A version that this provider never had."""

    code = "NoRegisteredProviderFound"
    status = 400

    def __init__(self, location: str, version: str, resource_type: str, supported: str) -> None:
        super().__init__(
            f"No registered resource provider found for location '{location}' and API version "
            f"'{version}' for type '{resource_type}'. The supported api-versions are "
            f"'{supported}'. The supported locations are '{location}'."
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

    def __init__(self, path: str) -> None:
        super().__init__(f"The resource type could not be found for the path '{path}'.")


class SubscriptionNotFound(ArmError):
    code = "SubscriptionNotFound"
    status = 404

    def __init__(self, subscription: str) -> None:
        super().__init__(f"The subscription '{subscription}' could not be found.")


class ResourceGroupNotFound(ArmError):
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
    code = "MethodNotAllowed"
    status = 405

    def __init__(self, method: str) -> None:
        super().__init__(f"The requested resource does not support http method '{method}'.")


class RequestEntityTooLarge(ArmError):
    """ARM takes requests of at most 4 MB ("Azure subscription and service limits")."""

    code = "RequestEntityTooLarge"
    status = 413

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"The request content size exceeds the maximum size of {limit_bytes} bytes."
        )


class InvalidRequestContent(ArmError):
    """A body that is not the JSON it should be."""

    code = "InvalidRequestContent"
    status = 400

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The request content was invalid and could not be deserialized: '{why}'."
        )


class InternalServerError(ArmError):
    """A defect of the emulator."""


class MachineLearningError(ArmError):
    """An answer of the resource provider; the wire adds its ``additionalInfo``."""

    code = "UserError"
    status = 400


class ComputeNotFound(MachineLearningError):
    code = "ComputeNotFound"
    status = 404

    def __init__(self, name: str, workspace: str) -> None:
        super().__init__(f"Compute with name {name} not found in workspace {workspace}.")


class OperationNotFound(MachineLearningError):
    code = "NotFound"
    status = 404

    def __init__(self, operation_id: str) -> None:
        super().__init__(f"Operation {operation_id} was not found.")


class InvalidResourceName(MachineLearningError):
    """Code and text: microsoft/AzureTRE#3661, MicrosoftDocs/pipelines-azureml#19."""

    code = "InvalidResourceName"
    status = 400


class ComputeNameConflict(MachineLearningError):
    """A name that another workspace of the region holds.

    Text: microsoft/MCW-ML-Ops#28. Code and status: [assumed].
    """

    code = "ComputeNameConflict"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Compute with name {name} already exists. Compute name needs to be unique across "
            "all existing computes within an Azure region."
        )


class ComputeConflict(MachineLearningError):
    """A request that cannot be taken while another one is at work. [assumed]"""

    code = "Conflict"
    status = 409


class WrongState(MachineLearningError):
    """An action that the instance's state does not allow; the code names the action.

    ``StartComputeInstanceOnlyAllowedInStoppedState`` and its text:
    microsoft/vscode-tools-for-ai#2096. The others are formed after it. [assumed]
    """

    status = 400


class QuotaExceeded(MachineLearningError):
    """Text: Azure/feast-azure#69 and MicrosoftDocs/mslearn-aml-labs#8."""

    code = "BadRequest"
    status = 400


class NotSupported(MachineLearningError):
    """Text: ``az ml compute list-nodes`` in MicrosoftDocs/azure-docs#85756."""

    code = "UserError"
    status = 400

    def __init__(self, operation: str, compute_type: str) -> None:
        super().__init__(f"{operation} with computeType {compute_type} is not supported.")


class BadArgument(MachineLearningError):
    """A value in the body that the provider refuses."""

    code = "BadArgument"
    status = 400
