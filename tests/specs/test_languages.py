"""Each language says what the spec says, whatever its fields hold, and nothing else."""

from __future__ import annotations

import ast
import json
import shlex
from typing import Any

import click
import msgspec
import pytest
import yaml

from jupyter_ci_manager.cli import create
from jupyter_ci_manager.errors import InvalidInstanceSpec
from jupyter_ci_manager.instances.wire.spec import spec_to_arm
from jupyter_ci_manager.models import CheckSpec, CodeForm, CodeKind, InstanceSpec
from jupyter_ci_manager.specs.azure_ai_ml import instance_entity
from jupyter_ci_manager.specs.languages import in_all_languages
from jupyter_ci_manager.specs.source_text import Call
from jupyter_ci_manager.specs.templates import spec_from_text
from tests.builders import spec, workspace

from .arm_deployment import Deployment
from .case import UNREADABLE
from .field_values import CASES

WORKSPACE = workspace()
HOSTILE = (
    "'; touch x; '",
    '"""); import os; os.system("x") #',
    "$(touch x)",
    "`touch x`",
    "a\nb: c",
    "[concat('a', 'b')]",
    "[[x]",
    "[x] y",
    "{name}",
    "$name",
    "${HOME}",
    "%%ci delete amy",
    "- a\n- b",
    "yes",
    "0o14",
    "1e3",
    "~",
    "&a *a !!python/object:os.system",
    "\\u0041\\n\\",
    "\u202e\u2066evil\u2028\u0085\ufeff",
    "日本語 🙂",
    "\x7f\x1b[31m",
    "]]>",
    "end\n...\n---\n",
)
TEXTS = [
    {"description": text, "tags": {text: text, "plain": text}, "more": {text: [text]}}
    for text in HOSTILE
] + [
    {
        "name": text,
        "vm_size": text,
        "ssh": {"public_key": text},
        "assigned_to": {"object_id": text, "tenant_id": text},
        "idle_shutdown": text[:32],
        "schedules": [{"action": "stop", "cron": text, "time_zone": text, "start_time": text[:64]}],
        "setup_scripts": {
            "creation": {"source": "inline", "data": text},
            "startup": {"source": "workspaceStorage", "data": text, "arguments": text},
        },
        "identity": {"user_assigned": [text]},
        "network": {"subnet_id": text},
        "custom_applications": [
            {
                "name": text,
                "image": text,
                "endpoints": [{"target": 8787, "published": 8787}],
                "environment": {text: text},
                "volumes": [{"source": text, "target": text}],
                "privileged": True,
            }
        ],
    }
    for text in HOSTILE
]


def decoded(changes: dict[str, Any]) -> InstanceSpec:
    document = {"spec": {"name": "new-ci", "vm_size": "Standard_DS3_v2"} | changes}
    return msgspec.json.decode(msgspec.json.encode(document), type=CheckSpec).spec


def readable() -> list[InstanceSpec]:
    cases = [each for each in CASES if each.code not in (UNREADABLE, "NestedTooDeeply")]
    return [decoded(case.changes) for case in cases] + [decoded(each) for each in TEXTS]


SPECS = readable()


def form(asked: InstanceSpec, kind: CodeKind) -> CodeForm:
    (found,) = (each for each in in_all_languages(asked, WORKSPACE).items if each.kind == kind)
    return found


def text(asked: InstanceSpec, kind: CodeKind) -> str:
    return form(asked, kind).files[-1].text


def without_empty_arguments(body: dict[str, Any]) -> dict[str, Any]:
    scripts = body["properties"]["properties"].get("setupScripts", {}).get("scripts", {})
    for reference in scripts.values():
        if reference.get("scriptArguments") == "":
            del reference["scriptArguments"]
    return body


def test_the_template_asks_for_what_the_spec_asks_for() -> None:
    for asked in SPECS:
        given = {} if asked.name else {"computeName": ""}
        given |= {} if asked.vm_size else {"vmSize": ""}

        resource = Deployment(json.loads(text(asked, "arm")), given, "nowhere").resource()

        assert resource.pop("type") == "Microsoft.MachineLearningServices/workspaces/computes"
        assert resource.pop("apiVersion") == "2025-12-01"
        assert resource.pop("name") == f"{WORKSPACE.name}/{asked.name}"
        assert without_empty_arguments(resource) == spec_to_arm(asked, "westeurope")


