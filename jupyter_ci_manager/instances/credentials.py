"""Sign-in to Azure: a chain of credentials that says what it tried, and the emulator's stand-in.

``azure.identity`` is imported on first use, on a thread. Tokens stay inside this module, the
SDK and ``jupyter_endpoint.py``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ..errors import AzureTimeout, AzureUnavailable, CiManagerError, SignInRequired
from ..models import Identity, SignInAttempt
from .sdk import import_off_loop

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.core.credentials_async import AsyncTokenCredential

    Maker = Callable[[str], AsyncTokenCredential]

CREDENTIAL_NAMES = (
    "environment",
    "workload_identity",
    "compute_instance",
    "managed_identity",
    "azure_cli",
    "azure_developer_cli",
    "azure_powershell",
)
ATTEMPT_TIMEOUT_SECONDS = 15.0
IMDS_CONNECT_SECONDS = 1.0
"""On a machine of Azure's the metadata service answers at once; elsewhere nobody ever does."""
FAILURE_LASTS_SECONDS = 10.0
"""How long a failed sign-in is believed, so that many tabs do not start many `az` processes."""


class AzureCredential(Protocol):
    """What the adapter needs of a credential; the SDK needs ``get_token``."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token for the scopes. Raises SignInRequired."""

    @property
    def identity(self) -> Identity | None:
        """Who the last token belonged to; None before there was one."""

    @property
    def attempts(self) -> list[SignInAttempt]:
        """What the last sign-in tried."""

    def policies(self) -> list[Any]:
        """Policies that the SDK's pipeline needs for this credential."""

    def forget(self) -> None:
        """Try the whole chain again at the next call."""

    async def close(self) -> None:
        """Release connections."""


class CredentialChain:
    """The credentials of ``names`` in order; the first that gives a token is kept.

    Unlike the SDK's own chain it goes on after a credential that is present but unusable (a managed
    identity without rights to tokens), and it keeps the reason of every attempt. ``clock`` is
    monotonic seconds; ``make`` turns a name into a credential and may raise ValueError.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        environ: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        make: Maker | None = None,
    ) -> None:
        self._names = names
        self._environ = os.environ if environ is None else environ
        self._clock = clock
        self._make = make
        self._lock = asyncio.Lock()
        self._chosen: AsyncTokenCredential | None = None
        self._retired: list[AsyncTokenCredential] = []
        self._failure: CiManagerError | None = None
        self._failed_at = float("-inf")
        self._attempts: list[SignInAttempt] = []
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity | None:
        """Who the last token belonged to; None before there was one."""
        return self._identity

    @property
    def attempts(self) -> list[SignInAttempt]:
        """What the last sign-in tried."""
        return list(self._attempts)

    def policies(self) -> list[Any]:
        """None: Azure itself needs no exception."""
        return []

    def forget(self) -> None:
        """Try the whole chain again at the next call."""
        if self._chosen is not None:
            self._retired.append(self._chosen)
        self._chosen = self._failure = None

    async def close(self) -> None:
        """Release the connections of all credentials."""
        self.forget()
        await self._close_retired()

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token for the scopes.

        Raises SignInRequired, or AzureUnavailable or AzureTimeout where a credential is there and
        its service is not.
        """
        # Whoever stops waiting must not make the next one begin the chain anew.
        token = await asyncio.shield(asyncio.ensure_future(self._token(scopes, options)))
        self._identity = identity_of(token.token)
        return token

    async def _token(self, scopes: tuple[str, ...], options: dict[str, Any]) -> AccessToken:
        async with self._lock:
            await self._close_retired()
            if self._chosen is not None:
                token = await self._renewed(self._chosen, scopes, options)
                if token is not None:
                    return token
            return await self._signed_in(scopes, options)

    async def _renewed(
        self, chosen: AsyncTokenCredential, scopes: tuple[str, ...], options: dict[str, Any]
    ) -> AccessToken | None:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            return await asyncio.wait_for(
                chosen.get_token(*scopes, **options), ATTEMPT_TIMEOUT_SECONDS
            )
        except asyncio.TimeoutError:
            raise AzureTimeout("The sign-in service did not answer in time.") from None
        except ClientAuthenticationError:
            # Signed out, or signed in as somebody else meanwhile.
            self.forget()
            return None
        except AzureError as error:
            raise AzureUnavailable(f"The sign-in could not be renewed: {_reason(error)}") from error

    async def _signed_in(self, scopes: tuple[str, ...], options: dict[str, Any]) -> AccessToken:
        if self._failure is not None and self._clock() - self._failed_at < FAILURE_LASTS_SECONDS:
            raise self._failure
        self._attempts, self._failure = [], None
        for name in self._names:
            token = await self._tried(name, scopes, options)
            if token is not None:
                return token
        if self._failure is None:
            tried = ", ".join(attempt.credential for attempt in self._attempts) or "nothing"
            self._failure = SignInRequired(f"No credential gave a token for Azure. Tried: {tried}.")
        self._failed_at = self._clock()
        raise self._failure

    async def _tried(
        self, name: str, scopes: tuple[str, ...], options: dict[str, Any]
    ) -> AccessToken | None:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        make = self._make or await _maker(self._environ)
        credential: AsyncTokenCredential | None = None
        try:
            credential = make(name)
            token = await asyncio.wait_for(
                credential.get_token(*scopes, **options), ATTEMPT_TIMEOUT_SECONDS
            )
        except asyncio.TimeoutError:
            reason = f"No answer within {ATTEMPT_TIMEOUT_SECONDS:.0f} seconds."
        except (ClientAuthenticationError, ValueError, OSError) as error:
            reason = _reason(error)
        except AzureError as error:
            # It is configured, and might well have worked: being signed out is not what is wrong.
            reason = _reason(error)
            self._failure = AzureUnavailable(f"Signing in with {name} failed: {reason}")
        else:
            self._chosen, self._failure = credential, None
            self._attempts.append(SignInAttempt(name, succeeded=True))
            return token
        if credential is not None:
            self._retired.append(credential)
        self._attempts.append(SignInAttempt(name, succeeded=False, reason=reason))
        return None

    async def _close_retired(self) -> None:
        retired, self._retired = self._retired, []
        for credential in retired:
            await credential.close()


