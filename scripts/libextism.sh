#!/usr/bin/env bash
# Prints where libextism is, which others are measured and compared with: in a wheel, kept outside the
# checkout.
set -euo pipefail
version=1.41.0
venv=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/extism-$version
if [[ ! -e $venv/complete ]]; then
    mkdir -p "$(dirname "$venv")"
    exec 9>"$venv.lock"
    flock 9
    if [[ ! -e $venv/complete ]]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet "extism-sys==$version" >&2
        touch "$venv/complete"
    fi
    exec 9>&-
fi
find "$venv" -name 'libextism*.so' -print -quit
