"""The lint with a real shellcheck, with bash alone, and with programs that do not answer."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from jupyter_ci_manager.models import LintScript, ScriptLint
from jupyter_ci_manager.script_surroundings import can_run_scripts
from jupyter_ci_manager.services import Services
from jupyter_ci_manager.setup_scripts import shellcheck
from jupyter_ci_manager.setup_scripts.lint import MAX_FINDINGS, lint
from jupyter_ci_manager.setup_scripts.service import SetupScriptService

pytestmark = pytest.mark.skipif(not can_run_scripts(), reason="needs POSIX and bash")

HERE = {"PATH": str(Path(sys.executable).parent)}
NOWHERE = {"PATH": "/nonexistent"}
UNQUOTED = "#!/bin/bash\nset -e\nrm $1\n"


def places(found: ScriptLint, source: str) -> list[tuple[str, int | None]]:
    return [(each.code, each.line) for each in found.findings if each.source == source]


def pretending(folder: Path, text: str) -> dict[str, str]:
    """An environment whose shellcheck does that."""
    program = folder / "shellcheck"
    program.write_text(f"#!/bin/bash\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


async def test_findings_of_shellcheck_are_among_ours_by_line() -> None:
    found = await lint(LintScript(UNQUOTED + "ls ~/x\n"), environ=HERE)

    assert found.shellcheck is not None
    assert found.shellcheck[0].isdigit()
    assert [(each.source, each.line) for each in found.findings] == [
        ("shellcheck", 3),
        ("azure", 4),
    ]
    first = found.findings[0]
    assert (first.code, first.severity, first.column) == ("SC2086", "info", 4)
    assert first.hint == "https://www.shellcheck.net/wiki/SC2086"


async def test_a_block_is_checked_as_the_script_that_it_is() -> None:
    text = "#!/bin/sh\nset -e\n\nsudo -u azureuser -i <<'EOF'\nset -e\necho $X\n[[ -e /x ]]\nEOF\n"

    found = await lint(LintScript(text), environ=HERE)

    assert places(found, "shellcheck") == [("SC2086", 6)]


async def test_a_script_without_a_shebang_is_checked_as_bash() -> None:
    found = await lint(LintScript("set -e\n[[ -e /x ]] && rm $1\n"), environ=HERE)

    assert places(found, "azure") == [("no-shebang", 1)]
    assert places(found, "shellcheck") == [("SC2086", 2)]


async def test_windows_line_endings_are_told_once() -> None:
    found = await lint(LintScript("#!/bin/bash\r\nset -e\r\necho hello\r\n"), environ=HERE)

    assert [each.code for each in found.findings] == ["crlf"]


async def test_what_is_no_shell_script_is_not_given_to_shellcheck() -> None:
    found = await lint(LintScript("#!/usr/bin/python3\nimport os\n"), environ=HERE)

    assert found.shellcheck is None
    assert [each.source for each in found.findings if each.source != "azure"] == []


async def test_without_shellcheck_bash_tells_mistakes_of_syntax() -> None:
    text = "#!/bin/bash\nset -e\nif true; then\n  echo\n\nrm $1\n"

    found = await lint(LintScript(text), environ=NOWHERE)

    assert found.shellcheck is None
    (finding,) = found.findings
    assert (finding.code, finding.source, finding.severity) == ("syntax", "bash", "error")
    assert finding.line == 7
    assert "syntax error" in finding.message


async def test_without_shellcheck_blocks_are_read_by_bash_too() -> None:
    text = "#!/bin/bash\nset -e\nsudo -u azureuser -i <<'EOF'\nset -e\nfor x\nfi\nEOF\n"

    found = await lint(LintScript(text), environ=NOWHERE)

    assert places(found, "bash") == [("syntax", 6)]


@pytest.mark.parametrize("environ", [HERE, NOWHERE], ids=["shellcheck", "bash"])
async def test_nothing_of_a_script_is_run(environ: dict[str, str], tmp_path: Path) -> None:
    text = (
        f"#!/bin/bash\nset -e\ntouch {tmp_path}/a\n$(touch {tmp_path}/b)\nx=`touch {tmp_path}/c`\n"
        f"source {tmp_path}/d\n: $(( x[$(touch {tmp_path}/e)] ))\n"
        f"sudo -u azureuser -i <<'EOF'\nset -e\ntouch {tmp_path}/f\nEOF\n"
    )
    (tmp_path / "d").write_text(f"touch {tmp_path}/g\n")

    await lint(LintScript(text), environ=environ)

    assert [path.name for path in tmp_path.iterdir()] == ["d"]


async def test_a_configuration_file_does_not_silence_shellcheck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".shellcheckrc").write_text("disable=all\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELLCHECK_OPTS", "--exclude=SC2086")

    found = await lint(LintScript(UNQUOTED), environ={**os.environ, **HERE, "HOME": str(tmp_path)})

    assert places(found, "shellcheck") == [("SC2086", 3)]


async def test_a_shellcheck_that_does_not_answer_is_ended_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shellcheck, "CHECK_SECONDS", 0.3)
    environ = pretending(
        tmp_path, '[[ "$1" == --version ]] && echo "version: 1.0" || exec sleep 600'
    )
    begun = time.monotonic()

    found = await lint(LintScript(UNQUOTED + "ls ~/x\n"), environ=environ)

    assert time.monotonic() - begun < 10
    assert found.shellcheck == "1.0"
    assert places(found, "azure") == [("root-home", 4)]
    ((_, line),) = places(found, "shellcheck")
    assert line is None


@pytest.mark.parametrize(
    "answers",
    ["echo nonsense", "exit 3", 'echo \'{"comments": [{"line": "x"}]}\'', "echo '[]'", "true"],
)
async def test_what_shellcheck_answers_may_be_anything(tmp_path: Path, answers: str) -> None:
    version = '[[ "$1" == --version ]] && echo "version: 1.0" && exit'
    environ = pretending(tmp_path, f"{version}\n{answers}")

    found = await lint(LintScript(UNQUOTED), environ=environ)

    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("shellcheck", "info")


@pytest.mark.parametrize("answers", ["exit 1", "echo no version", "kill -9 $$", "sleep 600"])
async def test_a_program_of_that_name_that_is_another_one_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    monkeypatch.setattr(shellcheck, "VERSION_SECONDS", 0.5)

    found = await lint(LintScript(UNQUOTED), environ=pretending(tmp_path, answers))

    assert (found.shellcheck, found.findings) == (None, [])


async def test_more_findings_than_anybody_reads_are_left_out() -> None:
    found = await lint(LintScript("#!/bin/bash\nset -e\n" + "echo $x\n" * 500), environ=HERE)

    assert len(found.findings) == MAX_FINDINGS


async def test_the_service_finds_shellcheck_beside_the_interpreter(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(services.setup_scripts, SetupScriptService)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    found = await services.setup_scripts.lint(LintScript(UNQUOTED))

    assert found.shellcheck is not None
