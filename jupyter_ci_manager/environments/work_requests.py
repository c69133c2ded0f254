"""What a worker is to do, made of what a person has asked for: checked, and with all it needs.

It looks at files and asks no network. Whatever it raises, nothing has been begun.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from ..errors import (
    BadRequest,
    EngineFailed,
    EnvironmentExists,
    EnvironmentProtected,
    InvalidEnvironmentName,
    InvalidSpec,
)
from ..hang_guard import NoAnswer, Turns
from ..models import (
    ChangePackages,
    CreateEnvironment,
    Engine,
    Environment,
    EnvironmentFile,
    KernelRequest,
)
from .channels import NO_DEFAULTS, addresses, mirrors_of, network_environment, secrets
from .condarc import CondaConfiguration, can_hold
from .engine import Wanted
from .engines import Engines, platform_name
from .kernel_registration import check_name_is_free, check_name_is_shown
from .kernel_requests import check_kernel_request
from .kernel_specs import KernelPlaces
from .masking import secrets_of, without_secrets
from .names import check_environment_name, check_pip_requirement, check_spec, parse_spec
from .own_kernels import KERNEL_PACKAGES
from .rattler import default_cache
from .specification import read_specification
from .specified import Specification
from .work_folder import Network, WorkRequest

ANSWER_SECONDS = 30.0
LONGEST_PREFIX = 220
"""Characters. Scripts have 255 for the path of their interpreter, of which ``/bin/python3.12`` and
names of programs are a part."""

_NOTHING = Specification("requirements")

T = TypeVar("T")


class RequestMaker:
    """Makes requests for a worker of this machine and user."""

    def __init__(
        self,
        engines: Engines,
        *,
        logs: Path,
        root: Path,
        home: Path,
        environ: Mapping[str, str],
        allowed_kernels: Callable[[], Collection[str]],
    ) -> None:
        self._engines = engines
        self._logs = logs
        self._root = root
        self._home = home
        self._environ = environ
        self._allowed_kernels = allowed_kernels
        self._turns = Turns(ANSWER_SECONDS)

    async def create(self, request: CreateEnvironment, source: Environment | None) -> WorkRequest:
        """Of a new environment; ``source`` is the one to copy.

        Raises BadRequest, InvalidEnvironmentName, InvalidSpec, InvalidEnvironmentFile,
        InvalidKernel, KernelExists, KernelProtected, EnvironmentExists, EnvironmentProtected or
        NoEngine.
        """
        engine = await self._engines.chosen(request.engine)
        configuration = await self._engines.configuration()
        prefix = await self._look(lambda: self._new_prefix(request, configuration))
        found = await self._specified(request.file)
        specs = [*found.specs, *map(check_spec, request.specs)]
        pip = [*found.pip, *map(check_pip_requirement, request.pip)]
        _check_source(specs, found, source)
        if not found.explicit and source is None:
            specs = _with_tools(specs, pip, request.kernel)
        if request.kernel is not None:
            await self._check_kernel(request.kernel)
        channels = _channels(engine, configuration, request.channels, found.channels)
        wanted = Wanted(
            str(prefix),
            channels,
            specs=specs,
            explicit=list(found.explicit),
            clone_from=source.prefix if source else None,
        )
        return self._request(
            engine,
            configuration,
            wanted,
            kind="environment.create",
            pip=pip,
            pip_without_dependencies=found.pip_without_dependencies,
            variables=found.variables,
            kernel=request.kernel,
            warnings=list(found.warnings),
        )

    async def change(self, environment: Environment, request: ChangePackages) -> WorkRequest:
        """Of a change. Raises InvalidSpec, BadRequest or NoEngine."""
        engine = await self._engines.chosen()
        configuration = await self._engines.configuration()
        specs = [check_spec(spec) for spec in request.install]
        pip = [check_pip_requirement(line) for line in request.pip]
        wanted = Wanted(
            environment.prefix,
            _channels(engine, configuration, request.channels, ()),
            specs=specs,
            update=[check_spec(spec) for spec in request.update],
            update_all=request.update_all,
            remove=[check_spec(spec) for spec in request.remove],
        )
        removed = [_checked_name(name) for name in request.pip_remove]
        if not (specs or wanted.update or wanted.update_all or wanted.remove or pip or removed):
            raise BadRequest("Nothing is to be changed.", hint="Name at least one package.")
        if pip and not await self._look(lambda: _has_pip(Path(environment.prefix))):
            specs.append("pip")
        return self._request(
            engine,
            configuration,
            wanted,
            kind="environment.change",
            pip=pip,
            pip_remove=removed,
        )

    async def remove(self, environment: Environment, *, kernels: bool) -> WorkRequest:
        """Of a removal. Raises NoEngine."""
        return self._request(
            await self._engines.chosen(),
            await self._engines.configuration(),
            Wanted(environment.prefix, []),
            kind="environment.remove",
            remove_kernels=kernels,
        )

    async def register(
        self, environment: Environment, kernel: KernelRequest, *, add: str | None
    ) -> WorkRequest:
        """Of a kernel for an environment. Raises NoEngine where a package is to be added."""
        configuration = await self._engines.configuration()
        engine = await self._engines.chosen() if add else Engine("rattler")
        channels = _channels(engine, configuration, (), ()) if add else []
        return self._request(
            engine,
            configuration,
            Wanted(environment.prefix, channels, specs=[add] if add else []),
            kind="kernel.register",
            kernel=kernel,
        )

    # --- parts ----------------------------------------------------------------------------------

    def _request(
        self, engine: Engine, configuration: CondaConfiguration, wanted: Wanted, **more: object
    ) -> WorkRequest:
        known = secrets(configuration) | secrets_of([*wanted.channels, *_addresses_in(more)])
        fields: dict[str, object] = {
            "operation_id": "",
            "engine": engine,
            "wanted": replace(
                wanted,
                mirrors=mirrors_of(configuration, wanted.channels),
                channel_priority=configuration.channel_priority,
                pinned=list(configuration.pinned_packages),
            ),
            "kernel_places": KernelPlaces.of_jupyter(),
            "network": Network(
                environ=network_environment(configuration, self._environ),
                ssl_verify=configuration.ssl_verify is not False,
                offline=configuration.offline,
                client_certificate=configuration.client_ssl_cert is not None,
            ),
            "cache": str(default_cache(self._environ, self._home)),
            "condarc": [str(path) for path in configuration.files],
            "package_caches": [str(path) for path in configuration.pkgs_dirs],
            "home": str(self._home),
            "logs": str(self._logs),
            "secrets": sorted(known),
        }
        return WorkRequest(**(fields | more))  # type: ignore[arg-type]  # names are checked there

    def _new_prefix(self, request: CreateEnvironment, configuration: CondaConfiguration) -> Path:
        if (request.name is None) == (request.prefix is None):
            raise BadRequest("Give either the name of the environment or its path.")
        if request.name is not None:
            name = check_environment_name(request.name)
            for folder in configuration.envs_dirs:
                if os.path.lexists(folder / name):
                    raise EnvironmentExists(
                        f"There is something at {folder / name} already.",
                        details={"prefix": str(folder / name)},
                    )
            prefix = configuration.envs_folder / name
        else:
            prefix = _checked_path(request.prefix or "", self._home)
        if len(str(prefix)) > LONGEST_PREFIX:
            raise InvalidEnvironmentName(
                f"{str(prefix)[:80]!r}… is too long for the scripts in an environment: "
                f"{len(str(prefix))} characters of at most {LONGEST_PREFIX}."
            )
        if not can_hold(prefix.parent):
            raise EnvironmentProtected(
                f"Nothing can be written to {prefix.parent}.",
                hint="Choose a place that you can write to.",
            )
        return prefix

    async def _specified(self, file: EnvironmentFile | None) -> Specification:
        if file is None:
            return _NOTHING
        return await self._look(
            lambda: read_specification(file, self._root, platform_name(self._environ))
        )

    async def _check_kernel(self, kernel: KernelRequest) -> None:
        check_kernel_request(kernel)

        def look() -> None:
            check_name_is_shown(kernel.name, self._allowed_kernels())
            if kernel.name is not None:
                check_name_is_free(kernel.name, KernelPlaces.of_jupyter())

        await self._look(look)

    async def _look(self, question: Callable[[], T]) -> T:
        try:
            return await self._turns.call(question)
        except NoAnswer as error:
            raise EngineFailed(
                f"The file system does not answer: {error}.",
                hint="It is probably a network share whose server is gone.",
            ) from None


def _check_source(specs: Sequence[str], found: Specification, source: Environment | None) -> None:
    sources = [bool(specs), bool(found.explicit), source is not None]
    if sources.count(True) == 0:
        raise InvalidSpec("No package is named.", hint="Name at least one, such as python.")
    if sources.count(True) > 1:
        raise InvalidSpec(
            "An environment that is copied, or made of a list of addresses, is made as it is.",
            hint="Install further packages when it is there.",
        )


def _with_tools(
    specs: Sequence[str], pip: Sequence[str], kernel: KernelRequest | None
) -> list[str]:
    """The specs, with pip and the kernel's package where they are needed and not named."""
    needed = ["pip"] if pip else []
    if kernel is not None:
        needed.append(KERNEL_PACKAGES[kernel.language])
    named = {parse_spec(spec).name for spec in specs}
    return [*specs, *(name for name in needed if name not in named)]


