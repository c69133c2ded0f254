#!/bin/bash
# Makes a Conda environment, and a Jupyter kernel of it.
# Arguments: the environment's name, then its packages, such as python=3.12.
set -euo pipefail

if (($# < 1)); then
    echo "Give the name of the environment as the first argument" >&2
    exit 2
fi

# Environment and kernel are azureuser's. The block sees only the arguments that it is handed.
sudo -u azureuser -i bash -s -- "$@" <<'EOB'
set -euo pipefail
name="$1"
shift

PATH="$PATH:/anaconda/bin" # no script has Conda on its PATH
conda create --yes --name "$name" ipykernel "$@"
conda run --no-capture-output --name "$name" \
    python -m ipykernel install --user --name "$name" --display-name "Python ($name)"
EOB
