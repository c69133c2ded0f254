"""What the emulator's share begins with: setup scripts of the team, and logs that they have left.

The logs are written for the emulator, after what apt, pip, curl and bash print; nothing has run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from .arm.computes.scripts import Phase
from .arm.state import ArmState
from .files.errors import ResourceNotFound
from .files.share import FileShare
from .scripts.log import LOGS as LOGS_FOLDER
from .scripts.log import MARK, log_path

CODE = "/mnt/batch/tasks/shared/LS_root/mounts/clusters"

ETL_SCRIPT = "Users/ben/setup/etl.sh"
NOTEBOOKS_SCRIPT = "Users/amy/scripts/notebooks.sh"
GREETING_SCRIPT = "Users/amy/scripts/greeting.sh"
ONBOARDING_SCRIPT = "Users/amy/scripts/onboarding.sh"

SCRIPTS: dict[str, str] = {
    ETL_SCRIPT: r"""#!/bin/bash
# Tools for the nightly ETL.
# Usage: etl.sh [--with-spark]
set -euo pipefail

step() { printf '\033[32m==> %s\033[0m\n' "$*"; }

step "Packages of the system"
apt-get update
apt-get install -y --no-install-recommends jq libpq-dev

step "Packages of Python"
pip install polars psycopg pyarrow

if [ "${1:-}" = --with-spark ]; then
  step "Spark"
  curl -f --progress-bar -o /opt/spark.tgz https://files.contoso.com/spark-3.5.7.tgz
fi

step "The environment etl"
conda create -y -n etl python=3.11 pyspark=3.5
conda run -n etl python -m ipykernel install --user --name etl
""",
    NOTEBOOKS_SCRIPT: r"""#!/bin/bash
set -euo pipefail
sudo -u azureuser -i <<'EOF'
source /anaconda/etc/profile.d/conda.sh
conda activate azureml_py38
pip install jupyterlab-git nbstripout
nbstripout --install --global
EOF
""",
    GREETING_SCRIPT: r"""#!/bin/bash
echo "$CI_NAME of $CI_WORKSPACE starts"
df -h /
""",
    ONBOARDING_SCRIPT: r"""#!/bin/bash
