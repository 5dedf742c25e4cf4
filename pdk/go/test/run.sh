#!/usr/bin/env bash
# Runs the kit's tests in native code, vets it as a Pack has it, and looks at its format.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")"
go=$(../../../scripts/go.sh)
unset GOFLAGS GOOS GOARCH
"$go" test ./...
(cd ../kit/pdk && "$go" vet . && GOOS=wasip1 GOARCH=wasm "$go" vet .)
unformatted=$("$(dirname "$(realpath "$go")")/gofmt" -l .. ../../../examples/stripe-go)
[[ -z $unformatted ]] || { echo "not as gofmt has it: $unformatted" >&2; exit 1; }
