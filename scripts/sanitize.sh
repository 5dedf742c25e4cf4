#!/usr/bin/env bash
# Builds the unit tests, the hostile Packs' tests and the fuzz targets with AddressSanitizer and
# UBSan and runs them. Does nothing when nothing they are made of has changed since they passed.
#
# Wasmtime's archive is not instrumented, and need not be: guests' memory comes from its own mmap,
# guests run on the thread's own stack, and no signal handler of ours or of the engine is in the way.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-sanitize}

if [[ ! -e $build/build.ninja ]]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=gcc -DTSKL_SANITIZE=address,undefined \
        -DTSKL_ENGINE_DIR="$(scripts/engine.sh)" >/dev/null
fi
ninja -C "$build" --quiet sanitized

passed=$build/passed
changed=$(find "$build/bin" "$build/tests" fuzz/corpus tests/cases tests/hostile \
    -type f -newer "$passed" -print -quit 2>/dev/null || true)
if [[ -e $passed && -z $changed ]]; then
    echo "sanitize: nothing has changed since the tests passed"
    exit
fi
export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:allocator_may_return_null=1
export UBSAN_OPTIONS=print_stacktrace=1
touch "$passed.new"
ctest --test-dir "$build" -L sanitize --output-on-failure --repeat until-pass:2 -j "$(nproc)"
mv "$passed.new" "$passed"
