"""What files that describe environments come to, and which are refused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.environments.specification import read_specification
from jupyter_ci_manager.environments.specified import Specification
from jupyter_ci_manager.errors import InvalidEnvironmentFile, InvalidSpec
from jupyter_ci_manager.models import EnvironmentFile

PLATFORM = "linux-64"
MD5, SHA256 = "0123456789abcdef" * 2, "0123456789abcdef" * 4


def read(content: str, name: str = "environment.yml") -> Specification:
    file = EnvironmentFile(name=name, content=content)
    return read_specification(file, Path("/nowhere"), PLATFORM)


def test_an_environment_yml_is_read_with_channels_pip_and_variables() -> None:
    found = read(
        """
name: analysis
channels: [conda-forge, bioconda]
dependencies:
  - python = 3.10
  - numpy >=1.26, <3
  - conda-forge::r-base=4.4
  - pip:
    - --extra-index-url https://download.example/whl/cpu
    - torch==2.5.1  # for the CPU
    - git+https://code.example/x.git@main
variables:
  LEVEL: "3.10"
prefix: /home/amy/else
"""
    )

    assert found.name == "analysis"
    assert found.channels == ("conda-forge", "bioconda")
    assert found.specs == ("python =3.10", "numpy >=1.26,<3", "conda-forge::r-base=4.4", "pip")
    assert found.pip == (
        "--extra-index-url https://download.example/whl/cpu",
        "torch==2.5.1",
        "git+https://code.example/x.git@main",
    )
    assert found.variables == {"LEVEL": "3.10"}
    assert [warning.split()[1] for warning in found.warnings] == ["prefix", "is"]


def test_a_version_that_looks_like_a_number_keeps_its_zero() -> None:
    assert read("name: 3.10\ndependencies: [python=3.10]\n").name == "3.10"


@pytest.mark.parametrize(
    "line",
    [
        "-r requirements.txt",
        "-c https://evil.example/c.txt",
        "--requirement=/etc/passwd",
        "-e .",
        "./local",
        "../up",
        "/srv/x",
        "file:///srv/x.whl",
        "x @ file:///croot/x",
        "$(touch owned)",
        "`touch owned`",
        "x; touch owned",
        "x && touch owned",
        "--global-option=--no-user-cfg",
        "--config-settings a=b",
        "--target=/srv",
        "--index-url file:///srv",
        "--trusted-host a b",
        "x --install-option=--prefix=/srv",
    ],
)
def test_what_pip_should_not_be_told_is_refused(line: str) -> None:
    with pytest.raises((InvalidEnvironmentFile, InvalidSpec)):
        read(f"dependencies:\n  - pip:\n    - '{line}'\n")
    with pytest.raises((InvalidEnvironmentFile, InvalidSpec)):
        read(line, "requirements.txt")


def test_two_lines_in_one_entry_for_pip_are_refused() -> None:
    with pytest.raises(InvalidEnvironmentFile):
        read('dependencies:\n  - pip:\n    - "x\\n--index-url https://evil.example"\n')


def test_a_bomb_of_anchors_is_refused_at_once() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    began = time.perf_counter()

    with pytest.raises(InvalidEnvironmentFile, match="anchors multiply"):
        read(bomb + "dependencies: *a29\n")

    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "  \n",
        "\0",
        "just words",
        "- a\n- list\n",
        "name: x\n",
        "dependencies: [\n",
        "dependencies: {python: 3}\n",
        "dependencies:\n  - {conda: x}\n",
        "dependencies:\n  - [python]\n",
        "dependencies: [python>>>3]\n",
        "dependencies: ['-n base']\n",
        "dependencies: [python]\ndependencies: [r-base]\n",
        "dependencies: [python]\n---\ndependencies: [r-base]\n",
        'dependencies: !!python/object/apply:os.system ["id"]\n',
        "a: &a [*a]\ndependencies: *a\n",
        "dependencies: " + "[" * 1000,
        "channels: ['-c']\ndependencies: [python]\n",
        "dependencies: [python]\nvariables: {'A=B': c}\n",
        'dependencies: [python]\nvariables: {A: "x\\0y"}\n',
        "dependencies: [python]\nvariables: [a]\n",
        "name: [a]\ndependencies: [python]\n",
    ],
)
def test_what_describes_no_environment_is_refused(content: str) -> None:
    with pytest.raises((InvalidEnvironmentFile, InvalidSpec)):
        read(content)


def test_a_refusal_does_not_tell_a_token() -> None:
    with pytest.raises(InvalidEnvironmentFile) as refused:
        read("--index-url=https://u:tk-secret@host.example/x y", "requirements.txt")

    assert "tk-secret" not in str(refused.value.body)


def test_a_requirements_txt_gets_python_and_pip() -> None:
    found = read(
        f"""
