"""What the configuration files of Conda come to, and what of it is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from jupyter_ci_manager.environments.channels import (
    addresses,
    network_environment,
    secrets,
    told_channel,
    told_channels,
)
from jupyter_ci_manager.environments.condarc import CondaConfiguration, read_configuration
from jupyter_ci_manager.errors import ChannelUnreachable, InvalidSpec


class Machine:
    """A home, a base environment and a folder for everybody, with configuration files in them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.root = folder / "conda"
        self.system = folder / "etc"
        for each in (self.home, self.root, self.system):
            each.mkdir()

    def write(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(
        self, environ: Mapping[str, str] | None = None, *, conda: bool = True
    ) -> CondaConfiguration:
        return read_configuration(
            environ or {}, self.home, self.root if conda else None, system=(str(self.system),)
        )

    def of(self, text: str, environ: Mapping[str, str] | None = None) -> CondaConfiguration:
        self.write(self.home / ".condarc", text)
        return self.read(environ)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_files_conda_has_its_defaults_and_the_embedded_engine_conda_forge(
    machine: Machine,
) -> None:
    assert addresses(machine.read()) == [
        "https://repo.anaconda.com/pkgs/main",
        "https://repo.anaconda.com/pkgs/r",
    ]
    assert addresses(machine.read(conda=False)) == ["https://conda.anaconda.org/conda-forge"]


def test_places_are_read_in_condas_order_and_lists_put_the_nearest_first(machine: Machine) -> None:
    places = [
        machine.system / ".condarc",
        machine.system / "condarc.d" / "a.yml",
        machine.root / ".condarc",
        machine.home / "xdg" / "conda" / "condarc",
        machine.home / ".config" / "conda" / ".condarc",
        machine.home / ".conda" / "condarc",
        machine.home / ".condarc",
        machine.home / "env" / ".condarc",
        machine.home / "elsewhere.yml",
    ]
    for number, place in enumerate(places):
        machine.write(
            place, f"channels: [c{number}]\nchannel_alias: https://host-{number}.example\n"
        )
    machine.write(machine.system / "condarc.d" / "read.me", "channels: [not-this]")

    configuration = machine.read(
        {
            "XDG_CONFIG_HOME": str(machine.home / "xdg"),
            "CONDA_PREFIX": str(machine.home / "env"),
            "CONDARC": str(machine.home / "elsewhere.yml"),
            "CONDA_CHANNELS": "first,second",
        }
    )

    assert configuration.files == tuple(places)
    assert configuration.channels == (
        "first",
        "second",
        *(f"c{number}" for number in reversed(range(len(places)))),
    )
    assert configuration.channel_alias == "https://host-8.example"


def test_what_an_administrator_calls_final_holds(machine: Machine) -> None:
    machine.write(
        machine.root / ".condarc",
        "channels:  #!final\n  - mirror\nchannel_alias: https://conda.example  #!final\n",
    )

    configuration = machine.of("channels: [mine]\nchannel_alias: https://other.example\n")

    assert addresses(configuration) == ["https://conda.example/mirror"]


def test_items_marked_top_and_bottom_go_there(machine: Machine) -> None:
    machine.write(
        machine.root / ".condarc", "channels:\n  - a\n  - mirror  #!top\n  - last  #!bottom\n"
    )

    assert machine.of("channels: [mine, last]").channels == ("mirror", "mine", "a", "last")


def test_a_channel_is_found_by_name_alias_custom_channels_and_multichannels(
    machine: Machine,
) -> None:
    configuration = machine.of(
        """
channels: [team, conda-forge, pkgs/main, company/label/dev, /srv/channel, https://full.example/x]
channel_alias: https://mirror.example/conda/
custom_channels:
  company: https://artifacts.example/conda
custom_multichannels:
  team: [https://team.example/a, b]
"""
    )

    assert addresses(configuration) == [
        "https://team.example/a",
        "https://mirror.example/conda/b",
        "https://mirror.example/conda/conda-forge",
        "https://repo.anaconda.com/pkgs/main",
        "https://artifacts.example/conda/company/label/dev",
        "file:///srv/channel",
        "https://full.example/x",
    ]


def test_channels_of_a_file_come_before_the_configured_ones_unless_it_says_nodefaults(
    machine: Machine,
) -> None:
    configuration = machine.of("channels: [mine]")

    assert addresses(configuration, ["bioconda"], and_configured=True) == [
        "https://conda.anaconda.org/bioconda",
        "https://conda.anaconda.org/mine",
    ]
    assert addresses(configuration, ["bioconda", "nodefaults"], and_configured=True) == [
        "https://conda.anaconda.org/bioconda"
    ]


def test_a_mirror_takes_the_place_of_its_channel(machine: Machine) -> None:
    configuration = machine.of(
        "channels: [conda-forge]\nmirrored_channels:\n"
        "  conda-forge: [https://near.example/cf, https://far.example/cf]\n"
    )

    assert addresses(configuration) == ["https://near.example/cf"]


def test_tokens_reach_the_address_and_nobody_who_reads(machine: Machine) -> None:
    configuration = machine.of(
        """
channels:
  - https://conda.example/t/tk-11111111/main
  - https://robot:pass%2Fword@art.example/conda
  - private
  - ${SECRET_CHANNEL}
custom_channels:
  private: https://secretuser@custom.example/t/tk-22222222
proxy_servers:
  https: http://amy:proxyword@proxy.example:3128
""",
        {"SECRET_CHANNEL": "https://sas.example/x/t/tk-33333333"},
    )

    assert addresses(configuration) == [
        "https://conda.example/t/tk-11111111/main",
        "https://robot:pass%2Fword@art.example/conda",
        "https://secretuser@custom.example/t/tk-22222222/private",
        "https://sas.example/x/t/tk-33333333",
    ]
    told = " ".join(told_channels(configuration))
    hidden = ["tk-1111", "pass%2F", "robot", "tk-3333"]
    assert not [secret for secret in hidden if secret in told]
    assert {"tk-11111111", "pass/word", "tk-22222222", "tk-33333333", "proxyword"} <= secrets(
        configuration
    )


def test_an_address_without_a_token_gets_that_of_its_server_and_no_other_server_does(
    machine: Machine,
) -> None:
    folder = machine.home / ".config" / "binstar"
    machine.write(folder / f"{quote_plus('https://api.anaconda.example')}.token", "an-token-1\n")
    machine.write(folder / f"{quote_plus('https://other.example')}.token", "two\nlines")
    configuration = machine.of(
        """
channels:
  - https://api.anaconda.example/amy
  - https://conda.anaconda.example/amy
  - https://conda.anaconda.example.evil.net/amy
  - http://conda.anaconda.example/amy
  - https://other.example/x
"""
    )

    assert addresses(configuration) == [
        "https://api.anaconda.example/t/an-token-1/amy",
        "https://conda.anaconda.example/t/an-token-1/amy",
        "https://conda.anaconda.example.evil.net/amy",
        "http://conda.anaconda.example/amy",
        "https://other.example/x",
    ]
    assert not addresses(
        machine.of("add_anaconda_token: false\nchannels: [https://api.anaconda.example/amy]")
    )[0].count("/t/")


def test_the_token_of_the_alias_goes_to_whole_addresses_below_it(machine: Machine) -> None:
    configuration = machine.of("channel_alias: https://conda.example/t/tk-12345678\n")

    assert addresses(configuration, ["https://conda.example/main"]) == [
        "https://conda.example/t/tk-12345678/main"
    ]


def test_channels_that_are_not_allowed_are_refused_by_name(machine: Machine) -> None:
    allowing = machine.of("channels: [conda-forge]\nallowlist_channels: [conda-forge]")
    denying = machine.of("denylist_channels: [defaults]\nchannels: [conda-forge]")

    assert addresses(allowing) == ["https://conda.anaconda.org/conda-forge"]
    with pytest.raises(ChannelUnreachable, match="does not allow the channel bioconda"):
        addresses(allowing, ["bioconda"])
    with pytest.raises(ChannelUnreachable, match="pkgs/main"):
        addresses(denying, ["defaults"])


@pytest.mark.parametrize(
    "name",
    [
        *("-c", "a b", "a\nb", "../up", "http://", "x:y", "", "a/../b", "https://h/'x'"),
        *("http://[::bad/x", "https://h.example:port/x", "https://h.example:99999/x"),
    ],
)
def test_what_is_no_channel_is_refused(machine: Machine, name: str) -> None:
    with pytest.raises(InvalidSpec):
        addresses(machine.read(), [name])


@pytest.mark.parametrize(
    "text", ["channels: ['http://[::bad/x']", "channel_alias: 'http://[::bad'\nchannels: [mine]"]
)
def test_what_is_configured_and_no_address_is_refused(machine: Machine, text: str) -> None:
    with pytest.raises(InvalidSpec):
        addresses(machine.of(text))


def test_a_file_that_cannot_be_read_is_told_and_the_others_hold(machine: Machine) -> None:
    machine.write(machine.root / ".condarc", "channels: [from-root]")
    machine.write(machine.home / ".conda" / ".condarc", "channels: [a\n")
    machine.write(machine.home / ".conda" / "condarc", "- just\n- a list\n")

    configuration = machine.of("channels: {a: b}\noffline: maybe\n")

    assert configuration.channels == ("from-root",)
    assert configuration.offline is False
    assert [problem.partition(" ")[0].rpartition("/")[2] for problem in configuration.problems] == [
        ".condarc",
        "condarc",
        "channels",
        "offline",
    ]


def test_a_bomb_and_code_in_a_file_are_left_out(machine: Machine) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    code = 'channels: !!python/object/apply:os.system ["touch owned"]\n'

    assert "too large" in machine.of(bomb).problems[0]
    assert "tag" in machine.of(code).problems[0]


def test_folders_of_environments_and_caches(machine: Machine) -> None:
    configuration = machine.of(
        "envs_dirs: [~/mine, $WORK/envs]\npkgs_dirs: [/cache]\n", {"WORK": "/data-disk"}
    )

    assert configuration.envs_dirs == (
        machine.home / "mine",
        Path("/data-disk/envs"),
        machine.root / "envs",
        machine.home / ".conda" / "envs",
    )
    assert configuration.pkgs_dirs == (Path("/cache"),)
    assert configuration.envs_folder == machine.home / "mine"
    assert machine.read(conda=False).pkgs_dirs == (Path("/cache"),)


def test_the_root_of_micromamba_has_environments_too(machine: Machine) -> None:
    mamba = machine.home / "micromamba"
    mamba.mkdir()

    configuration = machine.read({"MAMBA_ROOT_PREFIX": str(mamba)}, conda=False)

    assert configuration.envs_dirs == (mamba / "envs", machine.home / ".conda" / "envs")
    assert configuration.envs_folder == mamba / "envs"


def test_variables_win_over_files(machine: Machine) -> None:
    configuration = machine.of(
        "offline: false\nssl_verify: false\nchannel_alias: https://a.example",
        {
            "CONDA_OFFLINE": "yes",
            "CONDA_SSL_VERIFY": "/etc/certificates.pem",
            "CONDA_CHANNEL_ALIAS": "https://b.example",
            "CONDA_ENVS_DIRS": "/one:/two",
        },
    )

    assert configuration.offline is True
    assert configuration.ssl_verify == "/etc/certificates.pem"
    assert addresses(configuration, ["x"]) == ["https://b.example/x"]
    assert configuration.envs_dirs[:2] == (Path("/one"), Path("/two"))


def test_proxies_and_certificates_are_told_to_other_programs_unless_they_know(
    machine: Machine,
) -> None:
    configuration = machine.of(
        "ssl_verify: /etc/ca.pem\nproxy_servers:\n  http: http://p:1\n  https: http://p:2\n"
    )

    assert network_environment(configuration, {"https_proxy": "http://mine:3"}) == {
        "http_proxy": "http://p:1",
        "HTTP_PROXY": "http://p:1",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/noarch/pip-1-0.conda", "conda-forge"),
        ("https://repo.anaconda.com/pkgs/main/linux-64/", "pkgs/main"),
        ("https://u:p@host.example/t/tk-1/a/b", "https://host.example/a/b"),
        ("conda-forge", "conda-forge"),
    ],
)
def test_the_channel_of_a_package_is_told_short(address: str, told: str) -> None:
    assert told_channel(address) == told
