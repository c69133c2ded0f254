"""What a setup script of a compute instance trips over: each documented trap is a function here.

It looks at text alone: it runs nothing and asks nobody. Sources: "Customize the compute instance
with a script" (learn.microsoft.com), and the reports that are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from ..models import LintScript, ScriptFinding
from ..script_surroundings import words
from .shell_text import Block, Line, Script, taken_apart

SEEN = 3
"""Lines that the same trap is told of; more of them say no more."""

_finding = partial(ScriptFinding, source="azure")
_error = partial(_finding, severity="error")
_warning = partial(_finding, severity="warning")
_info = partial(_finding, severity="info")

_SHEBANG = re.compile(r"#![ \t]*(?:/usr/bin/env[ \t]+(?:-S[ \t]+)?)?(?:/\S*/)?([\w.+-]+)")
_SHEBANG_WITH_E = re.compile(r"#!.*\s-[a-z]*e[a-z]*(?:\s|$)")
_SHELLS = frozenset({"bash", "sh", "dash", "ksh", "zsh"})
_SET = re.compile(r"(?:^|[;&|{(]|\s)set\s+(?:-[a-zA-Z]{1,20}\s+){0,8}(?:-[a-zA-Z]*e|-o\s+errexit)")
_WORD = r"(?:^|[\s;&|({$`])"
_FOLDER = r"(?:[\w.~/-]{0,100}/)?"
_USERS_OWN = re.compile(
    _WORD
    + _FOLDER
    + r"(conda|mamba|ipykernel|jupyter[ -]kernelspec|install\s+--user|git\s+config\s+--global)"
    r"(?![\w.-])"
)
_CONDA = re.compile(_WORD + r"(conda|mamba)\s+(\w+)")
_CONDA_FOUND = re.compile(
    r"conda\.sh\b|shell\.\w+\s+hook|\bPATH=\S{0,200}conda|(?:source|\.)\s+\S{0,200}/activate\b"
)
_SOURCED = re.compile(r"conda\.sh\b|shell\.\w+\s+hook|(?:source|\.)\s+\S{0,200}/activate\b")
_POSITIONAL = re.compile(r"\$(?:[1-9@*#]|\{[#!]?(?:[1-9]\d?|[@*#])[^}]{0,200}\})")
_OWN_POSITIONAL = re.compile(r"(?:^|[\s;])set\s+(?:--\s|-\s)|\(\)\s*\{|^\s*function\s|^\s*shift\b")
_ASSIGNED = re.compile(
    _WORD + r"(?:(?:export|readonly|local|declare)(?:\s+-\w+){0,4}\s+)?([A-Za-z_]\w*)=(?!=)"
    r"|\bfor\s+([A-Za-z_]\w*)\s+in\b|\bread\s+(?:-\w+\s+){0,4}([A-Za-z_]\w*)"
)
_EXPANDED = re.compile(r"\$\{?([A-Za-z_]\w*)(:?[-=?+])?")
_HOME = re.compile(r"(?:^|[\s=:\"'])(~(?:/|\s|$)|\$HOME\b|\$\{HOME\})")
_CD = re.compile(_WORD + r"(?:cd|pushd)\s+[\"']?(?:/|\$\{?[A-Za-z_])")
_RELATIVE = re.compile(
    r"(?:^|[\s;&|<>])(?:(?:-r|-f|--requirement|--file|source|\.|bash|sh)[ =]+[\"']?)"
    r"((?!/|~|\$|-|<)[\w.][\w./+-]{0,300}\.(?:txt|ya?ml|sh|toml|json|lock))|"
    r"(?:^|[\s;&|<>\"'])(\.{1,2}/[\w./+-]+)"
)
_APT = re.compile(_WORD + r"(apt(?:-get)?)\s[^;|&]{0,400}?\b(?:install|upgrade|remove|purge)\b")
_CONDA_ASKS = re.compile(
    _WORD + _FOLDER + r"(conda|mamba)\s+(?:(?:env\s+)?(?:install|create|update|remove))\b"
)
_YES = re.compile(r"\s(?:-[a-zA-Z]*y[a-zA-Z]*|--yes|--assume-yes|-qq)(?=\s|$|\\)")
_SECRETS = re.compile(
    r"AccountKey=[A-Za-z0-9+/]{20}|\bghp_[A-Za-z0-9]{20}|\bgithub_pat_\w{20}|\bglpat-[\w-]{15}"
    r"|[?&]sig=[A-Za-z0-9%]{20}|https?://[^\s:@/\"'$]{1,100}:[^\s:@/\"'$]{3,200}@"
    r"|(?i:\b\w{0,40}?(?:password|passwd|secret|access_?token|api_?key)\w{0,20})=[\"']?[^\s\"'$`(]{6}"
)

OUT_OF_BLOCK = (
    "Put it into a block that azureuser's shell runs: sudo -u azureuser -i <<'EOF', the commands, "
    "EOF."
)
HAND_OVER = "Hand it over: sudo -u azureuser -i bash -s -- \"$@\" <<'EOF'"


def traps(script: LintScript) -> list[ScriptFinding]:
    """All of them, in the order of the lines."""
    found = [*_as_file(script), *_as_text(script.text)]
    if "\0" not in script.text:
        parts = taken_apart(script.text)
        found += [*_arguments(script, parts), *_of_parts(script.text, parts)]
    return sorted(found, key=lambda finding: (finding.line or 0, finding.column or 0))


# --- the file -----------------------------------------------------------------------------------


def _as_file(script: LintScript) -> Iterator[ScriptFinding]:
    if script.file_name is not None and not script.file_name.endswith(".sh"):
        yield _error(
            code="file-name",
            message="The name of the file does not end in .sh.",
            hint="Rename it: the studio takes no other for a setup script.",
        )


def _as_text(text: str) -> Iterator[ScriptFinding]:
    if not text.strip():
        yield _error(code="empty", message="The script is empty.")
        return
    if "\0" in text:
        yield _error(
            code="not-text",
            message="This is no text.",
            hint="A setup script is a shell script, not a program or an archive.",
        )
        return
    if text.startswith("\ufeff"):
        yield _error(
            code="byte-order-mark",
            message="An invisible character, a byte order mark, comes before the first line.",
            hint="Save the script as UTF-8 without one.",
            line=1,
        )
    yield from _line_endings(text)
    yield from _shebang(text.removeprefix("\ufeff").partition("\n")[0])


def _line_endings(text: str) -> Iterator[ScriptFinding]:
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines, 1) if line.endswith("\r")), None)
    if first is not None:
        yield _error(
            code="crlf",
            message="Lines end as on Windows: to the shell, \\r is part of the command.",
            hint="Save the script with LF line endings.",
            line=first,
        )


def _shebang(first: str) -> Iterator[ScriptFinding]:
    if not first.startswith("#!"):
        yield _warning(
            code="no-shebang",
            message="The first line does not say which shell is meant.",
            hint="Begin with #!/bin/bash.",
            line=1,
        )
        return
    found = _SHEBANG.match(first)
    if found is None or found[1] not in _SHELLS:
        yield _error(
            code="no-shell-script",
            message=f"The first line asks for {found[1] if found else 'something'}, not a shell.",
            hint="Begin with #!/bin/bash, and call programs of other languages from there.",
            line=1,
        )


# --- arguments ----------------------------------------------------------------------------------


def _arguments(script: LintScript, parts: Script) -> Iterator[ScriptFinding]:
    try:
        given = words(script.arguments)
    except ValueError:
        yield _error(
            code="arguments-quote",
            message="A quote in the arguments is not closed.",
            hint="Close it, or put a backslash before it.",
        )
        return
    uses = any(_POSITIONAL.search(line.bare) for line in parts.lines)
    if given and not uses:
        yield _info(
            code="arguments-unused",
            message="The script is given arguments and does not look at them.",
            hint='They are "$1", "$2" and so on; all of them are "$@".',
        )


# --- the code -----------------------------------------------------------------------------------


def _of_parts(text: str, parts: Script) -> Iterator[ScriptFinding]:
    for number, word in parts.unclosed:
        yield _error(
            code="heredoc-open",
            message=f"The block that begins here never ends: no line is {word} and nothing else.",
            hint=f"{word} stands at the very beginning of its line, without blanks around it.",
            line=number,
        )
    if not (_SHEBANG_WITH_E.match(text) or _ends_at_errors(parts.lines)):
        yield _warning(
            code="no-set-e",
            message="The script goes on after a command that fails, and then counts as a success.",
            hint="Write set -e, or set -euo pipefail, below the first line.",
            line=1,
        )
    assigned = {name: line.number for line in parts.lines for name in _assigned(line)}
    for block in parts.blocks:
        yield from _of_block(block, assigned)
    for lines in (parts.lines, *(block.lines for block in parts.blocks)):
        for rule in (*_LINES, _conda):
            yield from _some(rule(lines))


def _some(findings: Iterator[ScriptFinding]) -> Iterator[ScriptFinding]:
    for _, finding in zip(range(SEEN), findings, strict=False):
        yield finding


def _ends_at_errors(lines: list[Line]) -> bool:
    return any(_SET.search(line.outside) for line in lines)


def _runs_as_root(lines: list[Line]) -> Iterator[ScriptFinding]:
    for line in lines:
        if line.user != "root":
            continue
        if (found := _USERS_OWN.search(line.outside)) is not None:
            yield _warning(
                code="outside-block",
                message=f"{found[1]} runs as root here: what it makes is not azureuser's, and "
                "notebooks cannot change or even see it.",
                hint=OUT_OF_BLOCK,
                line=line.number,
                column=found.start(1) + 1,
            )
        elif (found := _HOME.search(line.bare)) is not None:
            yield _warning(
                code="root-home",
                message="The script runs as root: this is root's home, /root, not azureuser's.",
                hint="Write /home/azureuser, or use a block: sudo -u azureuser -i <<'EOF'.",
                line=line.number,
                column=found.start(1) + 1,
            )


def _asks(lines: list[Line]) -> Iterator[ScriptFinding]:
    for line in lines:
        found = _APT.search(line.outside) or _CONDA_ASKS.search(line.outside)
        if found is not None and not _YES.search(line.outside + " "):
            if found[1] in ("conda", "mamba") and " env " in line.outside:
                # `conda env create` asks nothing.
                continue
            yield _warning(
                code="asks",
                message=f"{found[1]} asks before it goes on, and nobody is there to answer.",
                hint="Add --yes.",
                line=line.number,
                column=found.start(1) + 1,
            )


def _secrets(lines: list[Line]) -> Iterator[ScriptFinding]:
    for line in lines:
        if (found := _SECRETS.search(line.code)) is not None:
            yield _warning(
                code="secret",
                message="This looks like a secret. Everybody who may see the instance can read its "
                "scripts and arguments.",
                hint="Keep it in a key vault, and fetch it with the instance's managed identity.",
                line=line.number,
                column=found.start() + 1,
            )


_LINES: tuple[Callable[[list[Line]], Iterator[ScriptFinding]], ...] = (
    _runs_as_root,
    _asks,
    _secrets,
)


def _conda(lines: list[Line]) -> Iterator[ScriptFinding]:
    """Azure/azureml-examples#3291: ``conda: command not found``."""
    on_path = sourced = False
    for line in lines:
        on_path = on_path or _CONDA_FOUND.search(line.code) is not None
        sourced = sourced or _SOURCED.search(line.code) is not None
        for found in _CONDA.finditer(line.outside):
            needs_shell = found[2] in ("activate", "deactivate")
            if sourced or (on_path and not needs_shell):
                continue
            yield _warning(
                code="conda-not-found",
                message="conda activate is a shell function that has not been loaded here."
                if needs_shell
                else f"{found[1]} is not on the PATH of a script.",
                hint="Write this line first: source /anaconda/etc/profile.d/conda.sh",
                line=line.number,
                column=found.start(1) + 1,
            )