# what we need
requests>=2 \\
    --hash=sha256:{SHA256} \\
    --hash=sha256:{SHA256}
torch==2.5.1 ; python_version < "3.13"   # on the CPU
-i https://index.example/simple
-e git+https://code.example/x.git#egg=x
""",
        "requirements.txt",
    )

    assert found.kind == "requirements"
    assert found.specs == ("python", "pip")
    assert found.pip == (
        f"requests>=2 --hash=sha256:{SHA256} --hash=sha256:{SHA256}",
        'torch==2.5.1 ; python_version < "3.13"',
        "--index-url https://index.example/simple",
        "git+https://code.example/x.git#egg=x",
    )
    assert "not as an editable" in found.warnings[0]


def test_an_explicit_list_is_read_whatever_it_is_called() -> None:
    base = "https://conda.anaconda.org/conda-forge"
    text = (
        "# platform: linux-64\n@EXPLICIT\n"
        f"{base}/linux-64/python-3.12.1-h1_0.conda#{MD5}\n"
        f"{base}/noarch/pip-24.0-py_0.tar.bz2#sha256:{SHA256}\n"
        "/srv/packages/linux-64/own-1-0.conda\n"
    )

    found = read(text, "notes.md")

    assert found.kind == "explicit"
    assert found.explicit == (
        f"{base}/linux-64/python-3.12.1-h1_0.conda#{MD5}",
        f"{base}/noarch/pip-24.0-py_0.tar.bz2#sha256:{SHA256}",
        "file:///srv/packages/linux-64/own-1-0.conda",
    )
    assert found.warnings == ("1 of the packages have no checksum in the list.",)


@pytest.mark.parametrize(
    "text",
    [
        "@EXPLICIT\n",
        "# platform: osx-arm64\n@EXPLICIT\nhttps://h.example/noarch/a-1-0.conda\n",
        "@EXPLICIT\nhttps://h.example/c/osx-64/a-1-0.conda\n",
        "@EXPLICIT\nhttps://h.example/c/linux-64/a-1-0.zip\n",
        "@EXPLICIT\nhttps://h.example/c/linux-64/a-1-0.conda#nothash\n",
        "@EXPLICIT\n--prefix=/srv\n",
        "@EXPLICIT\n$(id).conda\n",
        "@EXPLICIT\nhttps://[::bad/c/linux-64/a-1-0.conda\n",
    ],
)
def test_an_explicit_list_for_something_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidEnvironmentFile):
        read(text, "list.txt")


def test_what_conda_list_export_prints_is_read() -> None:
    found = read("# platform: linux-64\npython=3.12.1=h1_0\nrequests=2.31=pypi_0\n", "list.txt")

    assert (found.kind, found.specs, found.pip) == (
        "export",
        ("python=3.12.1=h1_0",),
        ("requests==2.31",),
    )


CONDA_LOCK = f"""
version: 1
metadata:
  content_hash: {{linux-64: abc}}
  channels:
    - {{url: conda-forge, used_env_vars: []}}
  platforms: [linux-64, osx-64]
package:
- {{name: pip, version: "24", manager: conda, platform: linux-64, category: main, optional: false,
   url: "https://h.example/c/noarch/pip-24.0-0.conda", hash: {{md5: {MD5}, sha256: {SHA256}}}}}
- {{name: python, version: "3.12", manager: conda, platform: osx-64, category: main,
   url: "https://h.example/c/osx-64/python-3.12-0.conda", hash: {{md5: {MD5}}}}}
- {{name: docs, version: "1", manager: conda, platform: linux-64, category: docs, optional: true,
   url: "https://h.example/c/noarch/docs-1-0.conda", hash: {{sha256: {SHA256}}}}}
- {{name: wheel-x, version: "1.0", manager: pip, platform: linux-64, category: dev, optional: true,
   url: "https://files.example/x-1.0-py3-none-any.whl", hash: {{sha256: {SHA256}}}}}
