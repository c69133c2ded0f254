"""Errors of Azure, and of the way to it."""

from __future__ import annotations

from .base import BadRequest, CiManagerError, Conflict


class SignInRequired(CiManagerError):
    """No credential gave a token for Azure."""

    code = "SignInRequired"
    status = 403
    hint = "Sign in, for example with `az login` in a terminal, then try again."


class RefusedByAzure(BadRequest):
    """Azure does not take the request, for a reason that has no class of its own here."""

    code = "RefusedByAzure"
    hint = "The message is Azure's own. Change what it names, then try again."


class InvalidEndpoint(Conflict):
    """The configured endpoint cannot be used."""

    code = "InvalidEndpoint"
    hint = (
        "Correct CiManagerApp.endpoint or JUPYTER_CI_ENDPOINT, or take it away for Azure's public "
        "cloud, then restart the Jupyter server."
    )


class AzureError(CiManagerError):
    """Azure answered with an error of its own."""

    code = "AzureError"
    status = 502
    hint = "The message is Azure's own. Try again; if it stays, quote the request id to support."


class AddressNotFollowed(AzureError):
    """Azure's answer leads to another address, to which the token must not go."""

    code = "AddressNotFollowed"
    hint = "Check the endpoint in the server's configuration, and what proxy lies before it."


class AzureThrottled(AzureError):
    """Azure asks to slow down."""

    code = "AzureThrottled"
    status = 429
    hint = "Azure limits how often it can be asked. It is tried again by itself."


class AzureUnavailable(AzureError):
    """Azure could not be reached: nothing was sent."""

    code = "AzureUnavailable"
    status = 503
    hint = (
        "Check the network connection, proxy and Azure's status page. It is tried again by itself."
    )


class AzureServerError(AzureUnavailable):
    """Azure failed on its side, with a status of 500 or more."""

    code = "AzureServerError"
    hint = "Azure has trouble of its own: see its status page. It is tried again by itself."


class AzureConnectionLost(AzureUnavailable):
    """The connection broke after the request was sent."""

    code = "AzureConnectionLost"
    hint = "It may still have been carried out: refresh to see the state."


class AzureTimeout(AzureError):
    """Azure did not answer in time."""

    code = "AzureTimeout"
    status = 504
    hint = "It may still have been carried out: refresh to see the state."
