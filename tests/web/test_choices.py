"""What a form offers to choose from, asked of a real server in front of the emulator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key, load_ssh_public_key

from jupyter_ci_manager.emulator import Emulator

from .conftest import Ask

ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG3DgrBKzwEHYdlIxzAMGZqm9nGWZMYmz8JBtsJkX+I9"
FINGERPRINT = "SHA256:6Lah5TzIwFcS+nug6JtpbOTMUY9Vcwdm8/uN4JagIZM"
"""What ``ssh-keygen -l`` says of it."""


@pytest.fixture
def ssh_folder(jp_environ: Any) -> Path:
    """Of the user whom the server runs as."""
    return Path.home() / ".ssh"


async def test_only_networks_of_the_workspaces_region_are_offered(
    azure: Emulator, ask: Ask
) -> None:
    answer = await ask("GET", "virtual-networks")

    assert answer.json["error"] is None
    assert [
        (each["resource_group"], each["name"], [subnet["name"] for subnet in each["subnets"]])
        for each in answer.json["items"]
    ] == [
        ("ml-team", "ml-network", ["instances", "training"]),
        ("platform", "hub", ["data-science", "GatewaySubnet"]),
    ]
    subnet = answer.json["items"][0]["subnets"][0]
    assert subnet["address_prefix"] == "10.20.1.0/24"
    assert subnet["id"].endswith(
        "/resourceGroups/ml-team/providers/Microsoft.Network/virtualNetworks/ml-network"
        "/subnets/instances"
    )


async def test_a_subnet_that_is_offered_can_be_had(azure: Emulator, ask: Ask) -> None:
    networks = (await ask("GET", "virtual-networks")).json["items"]
    spec = {
        "name": "in-a-subnet",
        "vm_size": "Standard_DS3_v2",
        "network": {"subnet_id": networks[0]["subnets"][0]["id"]},
    }

    checked = await ask("POST", "specs/check", {"spec": spec})
    created = await ask("POST", "instances", {"spec": spec})

    assert checked.json["problems"] == []
    assert created.status == 202, created.body


async def test_networks_and_identities_of_several_pages_are_all_there(
    azure: Emulator, ask: Ask
) -> None:
    azure.state.page_size = 1

    networks = (await ask("GET", "virtual-networks")).json["items"]
    identities = (await ask("GET", "managed-identities")).json["items"]

    assert [each["name"] for each in networks] == ["ml-network", "hub"]
    assert [each["name"] for each in identities] == ["data-reader", "ml-training"]


async def test_identities_are_offered_with_their_client_ids(azure: Emulator, ask: Ask) -> None:
    reader, training = (await ask("GET", "managed-identities")).json["items"]

    assert (reader["name"], reader["resource_group"]) == ("data-reader", "platform")
    assert training["resource_group"] == "ml-team"
    assert training["client_id"] == azure.state.identities.all()[0].client_id


@pytest.mark.parametrize(
    ("path", "provider"),
    [("virtual-networks", "virtualNetworks"), ("managed-identities", "userAssignedIdentities")],
)
async def test_a_list_that_is_refused_says_why_and_is_no_failure(
    azure: Emulator, ask: Ask, path: str, provider: str
) -> None:
    azure.add_fault(
        path=provider, status=403, code="AuthorizationFailed", message="amy may not read them"
    )

    answer = await ask("GET", path)

    assert answer.status == 200
    assert answer.json["items"] == []
    assert answer.json["error"]["code"] == "AuthorizationFailed"
    assert "amy may not read them" in answer.json["error"]["message"]


async def test_what_azure_sends_beyond_reason_is_told_and_no_crash(
    azure: Emulator, ask: Ask
) -> None:
    azure.add_fault(path="virtualNetworks", size_bytes=200)

    answer = await ask("GET", "virtual-networks")

    assert answer.status == 200
    assert answer.json["error"]["code"] == "AzureError"


async def test_without_a_folder_of_keys_there_are_none(ask: Ask, ssh_folder: Path) -> None:
    answer = await ask("GET", "ssh-keys")

    assert answer.json == {"items": [], "folder": str(ssh_folder)}


async def test_the_public_keys_of_the_user_are_listed_with_ssh_keygens_fingerprint(
    ask: Ask, ssh_folder: Path
) -> None:
    ssh_folder.mkdir()
    (ssh_folder / "id_ed25519").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n")
    (ssh_folder / "id_ed25519.pub").write_text(f"{ED25519} amy at home\n")
    (ssh_folder / "notes.pub").write_text("buy milk\n")
    (ssh_folder / "half.pub").write_text("ssh-rsa AAAAB3NzaC1yc2E\n" * 2)
    (ssh_folder / "folder.pub").mkdir()
    (ssh_folder / "binary.pub").write_bytes(b"\xff\xfe\x00")
    (ssh_folder / "gone.pub").symlink_to("nowhere")
    os.mkfifo(ssh_folder / "pipe.pub")

    answer = await ask("GET", "ssh-keys")

    (key,) = answer.json["items"]
    assert key == {
        "name": "id_ed25519.pub",
        "public_key": f"{ED25519} amy at home",
        "type": "ssh-ed25519",
        "fingerprint": FINGERPRINT,
        "comment": "amy at home",
    }
    assert b"secret" not in answer.body


async def test_a_key_pair_is_made_and_its_private_part_is_the_users_alone(
    ask: Ask, ssh_folder: Path
) -> None:
    answer = await ask("POST", "ssh-keys", {"name": "id_compute"})

    assert answer.status == 201
    private = load_ssh_private_key((ssh_folder / "id_compute").read_bytes(), None)
    public = load_ssh_public_key(answer.json["public_key"].encode())
    assert private.public_key() == public
    assert (ssh_folder / "id_compute.pub").read_text() == answer.json["public_key"] + "\n"
    assert (ssh_folder / "id_compute").stat().st_mode & 0o777 == 0o600
    assert ssh_folder.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in answer.body
    assert (await ask("GET", "ssh-keys")).json["items"] == [answer.json]


async def test_a_made_key_is_one_that_an_instance_can_have(ask: Ask, ssh_folder: Path) -> None:
    key = (await ask("POST", "ssh-keys", {"name": "id_compute"})).json["public_key"]
    spec = {"name": "with-ssh", "vm_size": "Standard_DS3_v2", "ssh": {"public_key": key}}

    checked = await ask("POST", "specs/check", {"spec": spec})

    assert checked.json["problems"] == []


@pytest.mark.parametrize("present", ["id_compute", "id_compute.pub"])
async def test_a_key_that_is_there_is_never_overwritten(
    ask: Ask, ssh_folder: Path, present: str
) -> None:
    ssh_folder.mkdir()
    (ssh_folder / present).write_text("mine")

    answer = await ask("POST", "ssh-keys", {"name": "id_compute"})

    assert (answer.status, answer.error.code) == (409, "SshKeyExists")
    assert answer.error.details == {"field": "name"}
    assert [each.name for each in ssh_folder.iterdir()] == [present]
    assert (ssh_folder / present).read_text() == "mine"


async def test_a_link_that_leads_nowhere_is_not_followed(ask: Ask, ssh_folder: Path) -> None:
    ssh_folder.mkdir()
    (ssh_folder / "id_compute").symlink_to(ssh_folder.parent / "elsewhere")

    answer = await ask("POST", "ssh-keys", {"name": "id_compute"})

    assert answer.error.code == "SshKeyExists"
    assert not (ssh_folder.parent / "elsewhere").exists()


async def test_a_folder_that_is_none_is_told(ask: Ask, ssh_folder: Path) -> None:
    ssh_folder.write_text("a file")

    listed = await ask("GET", "ssh-keys")
    made = await ask("POST", "ssh-keys", {"name": "id_compute"})

    assert (listed.status, listed.error.code) == (409, "SshKeysUnusable")
    assert (made.status, made.error.code) == (409, "SshKeysUnusable")


@pytest.mark.parametrize(
    "name",
    [
        "../id_rsa",
        "a/b",
        "..",
        ".hidden",
        "-o",
        "a b",
        "a\nb",
        "a\x00",
        "naïve",
        "key.pub",
        "config",
        "authorized_keys",
        "Known_Hosts",
        "$(id)",
    ],
)
async def test_a_name_that_leads_elsewhere_or_means_something_else_is_refused(
    ask: Ask, ssh_folder: Path, name: str
) -> None:
    answer = await ask("POST", "ssh-keys", {"name": name})

    assert (answer.status, answer.error.code) == (400, "InvalidSshKeyName")
    assert answer.error.details == {"field": "name"}
    assert not ssh_folder.exists()


@pytest.mark.parametrize("name", ["", "x" * 65, 3, None, ["id"]])
async def test_a_name_of_another_shape_is_a_bad_request(ask: Ask, name: Any) -> None:
    answer = await ask("POST", "ssh-keys", {"name": name})

    assert answer.status == 400
