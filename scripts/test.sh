#!/usr/bin/env bash
# Runs every test of a build, then those that also run under sanitizers. Does nothing when nothing
# has changed since all of them passed. What is labelled `full` is left to `make test-full`.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}

passed=$build/passed
# What Python keeps of a module that it has read is nothing new.
changed() {
    find . \( -name .git -o -name node_modules -o -name __pycache__ -o -path './build*' \) -prune -o \
        -type f -newer "$passed" -print -quit
    find "$build/bin" "$build/lib" "$build/packs" -name __pycache__ -prune -o \
        -type f -newer "$passed" -print -quit
}
if [[ -e $passed && -z $(changed) ]]; then
    echo "test: nothing has changed since all tests passed (to run them again: rm $passed)"
    exit
fi
rm -f "$passed"
started=$(mktemp)
trap 'rm -f "$started"' EXIT
# Real programs, servers and processes on a machine that others may be busy on: what fails is run once
# more, and said to have been. What is wrong fails twice.
ctest --test-dir "$build" -LE full --output-on-failure --repeat until-pass:2 -j "$(nproc)"
# Case by case, whether each client's record is the same: ctest keeps to itself what goes well.
sed -n '/ Testing: same$/,/^<end of output>/p' "$build/Testing/Temporary/LastTest.log" | sed '1,/^Output:/d; /^---/d; $d'
# How large the Pack of each language is, beside what it may be.
sed -nE '/^stripe-[a-z-]+: [0-9]+ bytes of [0-9]+$/p' "$build/Testing/Temporary/LastTest.log" | sort -u
scripts/sanitize.sh
touch -r "$started" "$passed"
