"""All rules of a spec that hold whatever Azure has, and which field each of them is about. No I/O.

Sources: "Create an Azure Machine Learning compute instance", "Use tags to organize your Azure
resources", and the REST API's ComputeInstanceProperties, version 2025-12-01.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..errors import InvalidIdleShutdown, InvalidName, UnknownVmSize
from ..instances.durations import duration_from_iso
from ..instances.names import name_problem
from ..instances.setup_scripts import script_problems
from ..instances.wire.spec import AZURES_OWN, HAVE_FIELDS
from ..models import Identity, InstanceIdentity, InstanceSpec, SpecProblem
from .containers import application_problems, data_mount_problems
from .nesting import nesting_problems
from .network import WorkspaceNetwork, network_problems
from .schedules import schedule_problems
from .ssh_keys import ssh_key_problems

IDLE_SHUTDOWN_RANGE = (timedelta(minutes=15), timedelta(days=3))
"""Source: "Configure idle shutdown", Azure Machine Learning, Microsoft Learn."""
MAX_TAGS = 50
MAX_USER_IDENTITIES = 1

_TAG_FORBIDDEN = frozenset("<>%&\\?/")
_TAG_RESERVED = ("azure", "microsoft", "windows")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_IDENTITY = re.compile(
    r"/subscriptions/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[\w.()-]{1,90}"
    r"/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[\w-]{3,128}",
    re.IGNORECASE,
)


def spec_problems(
    spec: InstanceSpec,
    now: datetime,
    *,
    subscription_id: str | None = None,
    around: WorkspaceNetwork | None = None,
    who: Identity | None = None,
) -> list[SpecProblem]:
    """All that is wrong with a spec, or doubtful, in the order of its fields."""
    return [
        *_name(spec.name),
        *_vm_size(spec.vm_size),
        *_texts(spec),
        *_tags(spec.tags),
        *idle_shutdown_problems(spec.idle_shutdown),
        *_never_idle(spec),
        *schedule_problems(spec.schedules, now),
        *script_problems(spec.setup_scripts),
        *_ssh(spec),
        *network_problems(spec.network, subscription_id, around),
        *_assigned_user(spec, who),
        *_identity(spec.identity),
        *application_problems(spec.custom_applications),
        *data_mount_problems(spec.data_mounts),
        *_more(spec),
    ]


def _name(name: str) -> Iterator[SpecProblem]:
    problem = "The name is missing." if not name else name_problem(name)
    if problem is not None:
        yield SpecProblem("name", InvalidName.code, problem, InvalidName.hint)


def _vm_size(name: str) -> Iterator[SpecProblem]:
    if not name.strip():
        yield SpecProblem(
            "vm_size", UnknownVmSize.code, "The VM size is missing.", UnknownVmSize.hint
        )


def _texts(spec: InstanceSpec) -> Iterator[SpecProblem]:
    description = spec.description or ""
    if not description.replace("\n", "").replace("\t", "").isprintable():
        yield SpecProblem(
            "description", "InvalidDescription", "The description has characters that do not show."
        )


def _tags(tags: dict[str, str]) -> Iterator[SpecProblem]:
    if len(tags) > MAX_TAGS:
        yield SpecProblem(
            "tags", "TooManyTags", f"A resource can have {MAX_TAGS} tags; these are {len(tags)}."
        )
    seen: set[str] = set()
    for name, value in tags.items():
        problem = _tag_problem(name, value, seen)
        seen.add(name.lower())
        if problem is not None:
            yield SpecProblem(f"tags.{name}", "InvalidTag", problem)


def _tag_problem(name: str, value: str, seen: set[str]) -> str | None:
    if not name.strip() or not name.isprintable() or not value.isprintable():
        return "Name and value of a tag are text in one line."
    if not _TAG_FORBIDDEN.isdisjoint(name):
        return "The name of a tag has none of < > % & \\ ? /."
    if name.lower().startswith(_TAG_RESERVED):
        return f"Azure keeps names of tags that begin with {', '.join(_TAG_RESERVED)} to itself."
    if name.lower() in seen:
        return "Azure does not tell names of tags apart by capitals: there is another one."
    return None


def idle_shutdown_problems(text: str | None) -> Iterator[SpecProblem]:
    """Whether it is a duration that Azure takes."""
    if text is None:
        return
    duration = duration_from_iso(text)
    shortest, longest = IDLE_SHUTDOWN_RANGE
    if duration is None or not shortest <= duration <= longest:
        yield SpecProblem(
            "idle_shutdown",
            InvalidIdleShutdown.code,
            f"{text[:32]!r} is not a duration from 15 minutes to 3 days.",
            InvalidIdleShutdown.hint,
        )


def _never_idle(spec: InstanceSpec) -> Iterator[SpecProblem]:
    if spec.idle_shutdown is not None and spec.custom_applications:
        yield SpecProblem(
            "idle_shutdown",
            "NeverIdle",
            "Azure documents that an instance is not idle while a custom application runs on it.",
            "Add a schedule that stops it.",
            severity="warning",
        )


def _ssh(spec: InstanceSpec) -> Iterator[SpecProblem]:
    if spec.ssh is None:
        return
    yield from ssh_key_problems("ssh.public_key", spec.ssh.public_key)
    if spec.disable_local_auth:
        yield SpecProblem(
            "disable_local_auth",
            "SshIsLocalAuth",
            "SSH with a key is local authentication, which is switched off here.",
            "Leave out SSH, or allow local authentication.",
        )
    if spec.network is not None and not spec.network.public_ip:
        yield SpecProblem(
            "ssh",
            "SshInsideOnly",
            "Without a public IP address SSH reaches the instance from inside its network only.",
            severity="warning",
        )


def _assigned_user(spec: InstanceSpec, who: Identity | None) -> Iterator[SpecProblem]:
    user = spec.assigned_to
    if user is None:
        return
    for field, value in (("object_id", user.object_id), ("tenant_id", user.tenant_id)):
        if not _GUID.fullmatch(value):
            what = "The object id of the user" if field == "object_id" else "The tenant id"
            wrong = "is missing" if not value else f"is a GUID, and {value[:48]!r} is none"
            yield SpecProblem(
                f"assigned_to.{field}",
                "InvalidGuid",
                f"{what} {wrong}.",
                "Microsoft Entra ID shows it with the user: 8 letters and digits, a hyphen, ….",
            )
    if spec.ssh is not None:
        yield SpecProblem(
            "assigned_to.object_id",
            "SshOnBehalfOf",
            "Azure refuses SSH on an instance that is created on behalf of another user.",
            "Leave out the SSH key; the user can open a terminal in JupyterLab.",
        )
    own = who.tenant_id if who is not None else None
    if own and _GUID.fullmatch(user.tenant_id) and own.lower() != user.tenant_id.lower():
        yield SpecProblem(
            "assigned_to.tenant_id",
            "OtherTenant",
            "This is another tenant than the one that you are signed in to.",
            severity="warning",
        )


def _identity(identity: InstanceIdentity | None) -> Iterator[SpecProblem]:
    if identity is None:
        return
    seen: set[str] = set()
    for index, each in enumerate(identity.user_assigned):
        field = f"identity.user_assigned.{index}"
        if not _IDENTITY.fullmatch(each):
            yield SpecProblem(
                field,
                "InvalidIdentity",
                f"{each[:80]!r} is not the ARM id of a user-assigned identity.",
                "It looks like /subscriptions/…/resourceGroups/…/providers/"
                "Microsoft.ManagedIdentity/userAssignedIdentities/…",
            )
        elif each.lower() in seen:
            yield SpecProblem(field, "InvalidIdentity", "The identity is there twice.")
        seen.add(each.lower())
    count = len(identity.user_assigned) + identity.system_assigned
    if count > MAX_USER_IDENTITIES:
        yield SpecProblem(
            "identity",
            "SeveralIdentities",
            "Azure documents one identity for a compute instance: its own, or one of yours.",
            "Code on the instance then has to name the one that it means.",
            severity="warning",
        )


def _more(spec: InstanceSpec) -> Iterator[SpecProblem]:
    for key in spec.more:
        if key in HAVE_FIELDS or key in AZURES_OWN:
            why = "has a field of its own" if key in HAVE_FIELDS else "is Azure's to set"
            yield SpecProblem("more", "NotMore", f"{key} {why}.")
    yield from nesting_problems("more", spec.more)
