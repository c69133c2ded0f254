#!/bin/bash
# Leads terminals, Python kernels, pip, Git and Conda through a proxy.
# Arguments: the proxy's address, such as http://proxy.contoso.com:3128, and the hosts without it.
# Take no address with a password: arguments can be read by everybody who may see the instance.
set -euo pipefail

if (($# < 1)); then
    echo "Give the address of the proxy as the first argument" >&2
    exit 2
fi
proxy="$1"
# 169.254.169.254 gives the instance its identity, and answers only to itself.
direct="${2:-localhost,127.0.0.1,169.254.169.254}"

# The block sees only the arguments that it is handed.
sudo -u azureuser -i bash -s -- "$proxy" "$direct" <<'EOB'
set -euo pipefail
proxy="$1"
direct="$2"
mkdir -p ~/.config/pip ~/.ipython/profile_default/startup

# Some programs read small letters, others capital ones.
for name in http_proxy https_proxy HTTP_PROXY HTTPS_PROXY; do
    printf '%s=%s\n' "$name" "$proxy"
done >~/.config/proxy
for name in no_proxy NO_PROXY; do
    printf '%s=%s\n' "$name" "$direct"
done >>~/.config/proxy

# Terminals read .bashrc.
# shellcheck disable=SC2016  # it is expanded there
read_them='while IFS= read -r variable; do export "${variable?}"; done <~/.config/proxy'
if ! grep --quiet --no-messages --line-regexp --fixed-strings "$read_them" ~/.bashrc; then
    printf '%s\n' "$read_them" >>~/.bashrc
fi

# Kernels do not.
cat >~/.ipython/profile_default/startup/00-proxy.py <<'PYTHON'
import os
from pathlib import Path

with Path("~/.config/proxy").expanduser().open(encoding="utf-8") as variables:
    os.environ.update(line.rstrip("\n").split("=", 1) for line in variables)
PYTHON

# These are also used where no variables are set.
git config --global http.proxy "$proxy"
if [[ ! -e ~/.config/pip/pip.conf ]]; then
    printf '[global]\nproxy = %s\n' "$proxy" >~/.config/pip/pip.conf
fi
if [[ ! -e ~/.condarc ]]; then
    printf 'proxy_servers:\n  http: %s\n  https: %s\n' "$proxy" "$proxy" >~/.condarc
fi
EOB