"""


def test_a_conda_lock_file_gives_what_is_for_this_machine() -> None:
    found = read(CONDA_LOCK, "conda-lock.yml")

    assert found.kind == "conda-lock"
    assert found.channels == ("conda-forge",)
    assert found.explicit == (f"https://h.example/c/noarch/pip-24.0-0.conda#{MD5}",)
    assert found.pip == (
        f"wheel-x @ https://files.example/x-1.0-py3-none-any.whl --hash=sha256:{SHA256}",
    )
    assert found.pip_without_dependencies
    assert found.warnings == ("1 packages of optional categories are left out.",)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("platform: linux-64, category", "platform: linux-aarch64, category"),
        ("version: 1\n", "version: 9\n"),
        ("noarch/pip-24.0-0.conda", "noarch/other-24.0-0.conda"),
        (f"hash: {{sha256: {SHA256}}}}}\n", "hash: {}}\n"),
        ("package:\n", "package: x\nother:\n"),
    ],
)
def test_a_conda_lock_file_that_cannot_be_followed_is_refused(before: str, after: str) -> None:
    assert before in CONDA_LOCK
    with pytest.raises(InvalidEnvironmentFile):
        read(CONDA_LOCK.replace(before, after), "conda-lock.yml")


PIXI_LOCK = f"""
version: 6
environments:
  default:
    channels:
    - url: https://conda.anaconda.org/conda-forge/
    indexes: [https://index.example/simple]
    packages:
      linux-64:
      - conda: https://h.example/c/noarch/pip-24.0-0.conda
      - pypi: https://files.example/x-1.0-py3-none-any.whl
      osx-64:
      - conda: https://h.example/c/osx-64/python-3.12-0.conda
packages:
- conda: https://h.example/c/noarch/pip-24.0-0.conda
  sha256: {SHA256}
  md5: {MD5}
- conda: https://h.example/c/osx-64/python-3.12-0.conda
  sha256: {SHA256}
- pypi: https://files.example/x-1.0-py3-none-any.whl
  name: x
  version: '1.0'
  sha256: {SHA256}
"""


def test_a_pixi_lock_file_gives_the_default_environment_for_this_machine() -> None:
    found = read(PIXI_LOCK, "pixi.lock")

    assert found.kind == "pixi-lock"
    assert found.explicit == (f"https://h.example/c/noarch/pip-24.0-0.conda#{MD5}",)
    assert found.pip == (
        f"x @ https://files.example/x-1.0-py3-none-any.whl --hash=sha256:{SHA256}",
    )


def test_what_rattler_writes_of_it_is_read_the_same(tmp_path: Path) -> None:
    rattler = pytest.importorskip("rattler", reason="py-rattler has no wheel for this machine")
    (tmp_path / "in.lock").write_text(PIXI_LOCK, encoding="utf-8")
    rattler.LockFile.from_path(tmp_path / "in.lock").to_path(tmp_path / "out.lock")

    found = read((tmp_path / "out.lock").read_text(encoding="utf-8"), "pixi.lock")

    assert found == read(PIXI_LOCK, "pixi.lock")


def test_a_pixi_lock_file_with_several_environments_must_have_a_default() -> None:
    text = PIXI_LOCK.replace("  default:\n", "  a: {}\n  b:\n")

    with pytest.raises(InvalidEnvironmentFile, match="more than one environment"):
        read(text, "pixi.lock")


def by_path(root: Path, path: str) -> Specification:
    file = EnvironmentFile(name=Path(path).name, path=path)
    return read_specification(file, root, PLATFORM)


def test_a_file_below_the_served_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "environment.yml").write_text("dependencies: [python]", encoding="utf-8")

    assert by_path(tmp_path, "/sub/environment.yml").specs == ("python",)


def test_a_file_elsewhere_or_none_at_all_is_refused_without_waiting(tmp_path: Path) -> None:
    root = tmp_path / "served"
    root.mkdir()
    (tmp_path / "secret.yml").write_text("dependencies: [python]", encoding="utf-8")
    (root / "link.yml").symlink_to(tmp_path / "secret.yml")
    (root / "loop.yml").symlink_to(root / "loop.yml")
    (root / "folder.yml").mkdir()
    (root / "latin.yml").write_bytes("dependencies: [é]".encode("latin-1"))
    os.mkfifo(root / "pipe.yml")
    with (root / "huge.yml").open("wb") as huge:
        huge.truncate(5_000_000)

    made = ["link.yml", "loop.yml", "folder.yml", "latin.yml", "pipe.yml", "huge.yml"]
    for path in [*made, "../secret.yml", "missing.yml", "a\0b", "", "/etc/hostname"]:
        with pytest.raises(InvalidEnvironmentFile):
            by_path(root, path)


def test_a_lock_file_of_four_megabytes_is_read_in_steps() -> None:
    entry = (
        '- {{name: p{0}, manager: conda, platform: linux-64, url: "https://h.example/c/noarch/'
        'p{0}-1-0.conda", hash: {{md5: {1}}}}}\n'
    )
    entries = "".join(entry.format(number, MD5) for number in range(10_000))

    found = read(f"version: 1\nmetadata: {{}}\npackage:\n{entries}", "conda-lock.yml")

    assert len(found.explicit) == 10_000
