"""``create`` of the command line and of the magic: a spec from its words, printed or sent.

What is meant for a program goes to standard output; what is meant for a person, to standard error.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from .errors import BadRequest, CiManagerError
from .instances.setup_scripts import MAX_INLINE_BYTES
from .local_services import local_services
from .models import CodeKind, InstanceSpec, Operation, SetupScript, SetupScripts
from .specs.templates import spec_from_text, template_from_file

Say = Callable[[str], None]

MOST_SECONDS = 2 * 60 * 60
"""How long a creation is waited for: setup scripts may take an hour and more."""


def composed(
    name: str | None,
    vm_size: str | None,
    *,
    template: Path | None = None,
    text: str | None = None,
    setup_script: Path | None = None,
) -> InstanceSpec:
    """A spec from a template file or the text of a cell; words that are given go before both.

    Raises InvalidTemplate, or BadRequest where the setup script cannot be read.
    """
    spec = InstanceSpec()
    if template is not None:
        spec = template_from_file(template).spec
    if text is not None and text.strip():
        spec = spec_from_text(text)
    spec = replace(spec, name=name or spec.name, vm_size=vm_size or spec.vm_size)
    if setup_script is None:
        return spec
    given = spec.setup_scripts or SetupScripts()
    creation = SetupScript(source="inline", data=_script(setup_script))
    return replace(spec, setup_scripts=replace(given, creation=creation))


def _script(path: Path) -> str:
    try:
        with path.open("rb") as file:
            # One more, so that a check says that there are too many.
            return file.read(MAX_INLINE_BYTES + 1).decode()
    except UnicodeDecodeError:
        raise BadRequest(f"{path} is no text in UTF-8.", hint="Give a shell script.") from None
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise BadRequest(message, hint="Give a shell script.") from None


async def show(spec: InstanceSpec, kind: CodeKind, *, out: Say, say: Say) -> None:
    """Print the same request in another language; nothing is created."""
    async with local_services() as services:
        code = await services.specs.code(spec)
    form = next(each for each in code.items if each.kind == kind)
    *before, last = form.files
    for each in before:
        say(f"First, once:\n{each.text.rstrip()}")
    out(last.text.rstrip("\n"))
    if form.missing:
        say(f"This language cannot say: {', '.join(form.missing)}.")
    if form.command is not None:
        say(f"Save it as {last.name}, then: {form.command}")


async def create(spec: InstanceSpec, *, out: Say, say: Say) -> None:
    """Create an instance and follow it to the end; its name is printed when it runs.

    Raises what ``InstanceService.create`` raises, and the error that the operation ended with.
    """
    async with local_services() as services:
        await services.operations.open()
        operation = await services.instances.create(spec)
        ended = await services.operations.wait(
            operation.id, show_output=say, timeout_seconds=MOST_SECONDS
        )
    if ended.state != "succeeded":
        raise _failure(ended)
    out(ended.target)


def _failure(operation: Operation) -> CiManagerError:
    error = operation.error
    if error is None:
        return CiManagerError(operation.message or f"The creation is {operation.state}.")
    return CiManagerError(error.message, hint=error.hint, code=error.code)
