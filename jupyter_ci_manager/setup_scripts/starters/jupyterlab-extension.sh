#!/bin/bash
# Installs a JupyterLab extension into the environment that Jupyter itself runs in, and restarts
# Jupyter. Arguments, both optional: what pip installs, such as "jupyter-ci-manager==0.1.0" or the
# path of a wheel; and the folder of Jupyter's environment.
set -euo pipefail

package="${1:-jupyter-ci-manager}"

# Images differ in how they spell the environment's name.
jupyter=""
for environment in "${2:-/anaconda/envs/jupyter_env}" /anaconda/envs/jupyter-env; do
    if [[ -x "$environment/bin/python" ]]; then
        jupyter="$environment"
        break
    fi
done
if [[ -z "$jupyter" ]]; then
    echo "Jupyter's own environment was not found in /anaconda/envs" >&2
    exit 1
fi

python=(sudo -H -u "$(stat --format=%U "$jupyter/bin/python")" "$jupyter/bin/python")
"${python[@]}" - <<'EOP'
import sys
from importlib.metadata import version

jupyterlab = version("jupyterlab")
if tuple(int(part) for part in jupyterlab.split(".")[:2]) < (4, 2):
    sys.exit(f"This image has JupyterLab {jupyterlab}; 4.2 or newer is needed. Take a newer image.")
EOP

# Jupyter's own packages stay at the versions Azure tested: pip says so if that is impossible.
constraints="$(mktemp)"
trap 'rm -f "$constraints"' EXIT
"${python[@]}" -m pip list --format=freeze | grep -iE '^(jupyter|notebook|tornado|traitlets)[^=]*==' >"$constraints"
chmod a+r "$constraints"
"${python[@]}" -m pip install --constraint "$constraints" "$package"

if command -v systemctl >/dev/null && systemctl is-active --quiet jupyter.service; then
    systemctl restart jupyter.service
fi