def yaml_of(value: Any, key: str = "") -> Any:
    """The entities as the schema of the YAML has them."""
    if isinstance(value, Call):
        kinds = {"CronTrigger": "cron", "RecurrenceTrigger": "recurrence"}
        kinds["ComputeInstance"] = "computeinstance"
        kind = {"type": kinds[value.function]} if value.function in kinds else {}
        return kind | {name: yaml_of(each, name) for name, each in value.arguments.items()}
    if isinstance(value, list):
        return [yaml_of(each, key) for each in value]
    return value.lower() if key in ("action", "state", "frequency", "week_days") else value


def test_the_yaml_says_what_the_entities_say() -> None:
    for asked in SPECS:
        read = yaml.safe_load(text(asked, "az"))

        assert read.pop("$schema").startswith("https://azuremlschemas")
        assert read == yaml_of(instance_entity(asked)[0])


def called(node: ast.expr) -> Any:
    """An expression without anything in it but calls by name, with arguments by name."""
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        assert not node.args
        return Call(node.func.id, {str(each.arg): called(each.value) for each in node.keywords})
    if isinstance(node, ast.Dict):
        keys = [ast.literal_eval(key) for key in node.keys if key is not None]
        return dict(zip(keys, map(called, node.values), strict=True))
    if isinstance(node, ast.List):
        return [called(each) for each in node.elts]
    return ast.literal_eval(node)


def test_the_program_does_nothing_but_create_what_the_spec_asks_for() -> None:
    for asked in SPECS:
        *imports, client, instance, creation, printing = ast.parse(text(asked, "sdk")).body

        assert [type(each).__name__ for each in imports] == ["ImportFrom"] * 3
        assert isinstance(client, ast.Assign)
        assert called(client.value) == Call(
            "MLClient",
            {
                "credential": Call("DefaultAzureCredential"),
                "subscription_id": WORKSPACE.subscription_id,
                "resource_group_name": WORKSPACE.resource_group,
                "workspace_name": WORKSPACE.name,
            },
        )
        assert isinstance(instance, ast.Assign)
        assert called(instance.value) == instance_entity(asked)[0]
        ends = ast.unparse(creation), ast.unparse(printing)
        assert ends == (
            "created = client.compute.begin_create_or_update(instance).result()",
            "print(created.name)",
        )


def test_the_magic_is_understood_as_the_spec_and_its_line_has_nothing_to_expand() -> None:
    for asked in SPECS:
        line, _, cell = text(asked, "magic").partition("\n")
        magic, verb, *words = shlex.split(line)

        assert (magic, verb) == ("%%ci" if cell else "%ci", "create")
        assert not set("${}[]()`;&|<>\\'\"!?*") & set(line)
        context: click.Context = create.make_context("create", list(words))
        given = spec_from_text(cell) if cell else InstanceSpec()
        assert context.params["name"] in (None, asked.name)
        assert (
            msgspec.structs.replace(
                given,
                name=context.params["name"] or given.name,
                vm_size=context.params["vm_size"] or given.vm_size,
            )
            == asked
        )


def test_commands_are_one_command_each_and_name_the_file() -> None:
    for asked in SPECS:
        for each in in_all_languages(asked, WORKSPACE).items:
            if each.command is not None:
                words = shlex.split(each.command)
                assert shlex.join(words) == each.command
                assert each.files[-1].name in words
                assert "/" not in each.files[-1].name
                assert "\n" not in each.command


def test_what_does_not_show_is_escaped_in_every_language() -> None:
    for asked in SPECS:
        for each in in_all_languages(asked, WORKSPACE).items:
            for file in each.files:
                assert file.text.replace("\n", "").isprintable()


def test_the_names_of_files_are_the_instances_only_where_it_is_a_name() -> None:
    assert form(spec("amy-ci"), "az").files[0].name == "amy-ci.yml"
    assert form(spec("../../etc/passwd"), "az").files[0].name == "compute-instance.yml"
    assert form(spec(""), "sdk").files[0].name == "compute-instance.py"


def test_a_draft_leaves_parameters_to_be_asked_for() -> None:
    template = json.loads(text(InstanceSpec(), "arm"))

    assert "defaultValue" not in template["parameters"]["computeName"]
    with pytest.raises(LookupError, match="computeName"):
        Deployment(template, {}, "westeurope").resource()


