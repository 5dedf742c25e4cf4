#!/usr/bin/env bash
# Prints the Python of a folder in which what clients/python/test calls with is installed, or what is
# on a list named second. It lies outside the checkout, and is made once for each list of packages.
set -euo pipefail
python=$1
list=${2:-$(dirname "$0")/../clients/python/test/requirements.txt}
key=$({ "$python" -VV && cat "$list"; } | sha256sum | cut -c 1-16)
venv=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/python-$key
if [[ ! -e $venv/complete ]]; then
    rm -rf "$venv.$$"
    "$python" -m venv "$venv.$$"
    "$venv.$$/bin/pip" install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r "$list" >&2
    touch "$venv.$$/complete"
    # Another build may have been faster; a folder that is there is whole.
    mv -T "$venv.$$" "$venv" 2>/dev/null || rm -rf "$venv.$$"
fi
echo "$venv/bin/python"