# --- blocks -------------------------------------------------------------------------------------


def _of_block(block: Block, assigned: dict[str, int]) -> Iterator[ScriptFinding]:
    if block.lines and not _ends_at_errors(block.lines):
        yield _warning(
            code="no-set-e-in-block",
            message="set -e of the script does not hold in this block: it goes on after a command "
            "that fails.",
            hint="Write set -e, or set -euo pipefail, as the first line of the block.",
            line=block.opened_at,
        )
    if not block.quoted:
        yield from _expanded_too_early(block)
        return
    if not block.hands_over:
        yield from _some(_block_arguments(block))
    if block.login:
        yield from _some(_block_variables(block, assigned))
        yield from _some(_block_folder(block))


def _expanded_too_early(block: Block) -> Iterator[ScriptFinding]:
    for number, raw in block.text:
        if (found := re.search(r"(?<!\\)(?:\$[A-Za-z_{(]|`)", raw)) is not None:
            yield _warning(
                code="expanded-by-root",
                message="The word that begins this block is not quoted: root's shell puts in what "
                "it knows, such as its own home, before azureuser's shell reads it.",
                hint="Quote the word: <<'EOF'.",
                line=number,
                column=found.start() + 1,
            )
            return


def _block_arguments(block: Block) -> Iterator[ScriptFinding]:
    if any(_OWN_POSITIONAL.search(line.bare) for line in block.lines):
        # It sets them itself, or they are those of a function.
        return
    for line in block.lines:
        if (found := _POSITIONAL.search(line.bare)) is not None:
            yield _error(
                code="arguments-in-block",
                message=f"The script's arguments are not visible in this block: {found[0]} is "
                "empty.",
                hint=HAND_OVER,
                line=line.number,
                column=found.start() + 1,
            )


