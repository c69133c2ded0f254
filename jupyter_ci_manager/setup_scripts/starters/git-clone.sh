#!/bin/bash
# Clones a Git repository into the folder of this script, and tells Git who you are.
# Arguments: the repository's address, your name, your e-mail address.
# It takes no password: arguments and scripts can be read by everybody who may see the instance.
set -euo pipefail

if (($# != 3)); then
    echo "Give an address, a name and an e-mail address as arguments" >&2
    exit 2
fi
repository="$1"
folder="$PWD/$(basename "$repository" .git)"

# The share outlives the instance: another one may have cloned it already.
if [[ -e "$folder" ]]; then
    echo "$folder is there already"
else
    git clone -- "$repository" "$folder"
fi

# Git's configuration is azureuser's. The block sees only the arguments that it is handed.
sudo -u azureuser -i bash -s -- "$2" "$3" "$folder" <<'EOB'
set -euo pipefail
git config --global user.name "$1"
git config --global user.email "$2"
# Files of the share are not azureuser's own, which Git would refuse to work with.
git config --global --replace-all safe.directory "$3" "^$3\$"
EOB
