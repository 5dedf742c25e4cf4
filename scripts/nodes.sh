#!/usr/bin/env bash
# Runs a command with TASKLESS_TEST_NODE naming a version of Node.js: `nodes.sh 22 node --test FILE`
# runs the program under test on Node 22. The versions come from npm, once for each lock file.
set -euo pipefail
versions=$(realpath "$(dirname "$0")/../clients/node/test/nodes")
wanted=$1
shift

key=$(cat "$versions"/package*.json | sha256sum | cut -c1-16)
folder=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/nodes-$key
fetch() {
    echo "taskless: fetching the versions of Node.js that tests run on, once" >&2
    cp "$versions"/package*.json "$folder"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    # Of each some 50 MB are headers, npm and the like.
    find "$folder/node_modules" -type f ! -path '*/bin/node' -delete
    touch "$folder/complete"
}
if [[ ! -e $folder/complete ]]; then
    mkdir -p "$folder"
    exec 9>"$folder/lock"
    flock 9
    [[ -e $folder/complete ]] || fetch
    exec 9>&-
fi

for TASKLESS_TEST_NODE in "$folder/node_modules/node$wanted"-*/bin/node; do
    [[ -x $TASKLESS_TEST_NODE ]] || { echo "taskless: there is no Node $wanted here" >&2; exit 1; }
done
export TASKLESS_TEST_NODE
exec "$@"