def _block_variables(block: Block, assigned: dict[str, int]) -> Iterator[ScriptFinding]:
    own = {name for line in block.lines for name in _assigned(line)}
    for line in block.lines:
        for found in _EXPANDED.finditer(line.bare):
            name = found[1]
            outer = assigned.get(name)
            if name in own or found[2] or (outer is None and not name.startswith("CI_")):
                continue
            if outer is not None and block.opened_at < outer:
                continue
            where = f"is set in line {outer}, outside" if outer else "is a variable of root's shell"
            yield _error(
                code="variable-in-block",
                message=f"${name} {where}: in this block it is empty.",
                hint=f"Hand it over: sudo -u azureuser -i bash -s -- \"${name}\" <<'EOF', and use "
                '"$1".',
                line=line.number,
                column=found.start() + 1,
            )


def _block_folder(block: Block) -> Iterator[ScriptFinding]:
    for line in block.lines:
        if _CD.search(line.code):
            return
        if (found := _RELATIVE.search(line.code)) is not None:
            path = found[1] or found[2]
            yield _warning(
                code="folder-in-block",
                message=f"This block begins in /home/azureuser, not in the script's folder: {path} "
                "is looked for there.",
                hint='Write the whole path, or hand the folder over as an argument: "$PWD".',
                line=line.number,
                column=found.start(1 if found[1] else 2) + 1,
            )


def _assigned(line: Line) -> Iterator[str]:
    for found in _ASSIGNED.finditer(line.outside):
        yield found[1] or found[2] or found[3]
