"""The notebook file share on Azure's wire: ``Datastores_Get`` and ``Datastores_ListSecrets``.

Source: Azure Machine Learning REST API 2025-12-01, DatastoreData and DatastoreSecrets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from ...errors import AzureError
from .base import Arm

AZURE_FILE = "AzureFile"
_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_SHARE = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,62}")
_SUFFIX = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")


class _DatastoreProperties(Arm, frozen=True):
    datastore_type: str | None = None
    account_name: str = ""
    file_share_name: str = ""
    endpoint: str | None = None


class _Datastore(Arm, frozen=True):
    properties: _DatastoreProperties


class _Secrets(Arm, frozen=True):
    key: str | None = None
    sas_token: str | None = None


@dataclass(frozen=True)
class FileShare:
    """A share of Azure Files."""

    account: str
    name: str
    suffix: str
    """Of the cloud's storage: ``core.windows.net``."""

    @property
    def account_url(self) -> str:
        """Where Azure serves the account. Raises AzureError where the suffix is no host's.

        A token is sent there, so it is made of names that are nothing else.
        """
        if not _SUFFIX.fullmatch(self.suffix):
            raise AzureError("The workspace's datastore names no host of Azure's storage.")
        return f"https://{self.account}.file.{self.suffix}"


@dataclass(frozen=True)
class ShareSecret:
    """What opens a share to whoever has it. It is kept in memory only, and never shown."""

    key: str | None
    sas: str | None

    def __repr__(self) -> str:
        return "ShareSecret(…)"


def file_share_from_arm(content: bytes) -> FileShare:
    """The share of an AzureFile datastore. Raises AzureError where it is none."""
    datastore = msgspec.json.decode(content, type=_Datastore).properties
    usable = (
        datastore.datastore_type == AZURE_FILE
        and _ACCOUNT.fullmatch(datastore.account_name)
        and _SHARE.fullmatch(datastore.file_share_name)
    )
    if not usable:
        raise AzureError("The workspace's own datastore is no file share that can be read.")
    suffix = (datastore.endpoint or "core.windows.net").lower()
    return FileShare(datastore.account_name, datastore.file_share_name, suffix)


def share_secret_from_arm(content: bytes) -> ShareSecret | None:
    """The account key or the SAS of a datastore; None where it has neither."""
    secrets = msgspec.json.decode(content, type=_Secrets)
    if not (secrets.key or secrets.sas_token):
        return None
    return ShareSecret(secrets.key, secrets.sas_token)
