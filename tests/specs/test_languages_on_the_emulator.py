"""What the languages say, sent: each makes the instance that we would make of the same spec."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from IPython.core.interactiveshell import InteractiveShell
from msgspec.structs import replace

from jupyter_ci_manager.emulator import Emulator, EmulatorThread
from jupyter_ci_manager.instances.wire.spec import spec_of_resource, spec_to_arm
from jupyter_ci_manager.instances.wire.workspace import workspace_from_id
from jupyter_ci_manager.models import CodeForm, CodeKind, InstanceSpec, Workspace
from jupyter_ci_manager.specs.languages import in_all_languages
from tests.builders import quick_emulator, running
from tests.emulator.arm_client import ArmClient

from .arm_deployment import Deployment
from .field_values import GUID, RSA_KEY

PYTHON = os.environ.get("AZURE_AI_ML_PYTHON")
REQUESTS = Path(__file__).with_name("azure_ai_ml_requests.py")
API_VERSION = "2025-12-01"
HOSTILE_TEXT = 'it\'s "quoted" $(reboot) `id` {x} \\ [y] 日本語 🙂'
SCHEDULES = [
    {"action": "stop", "cron": "0 18 * * 1-5", "time_zone": "Europe/Berlin"},
    {
        "action": "start",
        "enabled": False,
        "start_time": "2026-12-01T00:00:00",
        "recurrence": {
            "frequency": "Week",
            "interval": 2,
            "week_days": ["Monday", "Friday"],
            "hours": [8],
            "minutes": [0, 30],
        },
    },
    {"action": "stop", "recurrence": {"frequency": "Day"}},
]
APPLICATION = {
    "name": "RStudio",
    "image": "ghcr.io/azure/rocker-rstudio-ml-verse:latest",
    "endpoints": [{"target": 8787, "published": 8787}],
    "environment": {"GREETING": HOSTILE_TEXT},
    "volumes": [{"source": "/home/azureuser", "target": "/home/azureuser"}],
    "privileged": True,
    # azure-ai-ml always sends it.
    "more": {"type": "docker"},
}
SHARED_SCRIPTS = {
    "creation": {
        "source": "workspaceStorage",
        "data": "Users/amy/setup.sh",
        "arguments": "--name 'a b'",
        "timeout_minutes": 30,
    },
    "startup": {"source": "workspaceStorage", "data": "Users/amy/start.sh", "timeout_minutes": 15},
}
INLINE_SCRIPTS = {
    "creation": {
        "source": "inline",
        "data": f"#!/bin/bash\nset -e\n# {HOSTILE_TEXT}\necho \"['x']\"\n",
        "arguments": "a b",
    },
    "startup": {"source": "inline", "data": "[parameters('location')]"},
}
EVERYTHING: dict[str, Any] = {
    "vm_size": "STANDARD_DS3_V2",
    "description": HOSTILE_TEXT,
    "tags": {"team": HOSTILE_TEXT, "no": "yes", "0o14": "1e3", "[a]": "[b]"},
    "idle_shutdown": "PT60M",
    "schedules": SCHEDULES,
    "ssh": {"public_key": RSA_KEY},
    "custom_applications": [APPLICATION],
    "sso": True,
    "root_access": False,
    "os_patching": True,
    "release_quota_on_stop": True,
    "application_sharing": "Shared",
    "disable_local_auth": False,
}
ON_BEHALF: dict[str, Any] = {
    "vm_size": "STANDARD_DS3_V2",
    "assigned_to": {"object_id": GUID, "tenant_id": GUID},
    "identity": {"system_assigned": True},
    "network": {"public_ip": True},
    "sso": False,
    "root_access": True,
    "os_patching": False,
    "release_quota_on_stop": False,
    "application_sharing": "Shared",
    "disable_local_auth": True,
}


@pytest.fixture
def azure(jp_asyncio_loop: asyncio.AbstractEventLoop) -> Iterator[Emulator]:
    with running(quick_emulator(), jp_asyncio_loop) as emulator:
        folder = emulator.share / "Users" / "amy"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("setup.sh", "start.sh"):
            (folder / name).write_text("#!/bin/bash\nset -e\n")
        yield emulator


def spec_of(name: str, said: dict[str, Any]) -> InstanceSpec:
    return msgspec.convert({"name": name, **said}, InstanceSpec)


def workspace_of(emulator: Emulator) -> Workspace:
    found = workspace_from_id(emulator.workspace_id)
    assert found is not None
    return replace(found, location="westeurope")


def form(asked: InstanceSpec, kind: CodeKind, emulator: Emulator) -> CodeForm:
    code = in_all_languages(asked, workspace_of(emulator))
    (found,) = (each for each in code.items if each.kind == kind)
    return found


async def asked_for(emulator: Emulator, name: str) -> Any:
    """What an instance was asked to be, without its name and Azure's ids."""
    client = ArmClient(emulator)
    resource = (await client("GET", f"computes/{name}", api_version=API_VERSION)).json
    found = spec_of_resource(resource)
    assert found is not None
    schedules = [replace(each, id=None) for each in found.schedules]
    return msgspec.to_builtins(replace(found, name="", schedules=schedules))