def test_parameters_of_a_deployment_go_before_what_the_spec_said() -> None:
    asked = decoded(
        {
            "setup_scripts": {
                "creation": {"source": "inline", "data": "echo é\n", "arguments": "a"},
                "startup": {"source": "workspaceStorage", "data": "Users/amy/a.sh"},
            }
        }
    )
    given = {
        "creationScript": "echo [other]",
        "creationScriptArguments": "b",
        "startupScriptLocation": "Users/bob/b.sh",
        "startupScriptArguments": "c d",
    }

    resource = Deployment(json.loads(text(asked, "arm")), given, "westeurope").resource()

    scripts = resource["properties"]["properties"]["setupScripts"]["scripts"]
    assert scripts == {
        "creationScript": {
            "scriptSource": "inline",
            "scriptData": "ZWNobyBbb3RoZXJd",
            "scriptArguments": "b",
        },
        "startupScript": {
            "scriptSource": "workspaceStorage",
            "scriptData": "Users/bob/b.sh",
            "scriptArguments": "c d",
        },
    }


def test_without_a_workspace_there_are_places_to_fill_in() -> None:
    code = in_all_languages(spec(), None)

    by_kind = {each.kind: each for each in code.items}
    assert "'<workspace>'" in str(by_kind["az"].command)
    template = json.loads(by_kind["arm"].files[0].text)
    assert template["parameters"]["location"]["defaultValue"] == "[resourceGroup().location]"
    resource = Deployment(template, {"workspaceName": "w"}, "northeurope").resource()
    assert resource["location"] == "northeurope"


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, []),
        (
            {"setup_scripts": {"creation": {"source": "inline", "data": "x"}}},
            ["setup_scripts.creation"],
        ),
        ({"setup_scripts": {"startup": {"source": "workspaceStorage", "data": "a.sh"}}}, []),
        ({"application_sharing": "Personal"}, ["application_sharing"]),
        ({"application_sharing": "Shared"}, []),
        ({"disable_local_auth": False}, ["disable_local_auth"]),
        ({"disable_local_auth": True}, []),
        ({"more": {"a": 1}}, ["more"]),
        (
            {"data_mounts": [{"source": "azureml://x", "mount_path": "/x"}]},
            ["data_mounts"],
        ),
        (
            {
                "schedules": [
                    {"action": "stop", "recurrence": {"frequency": "Month", "month_days": [1]}}
                ]
            },
            ["schedules.0.recurrence.month_days"],
        ),
        (
            {"identity": {"system_assigned": True, "user_assigned": ["/x"]}},
            ["identity.system_assigned"],
        ),
        (
            {
                "custom_applications": [
                    {"name": "a", "image": "b", "endpoints": [{"target": 80, "published": 8080}]}
                ]
            },
            ["custom_applications.0"],
        ),
        (
            {
                "custom_applications": [
                    {
                        "name": "a",
                        "image": "b",
                        "privileged": True,
                        "volumes": [
                            {"source": "/a", "target": "/a", "read_only": True},
                            {"source": "v", "target": "/b", "type": "volume"},
                        ],
                    }
                ]
            },
            ["custom_applications.0.volumes.0.read_only", "custom_applications.0.volumes.1"],
        ),
        (
            {
                "custom_applications": [
                    {
                        "name": "a",
                        "image": "b",
                        "endpoints": [
                            {
                                "target": 8080,
                                "published": 8081,
                                "protocol": "tcp",
                                "name": "web",
                                "host_ip": "10.0.0.1",
                            }
                        ],
                    }
                ]
            },
            [
                "custom_applications.0.endpoints.0.name",
                "custom_applications.0.endpoints.0.protocol",
                "custom_applications.0.endpoints.0.host_ip",
                "custom_applications.0.privileged",
            ],
        ),
    ],
)
def test_what_azure_ai_ml_cannot_say_is_named_and_copied_along(
    changes: dict[str, Any], missing: list[str]
) -> None:
    asked = decoded(changes)

    for found in (form(asked, "az"), form(asked, "sdk")):
        assert found.missing == missing
        assert found.files[0].text.startswith("# Not said here") == bool(missing)
        assert all(field in found.files[0].text for field in missing)
    assert form(asked, "magic").missing == []
    assert form(asked, "arm").missing == [each for each in missing if each == "data_mounts"]


@pytest.mark.parametrize("depth", [20, 300, 600, 900])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    mount = {"source": "azureml://x", "mount_path": "/x", "more": {"a": value}}

    for changes in ({"more": {"a": value}}, {"data_mounts": [mount]}):
        with pytest.raises(InvalidInstanceSpec, match="nested"):
            in_all_languages(msgspec.convert(changes, InstanceSpec), WORKSPACE)
