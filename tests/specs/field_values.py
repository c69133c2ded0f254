"""Values of all other fields, and all of them together."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .application_values import APPLICATIONS, MOUNTS, application
from .case import HOSTILE, UNREADABLE, Case, deep, nested, of
from .schedule_values import SCHEDULES

SUBSCRIPTION = "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/ml-team/providers"
SUBNET = f"{GROUP}/Microsoft.Network/virtualNetworks/ml-vnet/subnets/compute"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/ml-jobs"
GUID = "11111111-2222-3333-4444-555555555555"


def _line(key: Any) -> str:
    line: bytes = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return line.decode()


RSA_KEY = f"{_line(rsa.generate_private_key(65537, 2048))} amy@laptop"
ED25519_KEY = _line(ed25519.Ed25519PrivateKey.generate())
ECDSA_KEY = _line(ec.generate_private_key(ec.SECP256R1()))
SHORT_KEY = _line(rsa.generate_private_key(65537, 1024))  # noqa: S505  Too short: that is the point.
OLD_KEY = "ssh-dss " + base64.b64encode(b"\0\0\0\x07ssh-dss").decode()


def script(**changes: Any) -> dict[str, Any]:
    return {"source": "inline", "data": "#!/bin/bash\nset -e\n"} | changes


def _script(
    field: str, code: str | None, *changes: dict[str, Any], severity: str = "error"
) -> list[Case]:
    return [
        Case(
            f"setup_scripts.{which}.{field}",
            {"setup_scripts": {which: script(**each)}},
            code,
            severity,
        )
        for which in ("creation", "startup")
        for each in changes
    ]


NAME = [
    *of("name", None, "abc", "a" * 24, "gpu-4x"),
    *of("name", "InvalidName", "", " ", "ab", "a" * 25, "1abc", "a--b", "etl-2", "abc-", "new ci"),
    *of("name", "InvalidName", *HOSTILE, "новый", "a%2fb"),
    *of("name", UNREADABLE, "x" * 257, 3, None, [], {}),
]
VM_SIZE = [
    *of("vm_size", "UnknownVmSize", "", "  "),
    *of("vm_size", UNREADABLE, "x" * 129, 3, None, []),
]
DESCRIPTION = [
    *of(
        "description",
        None,
        None,
        "",
        "x" * 1024,
        "two\nlines",
        "日本語",
        "<script>alert(1)</script>",
    ),
    *of("description", "InvalidDescription", "\x00", "\x1b[31m", "\u202e"),
    *of("description", UNREADABLE, "x" * 1025, 7, []),
]
TAGS = [
    *of("tags", None, {}, {"a": ""}, {"a" * 512: "x" * 256}, {f"t{i}": "" for i in range(50)}),
    *of("tags", "TooManyTags", {f"t{i}": "" for i in range(51)}),
    *(
        Case(f"tags.{name}", {"tags": {name: "x"}}, "InvalidTag")
        for name in (
            "a<b",
            "a>b",
            "50%",
            "a&b",
            "a\\b",
            "why?",
            "a/b",
            "azure-x",
            "Windows",
            "microsoft",
            " ",
            *HOSTILE[2:5],
            HOSTILE[6],
        )
    ),
    Case("tags.a", {"tags": {"a": "x\x00"}}, "InvalidTag"),
    Case("tags.TEAM", {"tags": {"team": "x", "TEAM": "y"}}, "InvalidTag"),
    *of(
        "tags", UNREADABLE, {"": "x"}, {"a": "x" * 257}, {"a" * 513: ""}, {"a": 1}, [], "a=b", None
    ),
]
IDLE = [
    *of("idle_shutdown", None, None, "PT15M", "PT900S", "P3D", "PT72H", "P1DT2H"),
    *of(
        "idle_shutdown", "InvalidIdleShutdown", "", "PT14M59S", "P3DT1S", "PT0S", "-PT30M", "1 hour"
    ),
    *of("idle_shutdown", "InvalidIdleShutdown", "P" * 32, "PT" + "9" * 20 + "M", *HOSTILE),
    Case(
        "idle_shutdown",
        {"idle_shutdown": "PT60M", "custom_applications": [application()]},
        "NeverIdle",
        "warning",
    ),
    *of("idle_shutdown", UNREADABLE, "P" * 33, 60, [], {}),
]
SCRIPTS = [
    *of("setup_scripts", None, None, {}),
    *_script(
        "data",
        None,
        {},
        {"data": "x" * 30720},
        {"data": "Users/amy/setup.sh", "source": "workspaceStorage"},
    ),
    *_script(
        "data",
        "InvalidSetupScript",
        {"data": " \n"},
        {"data": "x" * 30721},
        {"data": "é" * 15361},
        {"data": "a\0b"},
    ),
    *_script(
        "data",
        "InvalidSetupScript",
        *(
            {"source": "workspaceStorage", "data": path}
            for path in (
                "/etc/passwd",
                "../x.sh",
                "a\\b.sh",
                "https://x/y.sh",
                "a\nb.sh",
                "a//b.sh",
            )
        ),
    ),
    *_script(
        "data",
        "NotNamedSh",
        {"source": "workspaceStorage", "data": "Users/amy/setup.py"},
        severity="warning",
    ),
    *_script("data", UNREADABLE, {"data": ""}, {"data": "x" * (256 * 1024 + 1)}, {"data": 3}),
    *_script("source", UNREADABLE, {"source": "git"}, {"source": None}),
    *_script(
        "arguments",
        None,
        {"arguments": None},
        {"arguments": ""},
        {"arguments": "--name $(x) 'y z'"},
    ),
    *_script(
        "arguments",
        "InvalidSetupScript",
        {"arguments": "a\nb"},
        {"arguments": "\x00"},
        {"arguments": "\x1b[31m"},
    ),
    *_script("arguments", UNREADABLE, {"arguments": "x" * 4097}, {"arguments": ["a"]}),
    *_script("timeout_minutes", None, {"timeout_minutes": 1}, {"timeout_minutes": 1440}),
    *_script(
        "timeout_minutes",
        UNREADABLE,
        {"timeout_minutes": 0},
        {"timeout_minutes": 1441},
        {"timeout_minutes": "15m"},
        {"timeout_minutes": 1.5},
    ),
]
SSH = [
    *deep("ssh.public_key", None, RSA_KEY, ED25519_KEY, f"  {RSA_KEY}\n"),
    *(
        Case("ssh.public_key", {"ssh": {"public_key": key}}, "UnusualSshKey", "warning")
        for key in (ECDSA_KEY,)
    ),
    *deep(
        "ssh.public_key",
        "InvalidSshKey",
        "",
        " ",
        "amy",
        "ssh-rsa",
        "ssh-rsa AAAA",
        SHORT_KEY,
        OLD_KEY,
    ),
    *deep(
        "ssh.public_key",
        "InvalidSshKey",
        RSA_KEY[:-80],
        f"{RSA_KEY}\n{RSA_KEY}",
        f'command="x" {RSA_KEY}',
        RSA_KEY.replace("ssh-rsa", "ssh-ed25519"),
    ),
    *deep(
        "ssh.public_key",
        "InvalidSshKey",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nx",
        "---- BEGIN SSH2 PUBLIC KEY ----\nx",
        *HOSTILE,
    ),
    *deep("ssh.public_key", UNREADABLE, "x" * (16 * 1024 + 1), 3, None),
    *of("ssh", UNREADABLE, RSA_KEY, [], True, {}),
    Case(
        "disable_local_auth",
        {"ssh": {"public_key": RSA_KEY}, "disable_local_auth": True},
        "SshIsLocalAuth",
    ),
    Case(
        "ssh",
        {"ssh": {"public_key": RSA_KEY}, "network": {"subnet_id": SUBNET, "public_ip": False}},
        "SshInsideOnly",
        "warning",
    ),
]
NETWORK = [
    *of("network", None, None, {}, {"subnet_id": SUBNET}, {"subnet_id": SUBNET.upper()}),
    *deep(
        "network.subnet_id",
        "InvalidSubnet",
        "",
        "compute",
        SUBNET.rpartition("/subnets")[0],
        f"{SUBNET}/x",
        IDENTITY,
        f"{SUBNET}?x",
        *HOSTILE,
    ),
    *deep("network.subnet_id", "InvalidSubnet", "/" * 1024, SUBNET.replace(SUBSCRIPTION, "mine")),
    *deep("network.subnet_id", UNREADABLE, "x" * 1025, 3, []),
    *deep("network.public_ip", UNREADABLE, None, "no", 0),
    *of("network", UNREADABLE, [], "none"),
]
ASSIGNED = [
    *of(
        "assigned_to",
        None,
        None,
        {"object_id": GUID, "tenant_id": GUID},
        {"object_id": GUID.upper(), "tenant_id": GUID},
    ),
    *deep(
        "assigned_to.object_id",
        "InvalidGuid",
        "",
        "amy",
        "amy@contoso.com",
        GUID[:-1],
        f"{GUID}0",
        f"{{{GUID}}}",
        *HOSTILE,
        tenant_id=GUID,
    ),
    *deep(
        "assigned_to.tenant_id",
        "InvalidGuid",
        "",
        "contoso.com",
        f" {GUID}",
        *HOSTILE,
        object_id=GUID,
    ),
    *deep("assigned_to.object_id", UNREADABLE, "x" * 65, 3, None, tenant_id=GUID),
    *of("assigned_to", UNREADABLE, {"object_id": GUID}, {"tenant_id": GUID}, GUID, []),
    Case(
        "assigned_to.object_id",
        {"assigned_to": {"object_id": GUID, "tenant_id": GUID}, "ssh": {"public_key": RSA_KEY}},
        "SshOnBehalfOf",
    ),
]
IDENTITIES = [
    *of("identity", None, None, {}, {"system_assigned": True}, {"user_assigned": [IDENTITY]}),
    *(
        Case("identity.user_assigned.0", {"identity": {"user_assigned": [each]}}, "InvalidIdentity")
        for each in ("", "ml-jobs", SUBNET, f"{IDENTITY}/x", *HOSTILE)
    ),
    Case(
        "identity.user_assigned.1",
        {"identity": {"user_assigned": [IDENTITY, IDENTITY.lower()]}},
        "InvalidIdentity",
    ),
    Case(
        "identity",
        {"identity": {"system_assigned": True, "user_assigned": [IDENTITY]}},
        "SeveralIdentities",
        "warning",
    ),
    *deep("identity.user_assigned", UNREADABLE, [IDENTITY] * 17, IDENTITY, ["x" * 1025], [3], None),
    *deep("identity.system_assigned", UNREADABLE, "yes", None),
]
SWITCHES = [
    case
    for field in (
        "sso",
        "root_access",
        "os_patching",
        "release_quota_on_stop",
        "disable_local_auth",
    )
    for case in (*of(field, None, None, True, False), *of(field, UNREADABLE, "true", 1, []))
]
SHARING = [
    *of("application_sharing", None, None, "Personal", "Shared"),
    *of("application_sharing", UNREADABLE, "", "personal", 1, *HOSTILE[:2]),
]
MORE = [
    *of("more", None, {}, {"autologgerSettings": {"mlflowAutologger": "Enabled"}}),
    *of(
        "more",
        "NotMore",
        {"vmSize": "x"},
        {"sshSettings": {}},
        {"state": "Running"},
        {"createdBy": {}},
    ),
    *of("more", None, nested(16)),
    *of("more", "NestedTooDeeply", nested(18), {"a": [[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}),
    *of("more", UNREADABLE, [], "x", None),
]

CASES = [
    *NAME,
    *VM_SIZE,
    *DESCRIPTION,
    *TAGS,
    *IDLE,
    *SCHEDULES,
    *SCRIPTS,
    *SSH,
    *NETWORK,
    *ASSIGNED,
    *IDENTITIES,
    *APPLICATIONS,
    *MOUNTS,
    *SWITCHES,
    *SHARING,
    *MORE,
]
