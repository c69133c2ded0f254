#!/bin/bash
# Installs packages with pip into a Conda environment of the image.
# Arguments: the environment, then what pip is to install.
set -euo pipefail

if (($# < 2)); then
    echo "Give an environment and at least one package as arguments" >&2
    exit 2
fi

# The environments are azureuser's. The block sees only the arguments that it is handed.
sudo -u azureuser -i bash -s -- "$@" <<'EOB'
set -euo pipefail
environment="$1"
shift

PATH="$PATH:/anaconda/bin" # no script has Conda on its PATH
conda run --no-capture-output --name "$environment" python -m pip install "$@"
EOB
