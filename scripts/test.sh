#!/usr/bin/env bash
# Runs every test of a build.
set -euo pipefail
build=${1:-build}
cd "$build"
exec ctest --output-on-failure -j "$(nproc)"
