"""Addresses of channels: what a name stands for, with the tokens that it needs, and without.

It asks nobody. Source: "Managing channels" and "Configuration", conda documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import ChannelUnreachable, InvalidSpec
from .condarc import CondaConfiguration
from .masking import masked, secrets_of, without_secrets
from .names import check_channel, has_a_host

NO_DEFAULTS = "nodefaults"
"""Among channels: the configured ones are not added."""

NO_CLIENT_CERTIFICATE = (
    "client_ssl_cert in .condarc asks for a certificate that the embedded engine cannot present, "
    "so a channel that wants one refuses it. A real Conda can: install Miniforge."
)
"""py-rattler 0.28 has no setting for one, neither ``Client`` nor ``Config``."""

_ANACONDA = "https://repo.anaconda.com"
_OF_ANACONDA = frozenset({"pkgs/main", "pkgs/r", "pkgs/msys2", "pkgs/free", "pkgs/pro"})
_SCHEME = re.compile(r"(?:https?|file|s3|ftp)://", re.IGNORECASE)
_PLATFORM = re.compile(r"/(?:noarch|(?:linux|osx|win|zos|emscripten|wasi)-[a-z0-9_]+)/?$")


def addresses(
    configuration: CondaConfiguration, wanted: Sequence[str] = (), *, and_configured: bool = False
) -> list[str]:
    """Whole addresses, with secrets, in the order of the channels; each one once.

    Without ``wanted`` those of the configured channels, else theirs, and then the configured ones
    ``and_configured``. Raises InvalidSpec for what is no channel, and ChannelUnreachable for one
    that the configuration does not allow.
    """
    names = [name for name in wanted if name != NO_DEFAULTS]
    if not names or (and_configured and NO_DEFAULTS not in wanted):
        names += configuration.channels
    found = dict.fromkeys(
        address for name in names for address in _addresses_of(configuration, name.strip())
    )
    for address in found:
        _check_allowed(configuration, address)
    return list(found)


def mirrors_of(configuration: CondaConfiguration, asked: Sequence[str]) -> dict[str, list[str]]:
    """Where else the channels at those ``addresses`` are, best first, with secrets."""
    denied = {
        without_secrets(each)
        for name in configuration.denylist_channels
        for each in _addresses_of(configuration, name)
    }
    found: dict[str, list[str]] = {}
    for mirrors in configuration.mirrored_channels.values():
        places = [_with_secrets(configuration, each.rstrip("/")) for each in mirrors]
        more = [each for each in places[1:] if without_secrets(each) not in denied]
        if more and places[0] in asked:
            found[places[0]] = list(dict.fromkeys(more))
    return found


def told_channels(configuration: CondaConfiguration) -> list[str]:
    """The configured channels for everybody to read."""
    return [masked(name, secrets(configuration)) for name in configuration.channels]


def told_channel(address: str, alias: str = "") -> str:
    """The channel that an address of it or of a package is of, short and without secrets."""
    if not _SCHEME.match(address):
        return address
    plain = without_secrets(address)
    if plain.endswith((".conda", ".tar.bz2")):
        plain = plain.rpartition("/")[0]
    plain = _PLATFORM.sub("", plain).rstrip("/")
    for known in (without_secrets(alias), "https://conda.anaconda.org", _ANACONDA):
        if known and plain.startswith(known.rstrip("/") + "/"):
            return plain[len(known.rstrip("/")) + 1 :]
    return plain


def secrets(configuration: CondaConfiguration) -> frozenset[str]:
    """All tokens and passwords of the configuration, to be hidden wherever they turn up."""
    known = [*_locations(configuration), *configuration.proxy_servers.values()]
    return secrets_of(known) | frozenset(configuration.tokens.values())


def network_environment(
    configuration: CondaConfiguration, environ: Mapping[str, str]
) -> dict[str, str]:
    """Variables that tell other programs than conda of its proxies and certificates.

    What the environment has already holds, as it does with conda.
    """
    found: dict[str, str] = {}
    for scheme in ("http", "https", "all"):
        proxy = configuration.proxy_servers.get(scheme)
        name = f"{scheme}_proxy"
        if proxy and not (environ.get(name) or environ.get(name.upper())):
            found[name] = found[name.upper()] = proxy
    if isinstance(configuration.ssl_verify, str) and not environ.get("SSL_CERT_FILE"):
        certificates = Path(configuration.ssl_verify).expanduser()
        found["SSL_CERT_DIR" if certificates.is_dir() else "SSL_CERT_FILE"] = str(certificates)
    return found


def _addresses_of(configuration: CondaConfiguration, name: str) -> Iterator[str]:
    if name in configuration.custom_multichannels:
        for each in configuration.custom_multichannels[name]:
            yield _address_of(configuration, each)
    elif name == "defaults":
        for each in configuration.default_channels:
            yield _address_of(configuration, each)
    else:
        yield _address_of(configuration, name)


def _address_of(configuration: CondaConfiguration, name: str) -> str:
    if name.startswith(("/", "~/")):
        return Path(name).expanduser().as_uri()
    check_channel(name)
    if _SCHEME.match(name):
        return _with_secrets(configuration, name.rstrip("/"))
    mirrors = configuration.mirrored_channels.get(name)
    if mirrors:
        return _with_secrets(configuration, mirrors[0].rstrip("/"))
    if name == "local":
        return ((configuration.root or Path.home()) / "conda-bld").as_uri()
    return _with_secrets(configuration, f"{_location(configuration, name)}/{name}")


def _location(configuration: CondaConfiguration, name: str) -> str:
    """Where a channel of that name is: that of its first part goes for what is below it, too."""
    parts = name.split("/")
    for length in range(len(parts), 0, -1):
        known = configuration.custom_channels.get("/".join(parts[:length]))
        if known:
            return known.rstrip("/")
    return _ANACONDA if name in _OF_ANACONDA else configuration.channel_alias.rstrip("/")


def _with_secrets(configuration: CondaConfiguration, address: str) -> str:
    """The address with what lets one in, where it has none itself and we know it.

    Raises InvalidSpec for what somebody has configured that is no address.
    """
    if not has_a_host(address):
        raise InvalidSpec(
            f"{masked(address[:200])!r} is not the address of a channel.",
            hint="Correct it where it is written: in .condarc, or in what is asked for.",
        )
    parts = urlsplit(address)
    if "@" in parts.netloc or "/t/" in parts.path or parts.scheme.lower() == "file":
        return address
    for location in _locations(configuration):
        plain = without_secrets(location).rstrip("/")
        if plain != location.rstrip("/") and _is_below(address, plain):
            return location.rstrip("/") + address[len(plain) :]
    for server, token in configuration.tokens.items():
        if _is_below(address, server):
            return parts._replace(path=f"/t/{token}{parts.path}").geturl()
    return address


def _locations(configuration: CondaConfiguration) -> list[str]:
    """All addresses in the configuration: an export has them without what lets one in."""
    found = [
        configuration.channel_alias,
        *configuration.custom_channels.values(),
        *configuration.channels,
        *configuration.default_channels,
    ]
    for several in (configuration.custom_multichannels, configuration.mirrored_channels):
        found += [address for channels in several.values() for address in channels]
    return [each for each in found if _SCHEME.match(each)]


def _is_below(address: str, location: str) -> bool:
    # Not by the beginning alone: https://host.example.evil.net begins with https://host.example.
    return address == location or address.startswith(location.rstrip("/") + "/")


def _check_allowed(configuration: CondaConfiguration, address: str) -> None:
    plain = without_secrets(address)
    allowed, denied = (
        {without_secrets(each) for name in names for each in _addresses_of(configuration, name)}
        for names in (configuration.allowlist_channels, configuration.denylist_channels)
    )
    if plain in denied or (allowed and plain not in allowed):
        raise ChannelUnreachable(
            f"The configuration of Conda does not allow the channel {told_channel(plain)}.",
            hint="allowlist_channels and denylist_channels in .condarc say which may be used.",
        )
