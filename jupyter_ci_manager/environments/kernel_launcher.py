"""Activates a Conda environment, then becomes the program that follows, such as a kernel.

    python -I -S kernel_launcher.py PREFIX [NAME]… -- PROGRAM [ARGUMENT]…

NAME is a variable that no activation changes. A copy of this file lies beside each kernelspec that
is registered here and is run by the environment's own Python: it needs the standard library of
Python 3.8 and must know nothing of this package. So a kernel still starts when the package is gone.

It does not fork: the process that Jupyter starts is the one that becomes the kernel, and whatever
Jupyter sends to it, such as an interrupt, reaches the kernel. What of an activation fails is told
on stderr, which Jupyter's log has, and the kernel starts without that part.

What activating is has been read in ``conda/activate.py`` and ``conda/base/constants.py`` (26.7).
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    # At run time that would cost more than all else here.
    from collections.abc import Callable, MutableMapping, Sequence

    Environ = MutableMapping[str, str]
    Tell = Callable[[str], None]

SCRIPT_SECONDS = 20.0
"""How long the scripts of an environment may take. Jupyter waits 60 s for a kernel."""

LONGEST_VARIABLE = 128 * 1024
"""Bytes with its name; what Linux takes. Source: ``MAX_ARG_STRLEN`` in ``linux/binfmts.h``."""

UNSET = "***unset***"
"""What conda writes for a variable that ``conda env config vars unset`` has taken away."""

RESERVED = frozenset({"PATH"})
"""What conda lets no environment set by a variable."""

_SOURCE = """\
trap '' INT
exec 3>&1 1>&2
for script in "$@"; do . "$script"; done
exec env -0 >&3
"""

_OF_THE_SHELL = frozenset({"_", "BASH_ENV", "OLDPWD", "PWD", "SHLVL"})
"""What a shell sets for itself, or what would make it read more than the scripts."""


def activate(environ: Environ, prefix: str, tell: Tell) -> None:
    """Change ``environ`` to what it is after ``conda activate PREFIX``.

    What is active already, a Conda or a virtual environment, is left first.
    """
    _leave(environ, tell)
    name = environment_name(prefix)
    environ["PATH"] = os.pathsep.join([os.path.join(prefix, "bin"), *_search_path(environ)])
    environ["CONDA_PREFIX"] = prefix
    environ["CONDA_SHLVL"] = "1"
    environ["CONDA_DEFAULT_ENV"] = name
    environ["CONDA_PROMPT_MODIFIER"] = f"({name}) "
    environ.update(variables_of(prefix, tell))
    _source(environ, sorted(_scripts(prefix, "activate.d")), tell)


def environment_name(prefix: str) -> str:
    """What conda calls it: ``base``, the name below a folder ``envs``, else the path."""
    if os.path.isdir(os.path.join(prefix, "condabin")):
        return "base"
    parent, name = os.path.split(prefix)
    return name if os.path.basename(parent) == "envs" else prefix


def variables_of(prefix: str, tell: Tell) -> dict[str, str]:
    """What activating sets: of packages first, then of ``conda env config vars set``."""
    found: dict[str, str] = {}
    for path in sorted(glob.glob(os.path.join(glob.escape(prefix), "etc/conda/env_vars.d/*"))):
        found.update(_variables_in(_json_of(path, tell), path, tell))
    state = os.path.join(prefix, "conda-meta", "state")
    if os.path.exists(state):
        found.update(_variables_in(_json_of(state, tell).get("env_vars", {}), state, tell))
    return found


def _leave(environ: Environ, tell: Tell) -> None:
    active = environ.get("CONDA_PREFIX")
    level = environ.get("CONDA_SHLVL", "")
    if active:
        if level.isdigit() and int(level) > 0:
            _source(environ, sorted(_scripts(active, "deactivate.d"), reverse=True), tell)
            _take_back(environ, active, int(level), tell)
        _leave_path(environ, active)
    for name in list(environ):
        if name.startswith(("CONDA_PREFIX", "CONDA_STACKED_", "__CONDA_SHLVL_")):
            del environ[name]
    virtual = environ.pop("VIRTUAL_ENV", None)
    if virtual:
        # Else `!uv pip install` in the kernel would install into the server's environment.
        _without(environ, os.path.join(virtual, "bin"))
    for name in ("VIRTUAL_ENV_PROMPT", "PYTHONHOME"):
        environ.pop(name, None)


def _take_back(environ: Environ, active: str, level: int, tell: Tell) -> None:
    for name in variables_of(active, tell):
        before = environ.get(f"__CONDA_SHLVL_{level - 1}_{name}")
        environ.pop(name, None)
        if before is not None:
            environ[name] = before


def _leave_path(environ: Environ, active: str) -> None:
    _without(environ, os.path.join(active, "bin"))
    condabin = os.path.join(active, "condabin")
    search = _search_path(environ)
    if os.path.isdir(condabin) and not any(each.endswith("condabin") for each in search):
        # So that `!conda` is still there; conda puts it there itself.
        environ["PATH"] = os.pathsep.join([condabin, *search])


def _search_path(environ: Environ) -> list[str]:
    return environ.get("PATH", os.defpath).split(os.pathsep)


def _without(environ: Environ, folder: str) -> None:
    kept = [each for each in _search_path(environ) if os.path.normpath(each) != folder]
    environ["PATH"] = os.pathsep.join(kept)


def _scripts(prefix: str, folder: str) -> list[str]:
    return glob.glob(os.path.join(glob.escape(prefix), "etc/conda", folder, "*.sh"))


def _json_of(path: str, tell: Tell) -> dict[str, object]:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError) as error:
        tell(f"{path} cannot be read: {error}")
        return {}
    if not isinstance(content, dict):
        tell(f"{path} holds no variables.")
        return {}
    return content


def _variables_in(content: object, path: str, tell: Tell) -> dict[str, str]:
    found = {}
    for name, value in content.items() if isinstance(content, dict) else ():
        if not isinstance(value, str) or not _can_be_set(name, value):
            tell(f"{path} has a variable that cannot be set: {name!r}")
        elif value != UNSET and name not in RESERVED:
            found[name] = value
    return found


def _can_be_set(name: str, value: str) -> bool:
    """Whether a process can have that variable: with one that it cannot no program would start."""
    try:
        entry = os.fsencode(f"{name}={value}")
    except UnicodeEncodeError:
        # Half of a character, which JSON can hold.
        return False
    return bool(name) and "=" not in name and b"\0" not in entry and len(entry) < LONGEST_VARIABLE


def _source(environ: Environ, scripts: Sequence[str], tell: Tell) -> None:
    """Let a shell read scripts, and take over what they set and unset."""
    if not scripts:
        return
    given = {name: value for name, value in environ.items() if name not in _OF_THE_SHELL}
    shell = _shell(environ)
    # A file, not a pipe: what a script leaves in the background would hold a pipe open.
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(  # noqa: S603
                [shell, "-c", _SOURCE, shell, *scripts],
                stdin=subprocess.DEVNULL,
                stdout=output,
                env=given,
            )
        except OSError as error:
            tell(f"{shell} cannot be started for the scripts of the environment: {error}")
            return
        try:
            process.wait(SCRIPT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            tell(f"Took longer than {SCRIPT_SECONDS:.0f} s: {', '.join(scripts)}")
            return
        output.seek(0)
        entries = [entry for entry in output.read().split(b"\0") if b"=" in entry]
    if process.returncode != 0 or not entries:
        # One that exits ends the shell, and nothing of what it has set can be read.
        tell(f"Not activated, as one of these ended the shell: {', '.join(scripts)}")
        return
    kept = {name: value for name, value in environ.items() if name in _OF_THE_SHELL}
    environ.clear()
    for entry in entries:
        name, _, value = os.fsdecode(entry).partition("=")
        if name not in _OF_THE_SHELL:
            environ[name] = value
    environ.update(kept)


def _shell(environ: Environ) -> str:
    """Bash, which authors of such scripts have in mind, else whatever there is."""
    usual = next((each for each in ("/bin/bash", "/usr/bin/bash") if os.path.exists(each)), None)
    return usual or shutil.which("bash", path=environ.get("PATH")) or "/bin/sh"


def _tell(message: str) -> None:
    sys.stderr.write(f"[activation] {message}\n")
    sys.stderr.flush()


def main() -> None:
    """Activate, and become the program."""
    if "--" not in sys.argv[2:-1]:
        sys.exit("usage: kernel_launcher.py PREFIX [NAME]... -- PROGRAM [ARGUMENT]...")
    end = sys.argv.index("--")
    prefix, names, program = sys.argv[1], sys.argv[2:end], sys.argv[end + 1 :]
    # A handler, unlike ignoring it, does not outlive exec. Whoever interrupts a kernel that has not
    # begun yet does not want to end it.
    signal.signal(signal.SIGINT, lambda *_: None)
    environ = dict(os.environ)
    kept = {name: environ[name] for name in names if name in environ}
    activate(environ, prefix, _tell)
    environ.update(kept)
    try:
        os.execvpe(program[0], program, environ)  # noqa: S606
    except OSError as error:
        _tell(f"{program[0]} cannot be started: {error.strerror}")
        sys.exit(127)


if __name__ == "__main__":
    main()