def _channels(
    engine: Engine,
    configuration: CondaConfiguration,
    asked: Sequence[str],
    in_file: Sequence[str],
) -> list[str]:
    """Addresses for the embedded engine. A real Conda knows what names mean, and its own ones.

    Not those with tokens: conda 26.7 with its rattler solver asks a channel of ``.condarc`` for its
    index with the token, and for packages without. It is given them as it gets others.
    """
    found = addresses(configuration, asked or in_file, and_configured=not asked and bool(in_file))
    if engine.name == "rattler" or any(without_secrets(each) != each for each in found):
        return found
    names = list(asked or in_file)
    if in_file and not asked and NO_DEFAULTS not in names:
        names += configuration.channels
    return [name for name in dict.fromkeys(names) if name != NO_DEFAULTS]


def _checked_path(text: str, home: Path) -> Path:
    if not text.isprintable() or any(character.isspace() for character in text):
        raise InvalidEnvironmentName(
            f"{text[:80]!r} cannot be the path of an environment: its scripts would not start.",
            hint="Use a path without blanks.",
        )
    path = home / text[2:] if text.startswith("~/") else Path(text)
    if not path.is_absolute() or ".." in path.parts or len(path.parts) < 3:
        raise InvalidEnvironmentName(
            f"{text[:80]!r} is not the whole path of a new folder.",
            hint="Give a path that begins with a slash, such as /data/environments/analysis.",
        )
    check_environment_name(path.name)
    return path


def _checked_name(name: str) -> str:
    """Of a package that pip is to remove: a name and nothing else."""
    parsed = parse_spec(name)
    if parsed.text.lower() != parsed.name:
        raise InvalidSpec(f"{name[:80]!r} is not the name of a package.")
    return parsed.name


def _has_pip(prefix: Path) -> bool:
    return any((prefix / "conda-meta").glob("pip-[0-9]*.json"))


def _addresses_in(more: Mapping[str, object]) -> list[str]:
    """Addresses in lines for pip, which may have a password in them."""
    lines = more.get("pip")
    words = (
        [word for line in lines for word in str(line).split()] if isinstance(lines, list) else []
    )
    return [word[word.find("http") :] for word in words if "://" in word]
