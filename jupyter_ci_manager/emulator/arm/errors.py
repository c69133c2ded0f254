"""The errors of Azure Resource Manager's front door, as classes with code, status and document.

::

    ArmError                               the shape that every error has
    ├── AuthenticationFailed           401
    ├── InvalidAuthenticationToken     401
    ├── AuthorizationFailed            403
    ├── MissingApiVersionParameter     400
    ├── InvalidApiVersionParameter     400
    ├── NoRegisteredProviderFound      400
    ├── MissingSubscription            404
    ├── InvalidResourceType            404
    ├── SubscriptionNotFound           404
    ├── ResourceGroupNotFound          404
    ├── ResourceNotFound               404
    ├── NotFound                       404
    ├── MethodNotAllowed               405
    ├── RequestEntityTooLarge          413
    ├── InvalidRequestContent          400
    ├── InternalServerError            500
    ├── MachineLearningError               see provider_errors.py
    └── ComputeServiceError                see provider_errors.py

Knows nothing of HTTP handlers. Sources: "Troubleshoot common Azure deployment errors"
(learn.microsoft.com) and the ARM RPC contract; what has none says "[assumed]".
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


class AuthorizationFailed(ArmError):
    """An action that no role of the caller grants. "Troubleshoot Azure RBAC" quotes the text."""

    code = "AuthorizationFailed"
    status = 403

    def __init__(self, user: str, object_id: str, action: str, scope: str) -> None:
        super().__init__(
            f"The client '{user}' with object id '{object_id}' does not have authorization to "
            f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access "
            "was recently granted, please refresh your credentials."
        )


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


class NotFound(ArmError):
    """A part of a resource that is not there, such as a subnet. Text: [assumed]."""

    code = "NotFound"
    status = 404


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
