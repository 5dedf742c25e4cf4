#!/usr/bin/env bash
# Runs the kit's tests, and its documentation's, in native code: with the cargo on PATH, else Debian's.
# run.sh FOLDER: what is built goes there.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
folder=$1
cd "$(dirname "$0")/.."
unset RUSTFLAGS CARGO_BUILD_TARGET CARGO_TARGET_DIR

for cargo in cargo /usr/bin/cargo; do
    version=$("$cargo" --version 2>/dev/null | sed -nE 's/^cargo 1\.([0-9]+)\..*/\1/p') || continue
    [[ -n $version ]] && ((version >= 85)) && break
done
bin=$(dirname "$(command -v "$cargo")")
export RUSTC=$bin/rustc RUSTDOC=$bin/rustdoc
"$cargo" test --quiet --locked --offline --workspace --target-dir "$folder"
! "$cargo" fmt --version >/dev/null 2>&1 || "$cargo" fmt --all --check
