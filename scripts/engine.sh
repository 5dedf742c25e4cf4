#!/usr/bin/env bash
# Builds Wasmtime's C API twice (to run code, and to compile it) and prints the folder that holds
# runtime.a, compiler.a and their headers. Built once for each lock file, manifest and compiler.
set -euo pipefail
cd "$(dirname "$0")/../engine"

# The engine needs Rust 1.95 or newer: the one on PATH, else Debian's.
newest() {
    for pair in "rustc cargo" "/usr/bin/rustc /usr/bin/cargo"; do
        read -r rustc cargo <<<"$pair"
        command -v "$rustc" >/dev/null && command -v "$cargo" >/dev/null || continue
        version=$("$rustc" --version | sed -E 's/^rustc 1\.([0-9]+)\..*/\1/')
        [[ $version =~ ^[0-9]+$ ]] && ((version >= 95)) && return 0
    done
    echo "taskless: the engine needs Rust 1.95 or newer: apt-get install rustc-web cargo-web" >&2
    return 1
}
newest
export RUSTC=$rustc
unset RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET

key=$(cat Cargo.toml Cargo.lock src/lib.rs memfd/Cargo.toml memfd/src/lib.rs <("$rustc" -vV) | sha256sum | cut -c1-16)
folder=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/engine-$key
if [[ ! -e $folder/complete ]]; then
    mkdir -p "$folder"
    exec 9>"$folder/lock"
    flock 9
fi
build() { # name, features
    echo "taskless: building the engine ($1), some minutes, once" >&2
    "$cargo" build --locked --profile "$1" ${2:+--features "$2"} --target-dir "$folder/target" >&2
    cp "$folder/target/$1/libtaskless_engine.a" "$folder/$1.a"
    headers=$(ls -td "$folder/target/$1"/build/wasmtime-c-api-impl-*/out/include | head -n 1)
    rm -rf "$folder/include-$1"
    cp -r "$headers" "$folder/include-$1"
}
if [[ ! -e $folder/complete ]]; then
    build runtime ""
    build compiler compiler
    rm -rf "$folder/target"
    touch "$folder/complete"
fi
echo "$folder"
