#!/usr/bin/env bash
# Builds every fuzz target with clang's libFuzzer, AddressSanitizer and UBSan, and runs each for
# FUZZ_SECONDS (60) from its corpus. `fuzz.sh har url` runs only those. What crashed is kept under
# build-fuzz/crashes, what was found new under build-fuzz/corpus: `--merge` takes that into fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
build=build-fuzz
seconds=${FUZZ_SECONDS:-60}

if [[ ! -e $build/build.ninja ]]; then
    cmake -S . -B $build -G Ninja -DCMAKE_C_COMPILER=clang-22 -DTSKL_FUZZ=ON \
        -DTSKL_SANITIZE=address,undefined,fuzzer-no-link -DTSKL_ENGINE_DIR="$(scripts/engine.sh)" >/dev/null
fi
ninja -C $build --quiet fuzz-targets

if [[ ${1:-} == --merge ]]; then
    for found in $build/corpus/*/; do
        name=$(basename "$found")
        $build/bin/fuzz_"$name" -merge=1 fuzz/corpus/"$name" "$found" 2>&1 | grep '^MERGE-OUTER.*new'
    done
    exit
fi

names=("$@")
((${#names[@]})) || for source in fuzz/fuzz_*.c; do
    name=${source#fuzz/fuzz_}
    names+=("${name%.c}")
done

# One target: its log ends with libFuzzer's own numbers.
run() {
    local name=$1 folder=$PWD/$build options=()
    mkdir -p "$folder"/{log,crashes} "$folder/corpus/$name" "fuzz/corpus/$name"
    [[ -e fuzz/$name.dict ]] && options+=("-dict=fuzz/$name.dict")
    # A worker may end while the next input runs: what glibc keeps for its end is no leak. What is
    # left when the program ends is looked for all the same.
    [[ $name == api ]] && options+=(-detect_leaks=0)
    "$folder/bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$folder/crashes/$name-" "${options[@]}" \
        "$folder/corpus/$name" "fuzz/corpus/$name" >"$folder/log/$name.txt" 2>&1
}
row() {
    local log=$build/log/$1.txt
    number() { sed -nE "s/^stat::$1: +//p" "$log" | tail -n 1; }
    printf '%-14s %12s %10s %10s   %s\n' "$1" "$(number number_of_executed_units)" \
        "$(number average_exec_per_sec)" "$(number new_units_added)" "$2"
}

echo "fuzzing ${#names[@]} targets, $seconds s each, $(nproc) at once"
printf '%-14s %12s %10s %10s\n' target runs "runs a s" "new inputs"
failed=0 pids=() running=()
finish() { # the oldest one
    local status=0 name=${running[0]}
    wait "${pids[0]}" || status=$?
    pids=("${pids[@]:1}") running=("${running[@]:1}")
    ((status == 0)) && row "$name" "" && return
    failed=1
    row "$name" "FAILED"
    grep -hE '^(SUMMARY|ERROR|==[0-9]+==ERROR|.*runtime error|artifact_prefix|Test unit written)' "$build/log/$name.txt" |
        sed 's/^/    /' || tail -n 5 "$build/log/$name.txt"
}
for name in "${names[@]}"; do
    ((${#pids[@]} < $(nproc))) || finish
    run "$name" &
    pids+=($!) running+=("$name")
done
while ((${#pids[@]})); do finish; done
exit $failed
