"""What a script sees of sudo where there is no azureuser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_ci_manager.script_surroundings import (
    PATH,
    ScriptSurroundings,
    can_run_scripts,
    remove_scratch,
    words,
)
from tests.disk.mounting import bind

pytestmark = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")


@pytest.fixture
def surroundings(tmp_path: Path) -> ScriptSurroundings:
    made = ScriptSurroundings(tmp_path.resolve() / "my machine")
    made.make()
    return made


def run(surroundings: ScriptSurroundings, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", text, "script", "first argument"],
        env=surroundings.environment(
            os.environ, instance="my-ci", workspace="ws", resource_group="rg"
        ),
        cwd=surroundings.folder,
        capture_output=True,
        text=True,
    )


def printed(surroundings: ScriptSurroundings, text: str) -> list[str]:
    done = run(surroundings, text)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_block_begins_in_its_own_home_without_arguments_and_variables(
    surroundings: ScriptSurroundings,
) -> None:
    text = """sudo -u azureuser -i <<'EOF'
    echo "$PWD"; echo "$HOME"; echo "$USER $LOGNAME $#<$1>${CI_NAME:-none}"
    EOF
""".replace("    EOF", "EOF")

    home = str(surroundings.home)
    assert printed(surroundings, text) == [home, home, "azureuser azureuser 0<>none"]


def test_arguments_are_handed_over_word_by_word(surroundings: ScriptSurroundings) -> None:
    text = (
        "sudo -u azureuser -i bash -s -- \"$1\" 'a;b' \"it's\" '*' 'x>y' <<'EOF'\n"
        'printf "<%s>" "$@"\nEOF\n'
    )

    assert printed(surroundings, text) == ["<first argument><a;b><it's><*><x>y>"]


def test_without_i_the_folder_stays_and_the_environment_does_not(
    surroundings: ScriptSurroundings,
) -> None:
    assert printed(
        surroundings, "sudo -u azureuser bash -c 'pwd; echo ${CI_NAME:-none} $HOME'"
    ) == [
        str(surroundings.folder),
        f"none {surroundings.home}",
    ]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("sudo printenv USER", "root"),
        ("sudo -E printenv CI_NAME", "my-ci"),
        ("sudo --preserve-env=CI_NAME printenv CI_NAME", "my-ci"),
        ("sudo A=1 B='x y' bash -c 'echo $A$B'", "1x y"),
        ("sudo -Hn -u azureuser printenv USER", "azureuser"),
        ("sudo -iu azureuser printenv USER", "azureuser"),
        ("sudo --login --user=azureuser printenv USER", "azureuser"),
        ("sudo --user azureuser -- printenv USER", "azureuser"),
        ('sudo -u "$CI_LOCAL_UBUNTU_USER" printenv USER', "azureuser"),
        ("sudo -u azureuser sudo printenv USER", "root"),
        ("sudo -u azureuser -i sudo -u azureuser -i printenv USER", "azureuser"),
        ("echo 'echo $USER' | sudo -s", "root"),
    ],
)
def test_it_takes_the_options_that_scripts_use(
    surroundings: ScriptSurroundings, command: str, shown: str
) -> None:
    assert printed(surroundings, command) == [shown]


def test_of_a_command_for_a_shell_only_the_dollar_is_left_to_it(
    surroundings: ScriptSurroundings,
) -> None:
    assert printed(surroundings, "sudo -s echo '$HOME;' x") == [f"{surroundings.root_home}; x"]


def test_a_profile_that_sets_path_anew_does_not_lead_to_the_real_sudo(
    surroundings: ScriptSurroundings,
) -> None:
    (surroundings.home / ".bash_profile").write_text("PATH=/usr/bin:/bin\nhello() { echo hi; }\n")

    text = "sudo -u azureuser -i <<'EOF'\ncommand -v sudo\nhello\necho \"${BASH_ENV:-none}\"\nEOF\n"

    assert printed(surroundings, text) == [str(surroundings.folder / "bin" / "sudo"), "hi", "none"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("sudo -u bob true", "unknown user bob"),
        ("sudo -u '../azureuser' true", "unknown user ../azureuser"),
        ("sudo -u", "requires an argument"),
        ("sudo --user", "requires an argument"),
        ("sudo", "a command is needed"),
        ("sudo -u azureuser", "a command is needed"),
        ("sudo -Z true", "does not know the option -Z"),
        ("sudo --chroot=/ true", "does not know the option --chroot=/"),
    ],
)
def test_what_it_cannot_do_fails(surroundings: ScriptSurroundings, command: str, said: str) -> None:
    done = run(surroundings, command)

    assert done.returncode == 1
    assert said in done.stderr


def test_the_status_of_a_block_is_that_of_its_last_command(
    surroundings: ScriptSurroundings,
) -> None:
    assert run(surroundings, "sudo -u azureuser -i <<'EOF'\nexit 7\nEOF\n").returncode == 7
    assert run(surroundings, "sudo -u azureuser false").returncode == 1


def test_shellcheck_finds_nothing_in_it() -> None:
    import jupyter_ci_manager.script_surroundings as module

    program = Path(sys.executable).with_name("shellcheck")
    script = Path(module.__file__).with_name("sudo_stand_in.sh")
    done = subprocess.run([program, script], capture_output=True, text=True)

    assert (done.stdout, done.returncode) == ("", 0)


def test_no_secret_and_no_conda_is_passed_on(surroundings: ScriptSurroundings) -> None:
    environ = {
        "PATH": "/anaconda/bin",
        "SOME_TOKEN": "x",
        "CONDA_EXE": "x",
        "LANG": "C",
        "HOME": "/x",
    }

    found = surroundings.environment(environ, instance="i", workspace="w", resource_group="r")

    assert found == {
        "LANG": "C",
        "HOME": str(surroundings.root_home),
        "PATH": f"{surroundings.folder}/bin:{PATH}",
        "CI_NAME": "i",
        "CI_WORKSPACE": "w",
        "CI_RESOURCE_GROUP": "r",
        "CI_LOCAL_UBUNTU_USER": "azureuser",
    }


def test_arguments_are_words() -> None:
    assert words("a 'b c' \"d\" $HOME") == ["a", "b c", "d", "$HOME"]
    assert words(None) == []


def test_a_scratch_folder_goes_also_where_rights_were_taken_away(
    surroundings: ScriptSurroundings, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o500)
    closed = surroundings.home / "closed" / "inner"
    closed.mkdir(parents=True)
    (closed / "file").write_text("x")
    (closed / "link").symlink_to(outside)
    closed.chmod(0o000)
    closed.parent.chmod(0o000)

    assert remove_scratch(surroundings.folder) == []

    assert not surroundings.folder.exists()
    assert outside.stat().st_mode & 0o777 == 0o500


def test_what_is_mounted_in_a_scratch_folder_is_not_removed(
    surroundings: ScriptSurroundings, tmp_path: Path
) -> None:
    precious, point = tmp_path / "precious", surroundings.home / "data"
    precious.mkdir()
    point.mkdir()
    (precious / "file").write_text("x")

    with bind(precious, point):
        mounted = remove_scratch(surroundings.folder)

        assert mounted == [str(point)]
    assert (precious / "file").read_text() == "x"
    assert remove_scratch(surroundings.folder) == []
    assert not surroundings.folder.exists()
