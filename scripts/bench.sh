#!/usr/bin/env bash
# Measures taskless beside libextism and OpenTelemetry, in one run. Numbers for people: nothing here
# passes or fails. `bench.sh BUILD sandbox replay` runs only those parts.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build}")
shift || true
parts=("$@")
((${#parts[@]})) || parts=(sandbox replay answers begin node python ruby curl memory)
work=$build/bench/work
unset RUST_BACKTRACE # it more than doubles the time of libextism's calls
export TASKLESS_CACHE=$work/cache
CALLS=${BENCH_CALLS:-100000}

mkdir -p "$work/cache" "$work/packs"
chmod -R go-w "$work"
ninja -C "$build" --quiet bench-programs
cp -r "$build"/packs/{core,stripe,openai} "$work/packs/"
"$build/bin/taskless" compile --packs "$work/packs" >/dev/null

sandbox() {
    local library kit pack
    library=$(scripts/libextism.sh) || echo "only taskless is measured: libextism comes by pip (apt-get install python3-venv)"
    printf '[cache]\ndirectory = "%s"\n' "$work/extism-cache" >"$work/extism.toml"
    scripts/kits.sh "$build/bench/guests" rust js
    for kit in rust js; do
        "$build/bin/tskl-precompile" "$build/bench/guests/$kit.wasm" "$build/bench/guests/$kit.cwasm"
    done
    # One Pack in every language, and the engine that one of them shares.
    for pack in "$build"/examples/stripe-*; do
        [[ -e $pack/pack.wasm ]] || continue
        "$build/bin/taskless" compile --quiet "$pack"
        cp "$pack/pack.wasm" "$build/bench/guests/$(basename "$pack").wasm"
        [[ ! -e $pack/engine.wasm ]] || cp "$pack/engine.wasm" "$build/bench/guests/"
    done
    EXTISM_CACHE_CONFIG=$work/extism.toml "$build/bin/bench-sandbox" "$build/bench/guests" "${library:-}"
}

replay() {
    local har=$work/calls-$CALLS.har
    [[ -e $har ]] || { python3 bench/make_har.py "$CALLS" >"$har.new" && mv "$har.new" "$har"; }
    printf '\nreplay of %s calls, %s MB, three Packs, on one core\n' "$CALLS" \
        $(($(stat -c %s "$har") / 1000000))
    for _ in 1 2 3; do
        rm -f "$work/records.ndjson"
        python3 bench/timed.py "$work/time" taskset -c 0 "$build/bin/taskless" replay --quiet \
            --packs "$work/packs" --format ndjson --output "file:$work/records.ndjson" "$har"
        awk -v calls="$CALLS" '{ printf "  %6.0f a second of processor time, %6.0f a second by the wall, at most %.1f MB resident\n",
            calls / $2, calls / $1, $3 / 1024 }' "$work/time"
    done
}

# The most a call waits for us: with one Pack, with as many as there may be, with hosts that are slow to match.
begin() {
    python3 bench/make_packs.py "$work/begin"
    chmod -R go-w "$work/begin"
    printf 'version: 1\nshipped: false\n' >"$work/begin.yaml"
    TASKLESS_CONFIG=$work/begin.yaml "$build/bin/bench-begin" "$work/begin"/*
}

# What the worst answers cost, a MiB of head and body, in all that is done with them: three Packs, a
# record and a recording.
answers() {
    local folder=$work/answers
    mkdir -p "$folder"
    python3 bench/make_hostile.py "$folder"
    {
        write_packs api.stripe.com
        printf 'outputs: [{to: "file:%s"}, {to: "har:%s"}]\n' "$folder/records.ndjson" "$folder/calls.har"
    } >"$folder/taskless.yaml"
    rm -f "$folder/records.ndjson" "$folder/calls.har"
    TASKLESS_CONFIG=$folder/taskless.yaml "$build/bin/bench-answers" "$folder"
}

# The part of a configuration that runs all three Packs for one host, and no others.
write_packs() { # host
    local pack
    printf 'version: 1\nshipped: false\npacks:\n'
    for pack in core stripe openai; do
        printf '  - {name: %s, from: %s, hosts: [%s]}\n' $pack "$work/packs/$pack" "$1"
    done
}

# prepare_calls FOLDER: for a program that calls a TLS server on the loopback, whose answers go through
# all Packs; a certificate and a configuration.
prepare_calls() {
    local folder=$1
    mkdir -p "$folder/tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$folder/tls/key.pem" -out "$folder/tls/cert.pem" 2>/dev/null
    {
        write_packs localhost
        printf 'outputs:\n  - {to: "file:%s", format: ndjson}\n' "$folder/records.ndjson"
    } >"$folder/taskless.yaml"
    rm -f "$folder/records.ndjson"
}

node() {
    local folder=$work/node
    prepare_calls "$folder"
    cp bench/node/* "$folder/"
    if ! cmp -s "$folder/package-lock.json" "$folder/installed"; then
        (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2 && cp package-lock.json installed)
    fi
    printf '\nNode.js %s, a TLS server on the loopback, all three Packs run on every call\n' "$(command node --version)"
    command node "$folder/run.mjs" "$folder/tls" "$build/lib/taskless/node/register.js" "$folder/taskless.yaml"
}

python() {
    local folder=$work/python python
    prepare_calls "$folder"
    python=$(scripts/python-packages.sh /usr/bin/python3 bench/python/requirements.txt)
    printf '\nPython %s, a server on the loopback, all three Packs run on every call\n' \
        "$("$python" -c 'import platform; print(platform.python_version())')"
    "$python" bench/python/run.py "$folder/tls" "$build/lib/taskless/python" "$folder/taskless.yaml"
}

curl() {
    local folder=$work/curl
    prepare_calls "$folder"
    printf '\nlibcurl %s, a server on the loopback, all three Packs run on every call\n' "$(curl-config --version)"
    python3 bench/curl/run.py "$build/bin/bench-curl" "$folder/tls" \
        "$build/lib/taskless/curl/\$LIB/libtaskless-curl.so" "$folder/taskless.yaml"
}

ruby() {
    local folder=$work/ruby
    prepare_calls "$folder"
    printf '\nRuby %s, a server on the loopback, all three Packs run on every call\n' "$(command ruby -e 'print RUBY_VERSION')"
    command ruby bench/ruby/run.rb "$folder/tls" "$build/lib/taskless/ruby" "$folder/taskless.yaml"
}

# A folder of our three Packs and of others, each [name, folder], as one program has them.
with_packs() { # pairs
    local folder=$work/with
    rm -rf "$folder"
    mkdir -p "$folder"
    cp -r "$work"/packs/{core,stripe,openai} "$folder/"
    for (( ; $#; )); do
        mkdir "$folder/$1"
        cp "$2"/*.wasm "$folder/$1/"
        jq --arg name "$1" '.name = $name | del(.marks, .charts)' "$2/manifest.json" >"$folder/$1/manifest.json"
        shift 2
    done
    "$build/bin/taskless" compile --quiet --packs "$folder"
    TASKLESS_OUTPUT=file:$work/memory.ndjson "$build/bin/bench-memory" "$build/lib/libtaskless.so" "$folder"
}

memory() {
    local alone=$build/examples/stripe-ts shared=$build/examples/stripe-ts-engine
    printf '\nwhat taskless adds\n'
    printf '  a program with three Packs and one worker: '
    TASKLESS_OUTPUT=file:$work/memory.ndjson \
        "$build/bin/bench-memory" "$build/lib/libtaskless.so" "$work/packs"
    printf '  the same and a Pack in TypeScript that stands alone: ' && with_packs ts "$alone"
    printf '  the same and one on the shared engine: ' && with_packs one "$shared"
    printf '  the same and two on the shared engine: ' && with_packs one "$shared" two "$shared"
    for file in lib/libtaskless.so bin/taskless; do
        strip -o "$work/stripped" "$build/$file"
        printf '  %s, stripped: %.2f MB\n' "$(basename "$file")" \
            "$(awk "BEGIN { print $(stat -c %s "$work/stripped") / 1e6 }")"
    done
    for pack in core stripe openai; do
        printf '  the %s Pack: %s bytes\n' $pack "$(stat -c %s "$work/packs/$pack/pack.wasm")"
    done
    for pack in "$build"/examples/stripe-*/pack.wasm; do
        printf '  %s: %s bytes\n' "$(basename "$(dirname "$pack")")" "$(stat -c %s "$pack")"
    done
}

printf 'taskless %s, %s, %s cores, load %s\n' "$(cat VERSION)" "$(date -u +%F)" "$(nproc)" \
    "$(cut -d' ' -f1-3 /proc/loadavg)"
if (($(cut -d. -f1 /proc/loadavg) >= $(nproc))); then
    echo "the machine is busy: read ratios and processor time, not wall time"
fi
for part in "${parts[@]}"; do "$part"; done
