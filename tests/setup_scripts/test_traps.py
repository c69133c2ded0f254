"""The documented traps of setup scripts: each found where it is, and not where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_ci_manager.models import LintScript, ScriptFinding
from jupyter_ci_manager.setup_scripts.shell_text import MAX_LINE
from jupyter_ci_manager.setup_scripts.traps import SEEN, traps

HEAD = "#!/bin/bash\nset -e\n"
BLOCK = HEAD + "sudo -u azureuser -i <<'EOF'\nset -e\n{}\nEOF\n"


def found(text: str, **options: str) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.line) for finding in traps(LintScript(text, **options))]


def only(text: str, code: str) -> ScriptFinding:
    """The one finding, which is of that code."""
    (finding,) = traps(LintScript(text))
    assert finding.code == code
    assert finding.message.endswith(".")
    assert finding.hint
    return finding


def block(*lines: str) -> str:
    return BLOCK.format("\n".join(lines))


def test_a_sound_script_has_no_findings() -> None:
    text = block("source /anaconda/etc/profile.d/conda.sh", "conda activate base", "pip install x")

    assert found(text, file_name="setup.sh") == []


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["setup", "setup.bash", "setup.SH", "setup.sh.txt", ""])
def test_a_file_name_that_does_not_end_in_sh_is_an_error(name: str) -> None:
    assert found(HEAD, file_name=name) == [("file-name", None)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\n"])
def test_an_empty_script_is_an_error(text: str) -> None:
    assert ("empty", None) in found(text)


def test_what_is_no_text_is_looked_at_no_further() -> None:
    assert found("#!/bin/bash\nset -e\n\0\x7fELF\n") == [("not-text", None)]


def test_windows_line_endings_are_told_with_the_first_line_that_has_them() -> None:
    assert found("#!/bin/bash\nset -e\r\necho\r\n") == [("crlf", 2)]


def test_a_byte_order_mark_is_told() -> None:
    assert found("\ufeff" + HEAD) == [("byte-order-mark", 1)]


@pytest.mark.parametrize("first", ["", "set -e", "# bash", " #!/bin/bash"])
def test_a_script_says_in_its_first_line_which_shell_it_is_for(first: str) -> None:
    assert ("no-shebang", 1) in found(f"{first}\nset -e\necho\n")


@pytest.mark.parametrize(
    "first", ["#!/bin/sh", "#! /bin/bash -e", "#!/usr/bin/env bash", "#!/usr/bin/env -S bash -e"]
)
def test_any_shell_will_do(first: str) -> None:
    assert found(f"{first}\nset -e\necho\n") == []


@pytest.mark.parametrize("first", ["#!/usr/bin/python3", "#!/usr/bin/env python", "#!", "#!/"])
def test_another_language_is_an_error(first: str) -> None:
    assert ("no-shell-script", 1) in found(f"{first}\nset -e\necho\n")


# --- going on after an error --------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["set -e", "set -eu", "set -euo pipefail", "set -o errexit", "set -u -e", "  set -ex; echo"],
)
def test_each_way_to_end_at_an_error_counts(line: str) -> None:
    assert found(f"#!/bin/bash\n{line}\necho\n") == []


@pytest.mark.parametrize("line", ["# set -e", "echo 'set -e'", "set +e", "set -u", "reset -e"])
def test_a_script_that_goes_on_after_an_error_is_told(line: str) -> None:
    assert "no-set-e" in dict(found(f"#!/bin/bash\n{line}\necho\n"))


def test_the_shebang_may_say_it_too() -> None:
    assert found("#!/bin/bash -e\necho\n") == []


def test_a_block_needs_its_own_set_e() -> None:
    text = HEAD + "sudo -u azureuser -i <<'EOF'\npip list\nEOF\n"

    assert only(text, "no-set-e-in-block").line == 3


# --- as root ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "/anaconda/bin/conda env create --file /x.yml",
        "python -m ipykernel install --user --name x",
        "jupyter kernelspec install /x",
        "pip install --user numpy",
        "git config --global user.name amy",
        "if true; then /anaconda/bin/conda info; fi",
        "echo $(/anaconda/bin/conda info)",
    ],
)
def test_conda_and_kernels_belong_to_azureuser(line: str) -> None:
    finding = only(HEAD + line + "\n", "outside-block")

    assert finding.line == 3
    assert "sudo -u azureuser -i <<'EOF'" in (finding.hint or "")


@pytest.mark.parametrize(
    "line",
    [
        "# conda create -n x",
        "echo 'conda create'",
        "git config --system user.name amy",
        'echo "use conda install"',
        "cat /anaconda/conda-meta/history",
        "sudo -u azureuser -i /anaconda/bin/conda env list",
        "sudo -H --user=azureuser /anaconda/bin/conda env list",
        'sudo -iu "$CI_LOCAL_UBUNTU_USER" /anaconda/bin/conda env list',
        "sudo \\\n  -u azureuser \\\n  /anaconda/bin/conda env list",
        "su - azureuser -c '/anaconda/bin/conda env list'",
        "cat >/etc/motd <<EOF\nconda create -n x\nEOF",
        "sudo -u azureuser -i bash -c '\n  set -e\n  /anaconda/bin/conda env list\n'",
    ],
)
def test_what_is_no_command_of_roots_is_not_told(line: str) -> None:
    assert found(HEAD + line + "\n") == []


@pytest.mark.parametrize("line", ["cp x ~/y", "cd ~", 'ls "$HOME"', "X=${HOME}/a"])
def test_root_has_another_home(line: str) -> None:
    assert only(HEAD + line + "\n", "root-home").line == 3


@pytest.mark.parametrize("line", ["echo '~/x'", "echo '$HOME'", "x=a~b", "ls /home/azureuser"])
def test_what_is_no_home_is_not_told(line: str) -> None:
    assert found(HEAD + line + "\n") == []


# --- Conda --------------------------------------------------------------------------------------


def test_conda_is_not_on_the_path() -> None:
    finding = only(block("conda env list"), "conda-not-found")

    assert (finding.line, finding.column) == (5, 1)
    assert "source /anaconda/etc/profile.d/conda.sh" in (finding.hint or "")


def test_activating_needs_more_than_the_path() -> None:
    text = block('PATH="$PATH:/anaconda/bin"', "conda env list", "conda activate x")

    assert only(text, "conda-not-found").line == 7


@pytest.mark.parametrize(
    "line",
    [
        "source /anaconda/etc/profile.d/conda.sh",
        ". /anaconda/etc/profile.d/conda.sh",
        "source /anaconda/bin/activate",
        'eval "$(/anaconda/bin/conda shell.bash hook)"',
    ],
)
def test_conda_can_be_loaded_in_several_ways(line: str) -> None:
    assert found(block(line, "conda activate x")) == []


@pytest.mark.parametrize(
    "line",
    [
        "apt-get install jq",
        "apt-get update && apt-get upgrade",
        "DEBIAN_FRONTEND=noninteractive apt-get install jq",
    ],
)
def test_nobody_answers_apt(line: str) -> None:
    assert only(HEAD + line + "\n", "asks").line == 3


def test_nobody_answers_conda() -> None:
    assert only(block("PATH=$PATH:/anaconda/bin", "conda install numpy"), "asks").line == 6


@pytest.mark.parametrize(
    "line",
    [
        "apt-get install -y jq",
        "apt-get -qqy install jq",
        "apt install --yes jq",
        "apt-get update",
        "apt-get --assume-yes install \\\n  jq",
    ],
)
def test_apt_that_does_not_ask_is_fine(line: str) -> None:
    assert found(HEAD + line + "\n") == []


# --- blocks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("use", ["$1", '"$@"', "${2:-x}", "$#", '"${1}"', "$*", "${#1}"])
def test_arguments_are_not_visible_in_a_block(use: str) -> None:
    finding = only(block(f"echo {use}"), "arguments-in-block")

    assert finding.line == 5
    assert 'bash -s -- "$@"' in (finding.hint or "")


@pytest.mark.parametrize(
    "lines",
    [
        ("awk '{print $1}' /x",),
        ("echo \\$1",),
        ("set -- a b", "echo $1"),
        ("show() { echo $1; }", "show x"),
        ("echo $12",),
    ],
)
def test_arguments_that_are_its_own_are_visible(lines: tuple[str, ...]) -> None:
    codes = dict(found(block(*lines)))

    assert ("arguments-in-block" in codes) == (lines == ("echo $12",))


@pytest.mark.parametrize("shell", ["bash -s --", "bash -s", "bash -es --"])
def test_arguments_that_are_handed_over_are_visible(shell: str) -> None:
    text = HEAD + f'sudo -u azureuser -i {shell} "$@" <<\'EOF\'\nset -e\necho "$1"\nEOF\n'

    assert found(text) == []


def test_variables_of_the_script_are_not_visible_in_a_block() -> None:
    text = HEAD + "NAME=x\nsudo -u azureuser -i <<'EOF'\nset -e\necho $NAME\nEOF\n"

    finding = only(text, "variable-in-block")

    assert (finding.line, finding.column) == (6, 6)
    assert "line 3" in finding.message


@pytest.mark.parametrize("name", ["CI_NAME", "CI_WORKSPACE", "CI_RESOURCE_GROUP"])
def test_variables_of_the_instance_are_not_visible_in_a_block(name: str) -> None:
    assert only(block(f'echo "${{{name}}}"'), "variable-in-block").line == 5


@pytest.mark.parametrize(
    "line",
    ["NAME=y; echo $NAME", "for NAME in a; do echo $NAME; done", "echo ${NAME:-x}", "echo '$NAME'"],
)
def test_variables_of_the_block_are_visible(line: str) -> None:
    text = HEAD + f"NAME=x\nsudo -u azureuser -i <<'EOF'\nset -e\n{line}\nEOF\n"

    assert found(text) == []


def test_without_i_the_folder_stays() -> None:
    text = HEAD + "sudo -u azureuser bash <<'EOF'\nset -e\npip install -r requirements.txt\nEOF\n"

    assert found(text) == []


@pytest.mark.parametrize(
    "line",
    ["pip install -r requirements.txt", "bash ./more.sh", "source env/x.sh", "cp ../data.csv /x"],
)
def test_a_block_begins_in_another_folder(line: str) -> None:
    assert only(block(line), "folder-in-block").line == 5


@pytest.mark.parametrize(
    "lines",
    [
        ("cd /mnt/x", "pip install -r requirements.txt"),
        ("pip install -r /mnt/requirements.txt",),
        ("pip install -r ~/requirements.txt",),
        ('pip install -r "$folder/requirements.txt"',),
    ],
)
def test_a_whole_path_is_found_from_everywhere(lines: tuple[str, ...]) -> None:
    assert found(block(*lines)) == []


def test_a_block_whose_word_is_not_quoted_is_expanded_by_root() -> None:
    text = HEAD + "sudo -u azureuser -i <<EOF\nset -e\nls $HOME\nEOF\n"

    assert only(text, "expanded-by-root").line == 5


def test_a_block_that_never_ends_is_told_where_it_begins() -> None:
    text = HEAD + "sudo -u azureuser -i <<'EOF'\nset -e\npip list\n EOF\n"

    finding = only(text, "heredoc-open")

    assert (finding.line, finding.severity) == (3, "error")


# --- arguments and secrets ----------------------------------------------------------------------


def test_arguments_that_nobody_looks_at_are_told() -> None:
    assert found(HEAD + "echo\n", arguments="a b") == [("arguments-unused", None)]
    assert found(HEAD + 'echo "$1"\n', arguments="a b") == []


def test_arguments_with_an_open_quote_are_an_error() -> None:
    assert found(HEAD + 'echo "$1"\n', arguments="it's") == [("arguments-quote", None)]


@pytest.mark.parametrize(
    "line",
    [
        "PASSWORD=hunter2hunter2",
        "export DB_PASSWORD='correct horse'",
        "API_KEY=abcdef0123456789",
        "git clone https://amy:sup3rs3cret@github.com/x/y.git",
        "TOKEN=ghp_" + "a" * 36,
        "x='AccountKey=" + "A" * 40 + "=='",
        "curl 'https://x.blob.core.windows.net/c/f?sv=1&sig=" + "a" * 30 + "'",
    ],
)
def test_a_secret_in_a_script_is_told(line: str) -> None:
    assert "secret" in dict(found(HEAD + line + "\n"))


@pytest.mark.parametrize(
    "line",
    [
        'PASSWORD="$1"',
        "PASSWORD=$(get-it)",
        "git clone https://github.com/x/y.git",
        "git clone https://$USER:$TOKEN@github.com/x/y.git",
        "echo no password here",
    ],
)
def test_a_place_for_a_secret_is_none(line: str) -> None:
    assert "secret" not in dict(found(HEAD + line + "\n"))


# --- whatever is sent ---------------------------------------------------------------------------


def test_the_same_trap_is_told_a_few_times_at_most() -> None:
    assert len(found(HEAD + "ls ~/x\n" * 100)) == SEEN


HOSTILE = [
    "sudo " * 100_000,
    "'" * 500_000,
    "$" * 500_000,
    "${1" * 150_000,
    "\\\n" * 250_000,
    "<<A\n" * 100_000,
    "PATH=" * 100_000,
    "password" * 60_000,
    "sudo -u azureuser -i bash -c '\n" * 16_000,
    "sudo -u azureuser -i <<A\n" * 20_000,
    "x" * (MAX_LINE * 100),
    "\u202e\ud83d\ude00\u0000" * 1000,
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_half_a_megabyte_of_anything_is_read_in_seconds(text: str) -> None:
    assert traps(LintScript("#!/bin/bash\n" + text))


PIECES = ["<<EOF", "<<'EOF'", "\nEOF\n", "sudo -u azureuser -i ", "conda ", "set -e", "bash -c "]
PIECES += ["$1", "#!/bin/bash\n", "CI_NAME", "\ufeff", "é", "apt-get install ", "PASSWORD=", "~/"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*"\"'\\`$#{}()<>|&;=~ \n\t\r", *PIECES])).map("".join))
def test_no_text_is_too_odd(text: str) -> None:
    lines = text.count("\n") + 1

    for finding in traps(LintScript(text)):
        assert finding.line is None or 1 <= finding.line <= lines
