"""What the configuration files and variables of Conda say, as far as this project must know it.

No Conda is asked: reading them takes milliseconds, starting it takes seconds. It knows nothing of
what is done with the configuration.

Sources: "Using the .condarc conda configuration file" and "Configuration", conda documentation;
the order of the places and the way in which lists are merged are those of conda 26.7.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .anaconda_tokens import read_tokens
from .engine import ChannelPriority
from .masking import masked
from .plain_yaml import NotPlain, Plain, is_nothing, read_plain

DEFAULT_ALIAS = "https://conda.anaconda.org"
DEFAULT_CHANNELS = (
    "https://repo.anaconda.com/pkgs/main",
    "https://repo.anaconda.com/pkgs/r",
)
MAX_FILE_BYTES = 1_000_000

_SYSTEM_FOLDERS = ("/etc/conda", "/var/lib/conda")
_NAMES = frozenset({".condarc", "condarc"})
_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_FLAGGED = re.compile(r"^\s*(?:-\s*)?['\"]?(.*?)['\"]?\s*#\s*!\s*(final|top|bottom)\s*$")
_TRUE, _FALSE = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})

_ALIASES = {
    "channel": "channels",
    "envs_path": "envs_dirs",
    "verify_ssl": "ssl_verify",
    "client_cert": "client_ssl_cert",
    "client_cert_key": "client_ssl_cert_key",
    "add_binstar_token": "add_anaconda_token",
    "whitelist_channels": "allowlist_channels",
}
_OF_THE_ENVIRONMENT = {
    "CONDA_CHANNELS": ("channels", ","),
    "CONDA_DEFAULT_CHANNELS": ("default_channels", ","),
    "CONDA_ALLOWLIST_CHANNELS": ("allowlist_channels", ","),
    "CONDA_DENYLIST_CHANNELS": ("denylist_channels", ","),
    "CONDA_ENVS_DIRS": ("envs_dirs", os.pathsep),
    "CONDA_ENVS_PATH": ("envs_dirs", os.pathsep),
    "CONDA_PKGS_DIRS": ("pkgs_dirs", ","),
    "CONDA_CHANNEL_ALIAS": ("channel_alias", ""),
    "CONDA_OFFLINE": ("offline", ""),
    "CONDA_SSL_VERIFY": ("ssl_verify", ""),
    "CONDA_CLIENT_SSL_CERT": ("client_ssl_cert", ""),
    "CONDA_CLIENT_SSL_CERT_KEY": ("client_ssl_cert_key", ""),
    "CONDA_ADD_ANACONDA_TOKEN": ("add_anaconda_token", ""),
    "CONDA_CHANNEL_PRIORITY": ("channel_priority", ""),
    "CONDA_PINNED_PACKAGES": ("pinned_packages", "&"),
}
"""Names of variables, what each says, and what separates the parts where it says several."""


@dataclass(frozen=True)
class CondaConfiguration:
    """What holds. Addresses may have tokens and passwords in them: ``channels.py`` tells them."""

    channels: tuple[str, ...] = ("conda-forge",)
    """Names and addresses, as they are configured."""
    channel_alias: str = DEFAULT_ALIAS
    default_channels: tuple[str, ...] = DEFAULT_CHANNELS
    """What the name ``defaults`` stands for."""
    custom_channels: Mapping[str, str] = field(default_factory=dict)
    custom_multichannels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mirrored_channels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of mamba: where else a channel is, best first."""
    allowlist_channels: tuple[str, ...] = ()
    denylist_channels: tuple[str, ...] = ()
    channel_priority: ChannelPriority = "flexible"
    pinned_packages: tuple[str, ...] = ()
    """Match specs that hold wherever the package is installed."""
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of anaconda-client, by the address of the server."""
    proxy_servers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ssl_verify: bool | str = True
    """A text is the path of certificates to trust."""
    client_ssl_cert: str | None = None
    client_ssl_cert_key: str | None = None
    offline: bool = False
    envs_dirs: tuple[Path, ...] = ()
    """Where environments are found by name; the configured ones first."""
    pkgs_dirs: tuple[Path, ...] = ()
    root: Path | None = None
    """The base environment."""
    files: tuple[Path, ...] = ()
    """What was read, the least important first."""
    problems: tuple[str, ...] = ()
    """Files that could not be read, in sentences."""

    @property
    def envs_folder(self) -> Path:
        """Where an environment goes that is created by name: the first that can be written."""
        return next(filter(can_hold, self.envs_dirs), self.envs_dirs[0])


@dataclass(frozen=True)
class _Source:
    """What one file says, or the variables."""

    values: Mapping[str, Plain]
    flags: Mapping[str, str] = field(default_factory=dict)
    """By the text before it: ``final``, ``top`` or ``bottom``."""


def read_configuration(
    environ: Mapping[str, str],
    home: Path,
    root: Path | None,
    *,
    system: tuple[str, ...] = _SYSTEM_FOLDERS,
) -> CondaConfiguration:
    """Read all that there is. Blocks; nothing that it finds is an error, but ``problems``.

    Args:
        environ: Variables of the process that Conda would be started by.
        home: Of the user.
        root: The prefix of the base environment, where there is a Conda.
        system: Folders that hold for everybody on the machine.
    """
    sources: list[_Source] = []
    files: list[Path] = []
    problems: list[str] = []
    for place in _places(environ, home, root, system):
        try:
            found = [path for path in _files_at(place) if path not in files]
        except OSError as error:
            problems.append(f"{place} is left out: {_told(error)}.")
            continue
        for path in found:
            try:
                sources.append(_read(path))
                files.append(path)
            except (OSError, UnicodeDecodeError, NotPlain) as error:
                problems.append(f"{path} is left out: {_told(error)}.")
    sources.append(_Source(_variables(environ)))
    settings = _Settings(sources, environ)
    configured = settings.texts("channels")
    mamba = environ.get("MAMBA_ROOT_PREFIX", "")
    # micromamba has a root of its own, without being in it.
    roots = [*([root] if root else []), *([Path(mamba)] if mamba.startswith("/") else [])]
    return CondaConfiguration(
        channels=configured or (("defaults",) if root is not None else ("conda-forge",)),
        channel_alias=settings.text("channel_alias") or DEFAULT_ALIAS,
        default_channels=settings.texts("default_channels") or DEFAULT_CHANNELS,
        custom_channels=settings.mapping("custom_channels"),
        custom_multichannels=settings.lists("custom_multichannels"),
        mirrored_channels=settings.lists("mirrored_channels"),
        allowlist_channels=settings.texts("allowlist_channels"),
        denylist_channels=settings.texts("denylist_channels"),
        channel_priority=_channel_priority(settings.text("channel_priority")),
        pinned_packages=settings.texts("pinned_packages"),
        tokens=read_tokens(environ, home) if settings.flag("add_anaconda_token", True) else {},
        proxy_servers=settings.mapping("proxy_servers"),
        ssl_verify=_ssl_verify(settings.text("ssl_verify")),
        client_ssl_cert=settings.text("client_ssl_cert"),
        client_ssl_cert_key=settings.text("client_ssl_cert_key"),
        offline=settings.flag("offline", False),
        envs_dirs=_folders(settings.texts("envs_dirs"), home, roots, "envs"),
        pkgs_dirs=_folders(settings.texts("pkgs_dirs"), home, roots, "pkgs"),
        root=root,
        files=tuple(files),
        problems=tuple(problems + settings.problems),
    )


def _channel_priority(text: str | None) -> ChannelPriority:
    # Until conda 4.6 it was a switch.
    text = (text or "").lower()
    if text in ("false", "no", "off", "disabled"):
        return "disabled"
    return "strict" if text == "strict" else "flexible"


def can_hold(folder: Path) -> bool:
    """Whether something can be made in the folder, or in the nearest one above that there is."""
    for place in (folder, *folder.parents):
        if place.exists():
            return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False


def _places(
    environ: Mapping[str, str], home: Path, root: Path | None, system: tuple[str, ...]
) -> Iterator[Path]:
    """The folders and files to look at, the least important first."""
    folders = [Path(folder) for folder in system]
    if root is not None:
        folders.append(root)
    if environ.get("XDG_CONFIG_HOME"):
        folders.append(Path(environ["XDG_CONFIG_HOME"]) / "conda")
    folders += [home / ".config" / "conda", home / ".conda"]
    for folder in folders:
        yield from _in(folder)
    yield home / ".condarc"
    if environ.get("CONDA_PREFIX"):
        yield from _in(Path(environ["CONDA_PREFIX"]))
    if environ.get("CONDARC"):
        yield Path(environ["CONDARC"]).expanduser()


def _in(folder: Path) -> Iterator[Path]:
    yield folder / ".condarc"
    yield folder / "condarc"
    yield folder / "condarc.d"


def _files_at(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(each for each in place.iterdir() if each.suffix in (".yml", ".yaml"))
    return [place] if _is_named_so(place) and place.is_file() else []


def _is_named_so(path: Path) -> bool:
    return path.name in _NAMES or path.suffix in (".yml", ".yaml")


def _read(path: Path) -> _Source:
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise NotPlain(f"it has more than {MAX_FILE_BYTES} bytes")
    text = content.decode("utf-8-sig")
    values = read_plain(text)
    if is_nothing(values):
        return _Source({})
    if not isinstance(values, dict):
        raise NotPlain("it does not consist of settings")
    named = {_ALIASES.get(key, key): value for key, value in values.items()}
    return _Source(named, dict(_flags(text)))


def _flags(text: str) -> Iterator[tuple[str, str]]:
    """Settings that are final, and items that come first or last. They stand in comments."""
    for line in text.splitlines():
        flagged = _FLAGGED.match(line)
        if flagged is not None:
            what, flag = flagged.groups()
            key = what.partition(":")[0].strip()
            yield (_ALIASES.get(key, key) if flag == "final" else what), flag


def _told(error: OSError | UnicodeDecodeError | NotPlain) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, OSError):
        return error.strerror or "it cannot be read"
    return masked(str(error))


def _variables(environ: Mapping[str, str]) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for name, (setting, separator) in _OF_THE_ENVIRONMENT.items():
        text = environ.get(name)
        if text:
            parts: list[Plain] = [each.strip() for each in text.split(separator or "\0")]
            found[setting] = [each for each in parts if each] if separator else text
    return found


class _Settings:
    """All sources together; the last one is the most important."""

    def __init__(self, sources: list[_Source], environ: Mapping[str, str]) -> None:
        self._sources = sources
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str) -> str | None:
        """The most important value."""
        for _, value in reversed(self._relevant(name)):
            if isinstance(value, str):
                return self._expanded(value)
        return None

    def flag(self, name: str, default: bool) -> bool:
        """A yes or no."""
        text = (self.text(name) or "").lower()
        if text and text not in _TRUE | _FALSE:
            self.problems.append(f"{name} is neither true nor false, but {text[:40]!r}.")
        return text in _TRUE if text in _TRUE | _FALSE else default

    def texts(self, name: str) -> tuple[str, ...]:
        """All values, those of the more important sources first."""
        top: list[str] = []
        bottom: list[str] = []
        rest: list[str] = []
        for source, value in reversed(self._relevant(name)):
            for text in self._list(name, value):
                place = {"top": top, "bottom": bottom}.get(source.flags.get(text, ""), rest)
                place.append(self._expanded(text))
        ordered = [each for each in dict.fromkeys([*top, *rest]) if each not in bottom]
        return (*ordered, *dict.fromkeys(bottom))

    def mapping(self, name: str) -> dict[str, str]:
        """All pairs; where two have the same key, the more important one's value."""
        return {
            key: self._expanded(value)
            for key, value in self._pairs(name)
            if isinstance(value, str) and not is_nothing(value)
        }

    def lists(self, name: str) -> dict[str, tuple[str, ...]]:
        """As ``mapping``, of lists."""
        return {
            key: tuple(self._expanded(each) for each in self._list(name, value))
            for key, value in self._pairs(name)
        }

    def _pairs(self, name: str) -> Iterator[tuple[str, Plain]]:
        for _, value in self._relevant(name):
            if isinstance(value, dict):
                yield from value.items()
            else:
                self._mistaken(name)

    def _list(self, name: str, value: Plain) -> Iterator[str]:
        # `channels: conda-forge` is what people mean by a list of one.
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str):
                if not is_nothing(each):
                    yield each
            else:
                self._mistaken(name)

    def _mistaken(self, name: str) -> None:
        problem = f"{name} is not what Conda expects there, and is left out."
        if problem not in self.problems:
            self.problems.append(problem)

    def _relevant(self, name: str) -> list[tuple[_Source, Plain]]:
        """Of all sources up to one that says that its own is the final word."""
        found = []
        for source in self._sources:
            value = source.values.get(name, "")
            if not is_nothing(value):
                found.append((source, value))
                if source.flags.get(name) == "final":
                    break
        return found

    def _expanded(self, text: str) -> str:
        return _VARIABLE.sub(
            lambda match: self._environ.get(match.group(1) or match.group(2), match.group()), text
        )


def _ssl_verify(text: str | None) -> bool | str:
    if text is None or text.lower() in _TRUE:
        return True
    # `truststore` means the certificates of the system, which is what everybody else uses anyway.
    return text.lower() == "truststore" or (text.lower() not in _FALSE and text)


def _folders(
    configured: tuple[str, ...], home: Path, roots: Sequence[Path], name: str
) -> tuple[Path, ...]:
    """Configured folders and those that Conda has by itself: a root's, if one can write there."""
    own = home / ".conda" / name
    paths = [_below_home(text, home) for text in configured]
    if name == "pkgs" and paths:
        return tuple(dict.fromkeys(paths))
    writable = [root / name for root in roots if os.access(root, os.W_OK)]
    others = [root / name for root in roots if not os.access(root, os.W_OK)]
    return tuple(dict.fromkeys([*paths, *writable, own, *others]))


def _below_home(text: str, home: Path) -> Path:
    if text == "~" or text.startswith("~/"):
        return home / text[2:]
    return Path(os.path.abspath(text))  # noqa: PTH100