echo "Setting up for the onboarding course"
git clone --quiet https://git.contoso.com/ml/course.git course
conda env create --quiet --file course/environment.yml
echo "All done"
""",
}


def _progress(name: str, total_mb: float) -> str:
    """What pip prints while it downloads: one line, overwritten until it is complete."""
    steps = 8
    return "".join(
        f"\r     \033[38;5;237m{'━' * (4 * done):<{4 * steps}}\033[0m "
        f"\033[32m{total_mb * done / steps:.1f}/{total_mb:.1f} MB\033[0m {name}"
        for done in range(steps + 1)
    )


_CURL_BAR = "".join(
    f"\r{'#' * (percent * 72 // 100):<72} {percent:5.1f}%"
    for percent in (0, 3, 11, 26, 48, 77, 100)
)

ETL_LOG = f"""\033[32m==> Packages of the system\033[0m
Reading package lists...
Building dependency tree...
Reading state information...
The following additional packages will be installed:
  libjq1 libonig5 libpq5
The following NEW packages will be installed:
  jq libjq1 libonig5 libpq-dev libpq5
0 upgraded, 5 newly installed, 0 to remove and 12 not upgraded.
Need to get 691 kB of archives.
After this operation, 2,814 kB of additional disk space will be used.
Fetched 691 kB in 1s (812 kB/s)
debconf: delaying package configuration, since apt-utils is not installed
Selecting previously unselected package libonig5:amd64.
(Reading database ... \r(Reading database ... 50%\r(Reading database ... \
164210 files and directories currently installed.)
Preparing to unpack .../libonig5_6.9.7.1-2build1_amd64.deb ...
Unpacking libonig5:amd64 (6.9.7.1-2build1) ...
Setting up libpq5:amd64 (14.19-0ubuntu0.22.04.1) ...
Setting up libonig5:amd64 (6.9.7.1-2build1) ...
Setting up libjq1:amd64 (1.6-2.1ubuntu3.1) ...
Setting up libpq-dev (14.19-0ubuntu0.22.04.1) ...
Setting up jq (1.6-2.1ubuntu3.1) ...
Processing triggers for libc-bin (2.35-0ubuntu3.11) ...
\033[32m==> Packages of Python\033[0m
Collecting polars
  Downloading polars-1.35.2-py3-none-any.whl (783 kB)
{_progress("polars", 0.8)}
Collecting psycopg
  Downloading psycopg-3.2.12-py3-none-any.whl (206 kB)
Collecting pyarrow
  Downloading pyarrow-22.0.0-cp310-cp310-manylinux_2_28_x86_64.whl (47.6 MB)
{_progress("pyarrow", 47.6)}
Installing collected packages: pyarrow, psycopg, polars
Successfully installed polars-1.35.2 psycopg-3.2.12 pyarrow-22.0.0
\033[33mWARNING: Running pip as the 'root' user can result in broken permissions and conflicting \
behaviour with the system package manager.\033[0m\033[33m
\033[0m
\033[1m[\033[0m\033[34;49mnotice\033[0m\033[1;39;49m]\033[0m\033[39;49m A new release of pip is \
available: \033[0m\033[31;49m22.0.2\033[0m\033[39;49m -> \033[0m\033[32;49m25.3\033[0m
\033[32m==> Spark\033[0m
{_CURL_BAR}
\033[32m==> The environment etl\033[0m
{CODE}/ben-etl/code/{ETL_SCRIPT}: line 21: conda: command not found
"""

NOTEBOOKS_LOG = f"""Collecting jupyterlab-git
  Downloading jupyterlab_git-0.51.2-py3-none-any.whl (1.4 MB)
{_progress("jupyterlab-git", 1.4)}
Collecting nbstripout
  Downloading nbstripout-0.8.1-py2.py3-none-any.whl (16 kB)
Installing collected packages: nbstripout, jupyterlab-git
Successfully installed jupyterlab-git-0.51.2 nbstripout-0.8.1
"""

ONBOARDING_LOG = f"""Setting up for the onboarding course
{CODE}/amy-onboarding/code/{ONBOARDING_SCRIPT}: line 4: conda: command not found
All done
"""


def _greeting_log(free_gb: int) -> str:
    used = 120 - free_gb
    return (
        "amy-notebooks of ml-workspace starts\n"
        "Filesystem      Size  Used Avail Use% Mounted on\n"
        f"/dev/root       120G   {used}G   {free_gb}G  {used * 100 // 120}% /\n"
    )


@dataclass(frozen=True)
class SeededLog:
    """A log that a script has left; ages in hours, of the moment when the script began."""

    instance: str
    phase: Phase
    script: str
    text: str
    age_hours: float
    lasted_seconds: float
    status: int = 0
    arguments: str = ""

    def content(self, began: datetime) -> str:
        """With what the emulator says before and after."""
        ended = began + timedelta(seconds=self.lasted_seconds)
        return (
            f"{MARK} The emulator begins with this log: it was written for it, nothing has run.\n"
            f"{MARK} {self.phase} script of {self.instance}: {self.script}{self.arguments}\n"
            f"{MARK} began at {began:%Y-%m-%dT%H:%M:%SZ}\n"
            f"{self.text}"
            f"{MARK} Script exited with code {self.status}\n"
            f"{MARK} ended at {ended:%Y-%m-%dT%H:%M:%SZ}\n"
        )


LOGS = (
    SeededLog("ben-etl", "creation", ETL_SCRIPT, ETL_LOG, 4.93, 208, 127, " --with-spark"),
    SeededLog("amy-notebooks", "creation", NOTEBOOKS_SCRIPT, NOTEBOOKS_LOG, 899.9, 74),
    SeededLog("amy-notebooks", "startup", GREETING_SCRIPT, _greeting_log(71), 899.8, 1),
    SeededLog("amy-notebooks", "startup", GREETING_SCRIPT, _greeting_log(58), 99.2, 1),
    SeededLog("amy-notebooks", "startup", GREETING_SCRIPT, _greeting_log(47), 27.1, 1),
    SeededLog("amy-notebooks", "startup", GREETING_SCRIPT, _greeting_log(46), 3.2, 1),
    SeededLog("amy-onboarding", "creation", ONBOARDING_SCRIPT, ONBOARDING_LOG, 119.9, 9),
)


def seed_share(share: FileShare, state: ArmState) -> None:
    """Put scripts and logs there, of the instances that there are; what is there stays.

    An instance that has logs of an earlier run gets none.
    """
    now = state.clock.now()
    new = {log.instance for log in LOGS if not _is_there(share, f"{LOGS_FOLDER}/{log.instance}")}
    for path, text in SCRIPTS.items():
        _put(share, path, text, now - timedelta(days=60))
    for log in LOGS:
        began = now - timedelta(hours=log.age_hours)
        if log.instance in new and state.instance(log.instance) is not None:
            path = log_path(log.instance, log.phase, began)
            _put(share, path, log.content(began), began + timedelta(seconds=log.lasted_seconds))


def _is_there(share: FileShare, path: str) -> bool:
    try:
        share.entry(path)
    except ResourceNotFound:
        return False
    return True


def _put(share: FileShare, path: str, text: str, written_at: datetime) -> None:
    if not _is_there(share, path):
        entry = share.append(path, text.encode())
        os.utime(entry.path, (written_at.timestamp(), written_at.timestamp()))
