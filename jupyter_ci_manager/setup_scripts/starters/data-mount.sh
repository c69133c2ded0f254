#!/bin/bash
# Mounts data into a folder. It is a startup script: what is mounted is gone after a stop.
# Arguments: what, where; then, if it is not NFS, which file system and its options.
# For blob storage with NFS 3: account.blob.core.windows.net:/account/container /mnt/data
set -euo pipefail

if (($# < 2)); then
    echo "Give what is to be mounted and a folder as arguments" >&2
    exit 2
fi
source="$1"
folder="$2"
type="${3:-nfs}"
options="${4:-vers=3,sec=sys,nolock,proto=tcp}"

if [[ "$type" == nfs* ]] && ! command -v mount.nfs >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install --yes nfs-common
fi

mkdir -p "$folder"
if mountpoint --quiet "$folder"; then
    echo "$folder is mounted already"
else
    mount --types "$type" --options "$options" "$source" "$folder"
fi
df --human-readable "$folder"
