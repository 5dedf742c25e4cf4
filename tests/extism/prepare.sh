#!/usr/bin/env bash
# Fills BUILD/extism: each plugin as NAME.wasm, in native code as NAME.cwasm, and as a Pack in NAME/.
set -euo pipefail
build=$(realpath "$1") here=$(realpath "$(dirname "$0")")
out=$build/extism
mkdir -p "$out"
"$here/../../scripts/kits.sh" "$out"
for wasm in "$out"/*.wasm; do
    code=${wasm%.wasm}.cwasm
    [[ $code -nt $wasm && $code -nt $build/bin/tskl-precompile ]] || printf '%s\n%s\n' "$wasm" "$code.new"
done | xargs -r -n 2 -P "$(nproc)" "$build/bin/tskl-precompile"
for code in "$out"/*.cwasm.new; do
    [[ ! -e $code ]] || mv "$code" "${code%.new}"
done
for kit in c rust go js; do
    mkdir -p "$out/$kit"
    cp -u "$here/manifest.json" "$out/$kit/"
    cp -u "$out/$kit.wasm" "$out/$kit/pack.wasm"
done