async def made_by_us(emulator: Emulator, said: dict[str, Any]) -> Any:
    body = spec_to_arm(spec_of("our-own", said), "westeurope")
    put = await ArmClient(emulator)("PUT", "computes/our-own", body, api_version=API_VERSION)
    assert put.status == 201, put.body
    return await asked_for(emulator, "our-own")


@pytest.mark.parametrize(
    "said",
    [
        EVERYTHING | {"setup_scripts": INLINE_SCRIPTS},
        EVERYTHING | {"setup_scripts": SHARED_SCRIPTS, "more": {"computeInstanceX": ["[y]"]}},
        ON_BEHALF,
    ],
    ids=["inline", "workspaceStorage", "on behalf"],
)
async def test_the_template_deploys_what_we_would_create(
    azure: Emulator, said: dict[str, Any]
) -> None:
    code = form(spec_of("by-template", said), "arm", azure)
    resource = Deployment(json.loads(code.files[0].text), {}, "northeurope").resource()
    assert resource.pop("type") == "Microsoft.MachineLearningServices/workspaces/computes"
    workspace, name = resource.pop("name").split("/")

    put = await ArmClient(azure)(
        "PUT",
        f"{azure.workspace_id.rpartition('/')[0]}/{workspace}/computes/{name}",
        resource,
        api_version=resource.pop("apiVersion"),
    )

    assert put.status == 201, put.body
    assert await asked_for(azure, "by-template") == await made_by_us(azure, said)


@pytest.mark.slow
@pytest.mark.skipif(
    PYTHON is None,
    reason="AZURE_AI_ML_PYTHON names no Python that has azure-ai-ml; `make test` makes one",
)
@pytest.mark.parametrize(
    "said",
    [EVERYTHING | {"setup_scripts": SHARED_SCRIPTS}, ON_BEHALF],
    ids=["everything", "on behalf"],
)
async def test_azure_ai_ml_creates_what_we_would_create(
    azure: Emulator, tmp_path: Path, said: dict[str, Any]
) -> None:
    files: list[Path] = []
    for code in (
        form(spec_of("by-program", said), "sdk", azure),
        form(spec_of("by-yaml", said), "az", azure),
    ):
        assert code.missing == []
        files.append(tmp_path / code.files[0].name)
        files[-1].write_text(code.files[0].text, encoding="utf-8")
    segments = azure.workspace_id.split("/")
    process = await asyncio.create_subprocess_exec(
        *(str(PYTHON), str(REQUESTS), segments[2], segments[4], segments[8], *map(str, files)),
        env={**os.environ, "ARM_CLOUD_METADATA_URL": f"{azure.url}/metadata/endpoints"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), 90)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

    assert process.returncode == 0, errors.decode()
    assert output.decode().split() == ["by-program"]
    ours = await made_by_us(azure, said)
    assert await asked_for(azure, "by-program") == ours
    assert await asked_for(azure, "by-yaml") == ours


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """IPython, which is one in a process and keeps a history."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made: Any = InteractiveShell.instance()
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_the_magic_creates_it_in_ipython(
    shell: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = EVERYTHING | {"setup_scripts": INLINE_SCRIPTS}
    with EmulatorThread(clock=quick_emulator().clock) as azure:
        monkeypatch.setenv("JUPYTER_CI_ENDPOINT", azure.url)
        monkeypatch.setenv("JUPYTER_CI_WORKSPACE", azure.workspace_id)
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        once, cell = form(spec_of("by-magic", said), "magic", azure.emulator).files

        for text in (once.text, cell.text):
            shell.run_cell(text).raise_error()

        printed = capsys.readouterr()
        assert printed.out == "by-magic\n"
        assert printed.err.splitlines()[-1] == "Running"
        instance = azure.call(lambda: azure.emulator.workspace.computes.get("by-magic").document())
    made = spec_of_resource(instance)
    assert made is not None
    assert replace(made, schedules=[replace(each, id=None) for each in made.schedules]) == spec_of(
        "by-magic", said
    )
