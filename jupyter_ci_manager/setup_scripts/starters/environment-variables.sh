#!/bin/bash
# Sets environment variables in terminals and Python kernels.
# Arguments: NAME=value NAME="another value" ...
# They are for no secrets: arguments can be read by everybody who may see the instance.
set -euo pipefail

if (($# == 0)); then
    echo "Give variables as arguments: NAME=value" >&2
    exit 2
fi

# The block sees only the arguments that it is handed.
sudo -u azureuser -i bash -s -- "$@" <<'EOB'
set -euo pipefail
for variable in "$@"; do
    if [[ ! "$variable" =~ ^[A-Za-z_][A-Za-z0-9_]*= ]]; then
        echo "This is no NAME=value: $variable" >&2
        exit 2
    fi
done
mkdir -p ~/.config ~/.ipython/profile_default/startup
printf '%s\n' "$@" >~/.config/variables

# Terminals read .bashrc.
# shellcheck disable=SC2016  # it is expanded there
read_them='while IFS= read -r variable; do export "${variable?}"; done <~/.config/variables'
if ! grep --quiet --no-messages --line-regexp --fixed-strings "$read_them" ~/.bashrc; then
    printf '%s\n' "$read_them" >>~/.bashrc
fi

# Kernels do not.
cat >~/.ipython/profile_default/startup/00-variables.py <<'PYTHON'
import os
from pathlib import Path

with Path("~/.config/variables").expanduser().open(encoding="utf-8") as variables:
    os.environ.update(line.rstrip("\n").split("=", 1) for line in variables)
PYTHON
EOB
