"""The errors of Azure Files, as classes with code, status and text.

::

    FileServiceError                       what the XML document says
    ├── InvalidUri                     400
    ├── InvalidResourceName            400
    ├── InvalidHeaderValue             400
    ├── MissingRequiredHeader          400
    ├── UnsupportedQueryParameter      400
    ├── OutOfRangeQueryParameterValue  400
    ├── NoAuthenticationInformation    401
    ├── InvalidAuthenticationInfo      401
    ├── AuthenticationFailed           403  a signature that is not right
    ├── AuthorizationFailure           403  the account's network rules
    ├── AuthorizationPermissionMismatch 403 no role for the data
    ├── KeyBasedAuthenticationNotPermitted 403
    ├── ResourceNotFound               404
    ├── ParentNotFound                 404
    ├── ShareNotFound                  404
    ├── UnsupportedHttpVerb            405
    ├── ResourceAlreadyExists          409
    ├── ResourceTypeMismatch           409
    ├── DirectoryNotEmpty              409
    ├── RequestBodyTooLarge            413
    ├── InvalidRange                   416
    └── InternalError                  500

Codes, statuses and texts: "Common REST API error codes" and "File service error codes"
(learn.microsoft.com/rest/api/storageservices). A missing header as it is answered, with its name:
Azure/azure-sdk-for-net#36365. Knows no HTTP handlers.
"""

from __future__ import annotations

from typing import ClassVar

_NOT_AUTHENTICATED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header is "
    "formed correctly including the signature."
)


class FileServiceError(Exception):
    """An error document with the status it is sent with; ``extra`` are further elements of it."""

    code: ClassVar[str] = "InternalError"
    status: ClassVar[int] = 500
    text: ClassVar[str] = "Server encountered an internal error. Please try again after some time."

    def __init__(self, **extra: str) -> None:
        super().__init__(self.text)
        self.extra = extra

    def headers(self) -> dict[str, str]:
        """Headers that go with the document."""
        return {}


class InternalError(FileServiceError):
    """A defect of the emulator."""


class InvalidUri(FileServiceError):
    """A path that leads nowhere."""

    code, status = "InvalidUri", 400
    text = "The requested URI does not represent any resource on the server."


class InvalidResourceName(FileServiceError):
    """A name with characters that a file or a directory may not have (misspelt by Azure)."""

    code, status = "InvalidResourceName", 400
    text = "The specifed resource name contains invalid characters."


class InvalidHeaderValue(FileServiceError):
    """A header with a value that makes no sense."""

    code, status = "InvalidHeaderValue", 400
    text = "The value for one of the HTTP headers is not in the correct format."

    def __init__(self, name: str, value: str) -> None:
        super().__init__(HeaderName=name, HeaderValue=value)


class MissingRequiredHeader(FileServiceError):
    """A header that is not there."""

    code, status = "MissingRequiredHeader", 400
    text = "An HTTP header that's mandatory for this request is not specified."

    def __init__(self, name: str) -> None:
        super().__init__(HeaderName=name)


class UnsupportedQueryParameter(FileServiceError):
    """Something that Azure may do and the emulator does not."""

    code, status = "UnsupportedQueryParameter", 400
    text = "One of the query parameters specified in the request URI is not supported."


class OutOfRangeQueryParameterValue(FileServiceError):
    """A page of no or of too many entries."""

    code, status = "OutOfRangeQueryParameterValue", 400
    text = (
        "One of the query parameters specified in the request URI is outside the permissible range."
    )


class NoAuthenticationInformation(FileServiceError):
    """A request of nobody. The challenge: ``StorageHttpChallenge`` of azure-storage-file-share."""

    code, status = "NoAuthenticationInformation", 401
    text = (
        "Server failed to authenticate the request. Please refer to the information in the "
        "www-authenticate header."
    )

    def headers(self) -> dict[str, str]:
        """The challenge that tells a client where to sign in."""
        return {
            "WWW-Authenticate": (
                "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize"
                " resource_id=https://storage.azure.com"
            )
        }


class InvalidAuthenticationInfo(NoAuthenticationInformation):
    """A token that cannot be read."""

    code = "InvalidAuthenticationInfo"


class AuthenticationFailed(FileServiceError):
    """A signature or a date that is not right."""

    code, status, text = "AuthenticationFailed", 403, _NOT_AUTHENTICATED

    def __init__(self, detail: str) -> None:
        super().__init__(AuthenticationErrorDetail=detail)


class AuthorizationFailure(FileServiceError):
    """Who asks is in a network that the account does not let in.

    "Configure Azure Storage firewalls and virtual networks" and people's reports of it.
    """

    code, status = "AuthorizationFailure", 403
    text = "This request is not authorized to perform this operation."


class AuthorizationPermissionMismatch(FileServiceError):
    """A token of somebody who has no role that covers the data."""

    code, status = "AuthorizationPermissionMismatch", 403
    text = "This request is not authorized to perform this operation using this permission."


class KeyBasedAuthenticationNotPermitted(FileServiceError):
    """An account that takes no keys ("Prevent Shared Key authorization")."""

    code, status = "KeyBasedAuthenticationNotPermitted", 403
    text = "Key based authentication is not permitted on this storage account."


class ResourceNotFound(FileServiceError):
    """No such file or directory."""

    code, status = "ResourceNotFound", 404
    text = "The specified resource does not exist."


class ParentNotFound(FileServiceError):
    """No directory to put it in."""

    code, status = "ParentNotFound", 404
    text = "The specified parent path does not exist."


class ShareNotFound(FileServiceError):
    """No such share."""

    code, status = "ShareNotFound", 404
    text = "The specified share does not exist."


class UnsupportedHttpVerb(FileServiceError):
    """A method that the resource has not got."""

    code, status = "UnsupportedHttpVerb", 405
    text = "The resource doesn't support the specified HTTP verb."


class ResourceAlreadyExists(FileServiceError):
    """A directory that is there."""

    code, status = "ResourceAlreadyExists", 409
    text = "The specified resource already exists."


class ResourceTypeMismatch(FileServiceError):
    """A directory where a file is meant, or the other way round."""

    code, status = "ResourceTypeMismatch", 409
    text = "The specified resource type does not match the type of the existing resource."


class DirectoryNotEmpty(FileServiceError):
    """A directory that is to be deleted with what is in it."""

    code, status = "DirectoryNotEmpty", 409
    text = "The specified directory is not empty."


class RequestBodyTooLarge(FileServiceError):
    """More than 4 MiB at once."""

    code, status = "RequestBodyTooLarge", 413
    text = "The size of the request body exceeds the maximum size permitted."


class InvalidRange(FileServiceError):
    """Bytes beyond the end."""

    code, status = "InvalidRange", 416
    text = "The range specified is invalid for the current size of the resource."
