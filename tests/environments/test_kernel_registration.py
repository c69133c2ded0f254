"""Registering, renaming and removing kernelspecs, as files on a real disk."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec

from jupyter_ci_manager.environments.kernel_registration import (
    check_name_is_free,
    register_kernel,
    remove_kernel,
    remove_kernels_of,
    rename_kernel,
)
from jupyter_ci_manager.environments.kernel_specs import (
    KernelPlaces,
    kernels_by_prefix,
    prefix_of,
)
from jupyter_ci_manager.environments.own_kernels import missing_package, read_spec
from jupyter_ci_manager.errors import (
    InvalidKernel,
    KernelExists,
    KernelFailed,
    KernelProtected,
)

from .kernel_environments import KernelEnvironment, a_request, places_in


@pytest.fixture
def environment(tmp_path: Path) -> KernelEnvironment:
    return KernelEnvironment.made_at(tmp_path / "envs" / "analysis")


@pytest.fixture
def places(tmp_path: Path) -> KernelPlaces:
    return places_in(tmp_path / "jupyter")


def spec_in(folder: str | Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(Path(folder, "kernel.json").read_text("utf-8"))
    return spec


def names_in(place: str) -> list[str]:
    return sorted(path.name for path in Path(place).glob("*"))


# --- registering --------------------------------------------------------------------------------


def test_a_kernel_starts_what_the_environments_own_starts_with_the_environment_activated(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    request = a_request("Analyse é", env={"MODE": "test", "PATH": "/opt/bin:${PATH}"})
    kernel = register_kernel(environment.prefix, request, places)
    spec = spec_in(kernel.folder)
    assert kernel.name == "analyse-e"
    assert Path(kernel.folder) == Path(places.user, "analyse-e")
    assert spec["argv"] == [
        environment.python,
        "-I",
        "-S",
        f"{kernel.folder}/kernel_launcher.py",
        str(environment.prefix),
        "MODE",
        "--",
        environment.python,
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    ]
    assert spec["display_name"] == "Analyse é"
    assert spec["language"] == "python"
    assert spec["env"] == {"MODE": "test", "PATH": "/opt/bin:${PATH}"}
    assert spec["metadata"]["debugger"] is True
    assert sorted(names_in(kernel.folder)) == ["kernel.json", "kernel_launcher.py", "logo-svg.svg"]
    assert KernelSpec.from_resource_dir(kernel.folder).display_name == "Analyse é"


def test_it_belongs_to_the_environment_and_nobody_else_reads_its_variables(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    kernel = register_kernel(environment.prefix, a_request(env={"A": "1"}), places)
    folder = Path(kernel.folder)
    assert prefix_of(read_spec(folder), folder) == str(environment.prefix)
    assert stat.S_IMODE((folder / "kernel.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_one_for_the_environment_of_jupyter_can_be_read_by_all_who_use_that(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    kernel = register_kernel(environment.prefix, a_request(scope="environment"), places)
    assert Path(kernel.folder).parent == Path(places.environment)
    assert stat.S_IMODE(Path(kernel.folder).stat().st_mode) == 0o755
    assert stat.S_IMODE(Path(kernel.folder, "kernel.json").stat().st_mode) == 0o644


def test_r_is_registered_as_r(tmp_path: Path, places: KernelPlaces) -> None:
    environment = KernelEnvironment.made_at(tmp_path / "stats", ipykernel=False)
    r = environment.file("lib/R/bin/R", "#!/bin/sh\n")
    r.chmod(0o755)
    argv = [str(r), "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    environment.own_spec("ir", argv=argv, language="R", metadata={})
    kernel = register_kernel(environment.prefix, a_request("R 4.5", language="R"), places)
    spec = spec_in(kernel.folder)
    assert spec["language"] == "R"
    assert spec["argv"][-6:] == argv


def test_without_a_kernelspec_of_its_own_ipykernel_and_irkernel_are_known_too(
    tmp_path: Path, places: KernelPlaces
) -> None:
    environment = KernelEnvironment.made_at(tmp_path / "both", ipykernel=False)
    assert missing_package(environment.prefix, "python") == "ipykernel"
    assert missing_package(environment.prefix, "R") == "r-irkernel"
    environment.file(f"{environment.site_packages}/ipykernel_launcher.py", "")
    environment.file("lib/R/library/IRkernel/DESCRIPTION", "")
    environment.file("bin/R", "#!/bin/sh\n").chmod(0o755)
    assert missing_package(environment.prefix, "python") is None
    assert missing_package(environment.prefix, "R") is None
    python = register_kernel(environment.prefix, a_request("P"), places)
    r = register_kernel(environment.prefix, a_request("R", language="R"), places)
    assert spec_in(python.folder)["argv"][-4:-2] == ["-m", "ipykernel_launcher"]
    assert spec_in(r.folder)["argv"][-6] == f"{environment.prefix}/bin/R"


def test_an_environment_without_a_kernel_says_what_it_lacks(
    tmp_path: Path, places: KernelPlaces
) -> None:
    environment = KernelEnvironment.made_at(tmp_path / "bare", ipykernel=False)
    with pytest.raises(KernelFailed, match="ipykernel is not installed") as refused:
        register_kernel(environment.prefix, a_request(), places)
    assert refused.value.body.hint == "Add ipykernel to its packages."
    assert names_in(places.user) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"argv": ["/usr/bin/python3", "-m", "ipykernel_launcher"]},
        {"argv": []},
        {"argv": "python"},
        {"argv": ["../../../../bin/python"]},
        {"metadata": {"jupyter_ci_manager": {"prefix": "/other"}}},
    ],
)
def test_a_kernelspec_that_starts_nothing_of_the_environment_is_not_its_own(
    environment: KernelEnvironment, places: KernelPlaces, changes: dict[str, Any]
) -> None:
    environment.own_spec("python3", **changes)
    kernel = register_kernel(environment.prefix, a_request(), places)
    argv = spec_in(kernel.folder)["argv"]
    assert argv[argv.index("--") + 1 :][:3] == [environment.python, "-m", "ipykernel_launcher"]


def test_where_the_environment_has_no_python_for_it_ours_starts_the_launcher(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    python = Path(environment.python)
    for name in ("python", "python3"):
        (python.parent / name).unlink()
    (python.parent / "python3.7").symlink_to(sys.executable)
    python.symlink_to("python3.7")
    (python.parent / "python3.7").unlink()
    (python.parent / "python3.7").write_text("#!/bin/sh\n")
    (python.parent / "python3.7").chmod(0o755)
    kernel = register_kernel(environment.prefix, a_request(), places)
    argv = spec_in(kernel.folder)["argv"]
    assert argv[0] == sys.executable
    assert argv[argv.index("--") + 1] == environment.python


# --- names --------------------------------------------------------------------------------------


def test_a_name_that_is_taken_is_numbered_where_nobody_asked_for_it(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    names = [register_kernel(environment.prefix, a_request("A b"), places).name for _ in range(3)]
    assert names == ["a-b", "a-b-2", "a-b-3"]


@pytest.mark.parametrize("name", ["mine", "MINE", "python3", "theirs"])
def test_a_name_that_was_asked_for_and_is_taken_is_refused(
    environment: KernelEnvironment, places: KernelPlaces, name: str
) -> None:
    register_kernel(environment.prefix, a_request(name="mine"), places)
    theirs = Path(places.search[-1], "Theirs")
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text("{}")
    with pytest.raises(KernelExists):
        register_kernel(environment.prefix, a_request(name=name), places)
    assert names_in(places.user) == ["mine"]


def test_a_folder_that_is_no_kernelspec_is_never_overwritten(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    Path(places.user, "mine").mkdir(parents=True)
    precious = Path(places.user, "mine", "precious.txt")
    precious.write_text("x")
    with pytest.raises(KernelExists):
        register_kernel(environment.prefix, a_request(name="mine"), places)
    assert register_kernel(environment.prefix, a_request("mine"), places).name == "mine-2"
    assert precious.read_text() == "x"


@pytest.mark.parametrize(
    "name", ["..", ".hidden", "a/b", "a b", "-x", "é", "a" * 101, "a\0", "a\n", "", "$(x)"]
)
def test_names_that_would_lead_elsewhere_are_refused(
    environment: KernelEnvironment, places: KernelPlaces, name: str
) -> None:
    with pytest.raises(InvalidKernel):
        check_name_is_free(name, places)
    with pytest.raises(InvalidKernel):
        register_kernel(environment.prefix, a_request(name=name), places)
    assert names_in(places.user) == []


@pytest.mark.parametrize(
    ("display_name", "name"),
    [
        ("../../etc", "etc"),
        ("日本語", "analysis"),
        ("python3", "python3-2"),
        ("x" * 200, "x" * 60),
        ("<b>R & D</b>", "b-r-d-b"),
    ],
)
def test_what_people_call_a_kernel_makes_a_name_that_is_safe(
    environment: KernelEnvironment, places: KernelPlaces, display_name: str, name: str
) -> None:
    kernel = register_kernel(environment.prefix, a_request(display_name), places)
    assert kernel.name == name
    assert spec_in(kernel.folder)["display_name"] == display_name


@pytest.mark.parametrize("display_name", ["  ", "a\nb", "\u202eevil", "a\0b", "\x1b[31m"])
def test_names_that_cannot_be_shown_are_refused(
    environment: KernelEnvironment, places: KernelPlaces, display_name: str
) -> None:
    with pytest.raises(InvalidKernel):
        register_kernel(environment.prefix, a_request(display_name), places)


@pytest.mark.parametrize(
    "variables",
    [
        {"A=B": "x"},
        {"": "x"},
        {"1A": "x"},
        {"A B": "x"},
        {"É": "x"},
        {"A": "a\0b"},
        {"A": "x" * 32_001},
        {"CONDA_PREFIX": "/x"},
        {f"A{number}": "x" for number in range(101)},
        {f"A{number}": "x" * 32_000 for number in range(10)},
    ],
)
def test_variables_that_no_process_can_have_are_refused(
    environment: KernelEnvironment, places: KernelPlaces, variables: dict[str, str]
) -> None:
    with pytest.raises(InvalidKernel):
        register_kernel(environment.prefix, a_request(env=variables), places)
    assert names_in(places.user) == []


def test_a_path_that_jupyter_would_fill_in_is_refused(tmp_path: Path, places: KernelPlaces) -> None:
    environment = KernelEnvironment.made_at(tmp_path / "{connection_file}")
    with pytest.raises(InvalidKernel, match="braces"):
        register_kernel(environment.prefix, a_request(), places)


# --- half-made, renamed, removed ----------------------------------------------------------------


def test_what_a_killed_process_left_half_made_is_swept_and_what_is_being_made_is_not(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    parent = Path(places.user).parent
    for name, age in ((".ci-manager-kernel-old", 7200), (".ci-manager-kernel-new", 60)):
        (parent / name).mkdir(parents=True)
        (parent / name / "kernel.json").write_text("{}")
        moment = time.time() - age
        os.utime(parent / name, (moment, moment))
    register_kernel(environment.prefix, a_request(), places)
    assert names_in(str(parent)) == [".ci-manager-kernel-new", "kernels"]


def test_a_place_that_cannot_be_written_is_told(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    Path(places.user).parent.mkdir(parents=True)
    Path(places.user).write_text("a file where the folder should be")
    with pytest.raises(KernelProtected, match="cannot be changed"):
        register_kernel(environment.prefix, a_request(), places)


def test_renaming_changes_what_people_see_and_nothing_else(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    kernel = register_kernel(environment.prefix, a_request("Old", env={"A": "ü"}), places)
    before = spec_in(kernel.folder)
    rename_kernel(Path(kernel.folder), "  New ")
    assert spec_in(kernel.folder) == {**before, "display_name": "New"}
    assert stat.S_IMODE(Path(kernel.folder, "kernel.json").stat().st_mode) == 0o600
    assert len(names_in(kernel.folder)) == 3


def test_of_a_linked_kernelspec_only_the_link_is_removed(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    own = environment.prefix / "share/jupyter/kernels/python3"
    link = Path(places.user, "linked")
    link.parent.mkdir(parents=True)
    link.symlink_to(own)
    remove_kernel(link)
    assert not link.is_symlink()
    assert (own / "kernel.json").exists()


def test_what_somebody_else_has_removed_is_removed(
    environment: KernelEnvironment, places: KernelPlaces
) -> None:
    kernel = register_kernel(environment.prefix, a_request(), places)
    remove_kernel(Path(kernel.folder))
    remove_kernel(Path(kernel.folder))
    assert names_in(places.user) == []


def test_an_environments_kernels_go_with_it_and_others_stay(
    environment: KernelEnvironment, places: KernelPlaces, tmp_path: Path
) -> None:
    other = KernelEnvironment.made_at(tmp_path / "other")
    register_kernel(other.prefix, a_request("Other"), places)
    register_kernel(environment.prefix, a_request("One"), places)
    register_kernel(environment.prefix, a_request("Two", scope="environment"), places)
    # As `python -m ipykernel install --user` writes it.
    installed = Path(places.user, "installed")
    installed.mkdir()
    (installed / "kernel.json").write_text(json.dumps({"argv": [environment.python, "-m", "x"]}))
    assert kernels_by_prefix(places)[str(environment.prefix)] == ["installed", "one", "two"]
    removed, problems = remove_kernels_of(environment.prefix, places)
    assert sorted(removed) == ["installed", "one", "two"]
    assert problems == []
    assert names_in(places.user) == ["other"]
    assert names_in(places.environment) == []


def test_kernelspecs_of_a_home_that_is_itself_a_prefix_do_not_all_belong_to_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "conda-meta").mkdir()
    places = places_in(tmp_path / ".local")
    folder = Path(places.user, "somebodys")
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": ["/usr/bin/python3"]}))
    assert kernels_by_prefix(places) == {}