@dataclass
class EmulatorCredential:
    """Signs in to the emulator with a token that is none: claims without a signature."""

    object_id: str
    tenant_id: str
    name: str
    attempts: list[SignInAttempt] = field(default_factory=list)

    @property
    def identity(self) -> Identity:
        """The person that the emulator sees."""
        return Identity(
            object_id=self.object_id, tenant_id=self.tenant_id, name=self.name, kind="user"
        )

    def policies(self) -> list[Any]:
        """The exception to "tokens only over TLS", which holds for this credential alone."""
        from azure.core.pipeline import PipelineRequest
        from azure.core.pipeline.policies import SansIOHTTPPolicy

        class AllowPlainHttp(SansIOHTTPPolicy[Any, Any]):
            """Lets the bearer token policy send over HTTP to this machine."""

            def on_request(self, request: PipelineRequest[Any]) -> None:
                request.context.options.setdefault("enforce_https", False)

        return [AllowPlainHttp()]

    def forget(self) -> None:
        """Nothing to forget."""

    async def close(self) -> None:
        """Nothing to close."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token that says who acts and is worth nothing anywhere else."""
        from azure.core.credentials import AccessToken

        expires_on = int(time.time()) + 3600
        claims = {
            "oid": self.object_id,
            "tid": self.tenant_id,
            "upn": self.name,
            "name": self.name,
            "idtyp": "user",
            "exp": expires_on,
        }
        parts = [{"alg": "none", "typ": "JWT"}, claims]
        token = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        return AccessToken(f"{token}.", expires_on)


def emulator_credential(environ: Mapping[str, str] | None = None) -> EmulatorCredential:
    """The emulator's default person, or the one of ``JUPYTER_CI_EMULATOR_USER`` (an object id)."""
    environ = os.environ if environ is None else environ
    return EmulatorCredential(
        object_id=environ.get("JUPYTER_CI_EMULATOR_USER", "5d3a8c1e-7b5f-4f0e-8a55-0c7c7b1f1a01"),
        tenant_id="72f0c1de-3a4e-4b7a-9a64-6d1d5a2f0c11",
        name=environ.get("JUPYTER_CI_EMULATOR_USER_NAME", "amy@contoso.com"),
    )


class _Claims(msgspec.Struct, frozen=True):
    oid: str | None = None
    tid: str | None = None
    name: str | None = None
    upn: str | None = None
    preferred_username: str | None = None
    idtyp: str | None = None
    app_displayname: str | None = None


def identity_of(token: str) -> Identity:
    """Who an access token belongs to, by its claims; all unknown where it is not a JWT."""
    try:
        payload = token.split(".")[1]
        claims = msgspec.json.decode(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims
        )
    except (IndexError, ValueError, msgspec.MsgspecError):
        return Identity()
    is_app = claims.idtyp == "app"
    return Identity(
        object_id=claims.oid,
        tenant_id=claims.tid,
        name=claims.upn or claims.preferred_username or claims.name or claims.app_displayname,
        kind="service_principal" if is_app else "user",
    )


async def _maker(environ: Mapping[str, str]) -> Maker:
    identity = await import_off_loop("azure.identity.aio")
    # The pipeline that asks for the token retries too: four times four tries would take a minute.
    few = {"retry_total": 1}
    makers: dict[str, Callable[[], AsyncTokenCredential]] = {
        "environment": lambda: identity.EnvironmentCredential(**few),
        "workload_identity": lambda: identity.WorkloadIdentityCredential(**few),
        # On an instance with single sign-on, and without a client id, it is the user's own token.
        "compute_instance": lambda: _compute_instance(identity, environ),
        "managed_identity": lambda: identity.ManagedIdentityCredential(
            client_id=environ.get("DEFAULT_IDENTITY_CLIENT_ID"),
            connection_timeout=IMDS_CONNECT_SECONDS,
            retry_connect=0,
        ),
        "azure_cli": identity.AzureCliCredential,
        "azure_developer_cli": identity.AzureDeveloperCliCredential,
        "azure_powershell": identity.AzurePowerShellCredential,
    }
    return lambda name: makers[name]()


def _compute_instance(identity: Any, environ: Mapping[str, str]) -> AsyncTokenCredential:
    if not environ.get("MSI_ENDPOINT"):
        raise ValueError("This is not a compute instance (MSI_ENDPOINT is not set).")
    made: AsyncTokenCredential = identity.ManagedIdentityCredential()
    return made


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:300]


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
