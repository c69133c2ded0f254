"""What a Conda gets of the server's environment."""

from __future__ import annotations

from jupyter_ci_manager.environments.conda_variables import needed_variables


def test_it_gets_what_it_needs_to_reach_its_channels_and_no_other_secret() -> None:
    environ = dict.fromkeys(
        (
            "AZURE_CLIENT_SECRET",
            "CONDA_PREFIX",
            "CONDA_SHLVL",
            "CONDA_TOKEN_HOUSE",
            "HTTPS_PROXY",
            "HOUSE_PASSWORD",
            "HOUSE_USER",
            "MAMBARC",
            "NOT_NAMED",
            "SSL_CERT_FILE",
            "no_proxy",
        ),
        "x",
    )
    condarc = "channels:\n  - https://${HOUSE_USER}:$HOUSE_PASSWORD@channels.example/$GONE\n"

    needed = needed_variables(environ, [condarc])

    assert sorted(needed) == [
        "CONDA_TOKEN_HOUSE",
        "HOUSE_PASSWORD",
        "HOUSE_USER",
        "HTTPS_PROXY",
        "MAMBARC",
        "SSL_CERT_FILE",
        "no_proxy",
    ]
