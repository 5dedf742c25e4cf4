#!/usr/bin/env bash
# Runs the tests of what has threads under ThreadSanitizer. Not those that fork: it cannot follow.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build-race}
running=()

if [[ ! -e $build/build.ninja ]]; then
    cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER=gcc -DTSKL_SANITIZE=thread \
        -DTSKL_ENGINE_DIR="$(scripts/engine.sh)" >/dev/null
fi
# The build runs the engine's compiler, whose threads are Rust's: the sanitizer sees only their heap.
TSAN_OPTIONS=report_bugs=0 ninja -C "$build" --quiet unit-tests fuzz_api fuzz_outputs
# Into files: a thread that has a table of descriptors of its own has no standard error.
rm -f "$build"/race.[0-9]*
show() { cat "$build"/race.[0-9]* 2>/dev/null || true; }
trap show EXIT
export TSAN_OPTIONS=second_deadlock_stack=1:suppressions=$PWD/scripts/race.supp:log_path=$PWD/$build/race
for tests in "crew " "observer " "helper " "start " "module " "instance " "runtime " "link " "places " "vars " "net http " \
    "download "; do
    "$build/bin/unit-tests" "$tests"
done
# The exchange API in any order from several threads, and what outputs make of it, RACE_SECONDS (600)
# long, side by side.
for target in fuzz_api fuzz_outputs; do
    "$build/bin/$target" --random "${RACE_SECONDS:-600}" &
    running+=($!)
done
failed=0
for pid in "${running[@]}"; do wait "$pid" || failed=1; done
exit $failed
