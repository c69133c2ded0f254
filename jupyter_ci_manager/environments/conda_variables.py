"""Which variables a Conda needs of our environment, although some of them may hold a secret.

Without a proxy's password nothing is downloaded, and a ``.condarc`` may name any variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_OF_CONDA = re.compile(r"(?:CONDA|MAMBA)_[A-Z0-9_]+|MAMBARC|BINSTAR_CONFIG_DIR")
_OF_AN_ACTIVE_ENVIRONMENT = re.compile(
    r"CONDA_(?:PREFIX(?:_\d+)?|SHLVL|DEFAULT_ENV|PROMPT_MODIFIER|PYTHON_EXE|EXE)"
)
"""They say what a shell has active, which is nothing to a program that is told its prefix."""
_OF_THE_NETWORK = frozenset(
    {
        "ALL_PROXY",
        "CURL_CA_BUNDLE",
        "FTP_PROXY",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "NETRC",
        "NO_PROXY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
    }
)
_NAMED = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")


def needed_variables(environ: Mapping[str, str], condarc: Iterable[str] = ()) -> frozenset[str]:
    """Their names; ``condarc`` are the texts of Conda's configuration files."""
    named = {first or second for text in condarc for first, second in _NAMED.findall(text)}
    return frozenset(
        name
        for name in environ
        if name in named
        or name.upper() in _OF_THE_NETWORK
        or (_OF_CONDA.fullmatch(name) and not _OF_AN_ACTIVE_ENVIRONMENT.fullmatch(name))
    )


def needed_by_rattler(environ: Mapping[str, str]) -> frozenset[str]:
    """Those, and where py-rattler keeps what it signs in with."""
    return needed_variables(environ) | {"RATTLER_AUTH_FILE"}
