#!/usr/bin/env bash
# Runs a command with TASKLESS_LIBRARIES naming a folder of libraries that Node.js programs call with,
# each in several versions: `node-libraries.sh node --test FILE`. They come from npm, once for each
# lock file.
set -euo pipefail
versions=$(realpath "$(dirname "$0")/../clients/node/test/versions")
key=$(cat "$versions"/package*.json | sha256sum | cut -c1-16)
folder=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/node-libraries-$key
if [[ ! -e $folder/complete ]]; then
    mkdir -p "$folder"
    exec 9>"$folder/lock"
    flock 9
    if [[ ! -e $folder/complete ]]; then
        echo "taskless: fetching the versions of libraries that tests call with, once" >&2
        cp "$versions"/package*.json "$folder"
        (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
        touch "$folder/complete"
    fi
    exec 9>&-
fi
export TASKLESS_LIBRARIES=$folder
exec "$@"
