#!/usr/bin/env bash
# What `make test` runs a share of, whole. FUZZ_SECONDS is how long each fuzz target runs (600).
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}

# One at a time: these install whole versions of libraries, and some of them time out when crowded.
ctest --test-dir "$build" -L full --output-on-failure
scripts/race.sh
FUZZ_SECONDS=${FUZZ_SECONDS:-600} scripts/fuzz.sh
node tests/soak/soak.mjs "$build"
