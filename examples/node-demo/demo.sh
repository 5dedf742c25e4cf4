#!/usr/bin/env bash
# demo: runs app.js, unchanged, under taskless, against services that live on this machine.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${TASKLESS_BUILD:-$root/build}
servers=$root/tests/servers

work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

# serve NAME COMMAND...: starts a server and waits for the line of JSON with its port.
serve() {
    local name=$1
    shift
    # Its standard input stays open for as long as it is wanted.
    mkfifo "$work/$name.in"
    : >"$work/$name.out" # it is looked at before the server has opened it
    "$@" <>"$work/$name.in" >"$work/$name.out" 2>"$work/$name.err" &
    pids+=($!)
    for _ in {1..100}; do
        port=$(sed -nE 's/^\{"http":([0-9]+).*/\1/p' "$work/$name.out")
        [[ -n $port ]] && return
        sleep 0.1
    done
    echo "demo: the server $name did not start:" >&2
    cat "$work/$name.err" >&2
    exit 4
}

if ! [[ -d $here/node_modules ]]; then
    (cd "$here" && npm ci --no-audit --no-fund --loglevel=error >&2)
fi

serve trouble node "$servers/api/main.js"
trouble=$port
serve openai node "$servers/api/main.js"
openai=$port
stripe=$trouble
if [[ -x $build/servers/stripe-mock ]]; then
    serve stripe-mock node "$servers/stripe-mock/main.js" "$build/servers/stripe-mock"
    stripe=$port
else
    echo "demo: stripe-mock is not built (it needs go 1.21): our own server stands in for it" >&2
fi

# The services are not where the Packs expect them, so each Pack is told where its service is.
cat >"$work/taskless.yaml" <<YAML
version: 1
packs:
  - {name: core, from: $build/packs/core}
  - {name: stripe, from: $build/packs/stripe, hosts: ["127.0.0.1:$stripe", "127.0.0.1:$trouble"]}
  - {name: openai, from: $build/packs/openai, hosts: ["127.0.0.1:$openai"]}
YAML

export STRIPE_URL=http://127.0.0.1:$stripe
export STRIPE_TROUBLE_URL=http://127.0.0.1:$trouble
export OPENAI_URL=http://127.0.0.1:$openai
export TASKLESS_CONFIG=$work/taskless.yaml

cat <<'TEXT'
A shop's program, app.js, calls Stripe and OpenAI with their own SDKs and says little of what goes
wrong. Run by taskless, unchanged, each of its calls gives a line that says what happened and why:

    $ taskless run -- node app.js

TEXT
cd "$here"
"$build/bin/taskless" run --format pretty -- node app.js
