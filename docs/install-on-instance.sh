#!/bin/bash
# Creation script of an Azure Machine Learning compute instance: installs jupyter-ci-manager into the
# environment that Jupyter itself runs in, and restarts Jupyter. It runs as root. Its argument, if
# any, is what pip installs: a version such as "jupyter-ci-manager==0.1.0" or the path of a wheel.
set -euo pipefail

package="${1:-jupyter-ci-manager}"

# Images differ in how they spell the environment's name.
jupyter=""
for environment in /anaconda/envs/jupyter_env /anaconda/envs/jupyter-env; do
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
"${python[@]}" - <<'EOF'
import sys
from importlib.metadata import version

jupyterlab = version("jupyterlab")
if tuple(int(part) for part in jupyterlab.split(".")[:2]) < (4, 2):
    sys.exit(f"This image has JupyterLab {jupyterlab}; 4.2 or newer is needed. Take a newer image.")
EOF

# Jupyter's own packages stay at the versions Azure tested: pip says so if that is impossible.
constraints="$(mktemp)"
trap 'rm -f "$constraints"' EXIT
"${python[@]}" -m pip list --format=freeze | grep -iE '^(jupyter|notebook|tornado|traitlets)[^=]*==' >"$constraints"
chmod a+r "$constraints"
"${python[@]}" -m pip install --constraint "$constraints" "$package"

systemctl restart jupyter.service
