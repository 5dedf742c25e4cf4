#!/usr/bin/env bash
# Builds what the kits of script languages have ready: `kit-engines.sh js FOLDER` puts JavaScript's
# engine and its compiler into FOLDER, `lua` those of Lua. `kit-engines.sh npm LINK` installs tools by the lock file of
# pdk/script, and links to them. Kept outside the checkout, each for as long as what it is made from
# stays the same; without a second argument it says where.
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
cache=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET NODE_OPTIONS

# Where npm's tools are, or the engines of a language: made unless they are there.
provide() { # name
    local key folder
    key=$({ "key_$1" && declare -f "make_$1" compile compile_script link shrink; } | sha256sum | cut -c1-16)
    folder=$cache/kit-$1-$key
    mkdir -p "$cache"
    exec {lock}>"$cache/kit-$1.lock"
    flock "$lock"
    if [[ ! -e $folder/complete ]]; then
        echo "taskless: making what kits need: $1, once" >&2
        rm -rf "$folder"
        mkdir "$folder"
        "make_$1" "$folder"
        rm -rf "$folder/work"
        touch "$folder/complete"
    fi
    exec {lock}>&-
    echo "$folder"
}

# Where cargo keeps a crate that the lock file of a folder names. Fetches it.
crate() { # folder, name
    cargo metadata --quiet --locked --format-version 1 --manifest-path "$1/Cargo.toml" |
        jq -r --arg name "$2" '.packages[] | select(.name == $name) | .manifest_path' | xargs dirname
}

compile() { # from, to, more arguments
    clang-22 --target=wasm32-wasi --sysroot=/usr -Wno-deprecated -D_GNU_SOURCE -DNDEBUG -Oz -mbulk-memory -msign-ext \
        -mnontrapping-fptoint -ffunction-sections -fdata-sections "${@:3}" -c -o "$2" "$1"
}
ours=(-std=c17 -Wall -Wextra -Wshadow -Werror -I "$root/pdk/script")

# The stack lies below all else, so that what overruns it traps. Its pointer is exported: a snapshot
# looks whether a call is still under way.
link() { # to, bytes of stack, objects
    clang-22 --target=wasm32-wasi --sysroot=/usr -Wno-deprecated -mexec-model=reactor --no-wasm-opt \
        -Wl,--strip-all,--stack-first,--export=__stack_pointer,-z,stack-size="$2" -o "$1" "${@:3}"
}

shrink() { # from, to
    "$(provide npm)/node_modules/.bin/wasm-opt" -Oz --strip-debug --strip-producers --strip-target-features \
        --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-mutable-globals \
        --enable-nontrapping-float-to-int "$1" -o "$2"
}

key_npm() { cat "$root"/pdk/script/package*.json; }
make_npm() {
    cp "$root"/pdk/script/package*.json "$1/"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >&2)
}

# What all engines are made from, and those of one language.
key_engine() { # language
    find "$root/pdk/script" "$root/pdk/$1/engine" -type f -print0 | sort -z | xargs -0 cat
    clang-22 --version
}

# What every engine is linked with.
compile_script() { # folder, more arguments
    local source
    for source in host memory print; do
        compile "$root/pdk/script/$source.c" "$1/$source.o" "${ours[@]}" -fno-builtin "${@:2}"
    done
}

key_js() { key_engine js; }
# Two engines from one source: that of Packs, and one with the parser, which makes their bytecode.
make_js() {
    local from=$root/pdk/js/engine work=$1/work quickjs source
    quickjs=$(crate "$from" rquickjs-sys)/quickjs
    mkdir "$work"
    cp "$from"/*.mjs "$root"/pdk/script/{,tools/}*.mjs "$work/"
    node "$work/trim.mjs" "$quickjs/quickjs.c" "$work/trimmed.c"
    compile "$quickjs/quickjs.c" "$work/quickjs.o" -w &
    compile "$work/trimmed.c" "$work/trimmed.o" -w -I "$quickjs" -DQJS_DISABLE_PARSER
    wait $!
    for source in libregexp libunicode dtoa; do compile "$quickjs/$source.c" "$work/$source.o" -w; done
    compile "$from/unicode.c" "$work/unicode.o" -w -I "$quickjs"
    compile_script "$work"
    for source in engine compile; do compile "$from/$source.c" "$work/$source.o" "${ours[@]}" -I "$quickjs"; done
    cd "$work"
    link "$1/compiler.wasm" 1048576 compile.o quickjs.o libregexp.o libunicode.o dtoa.o memory.o print.o
    link raw.wasm 65536 engine.o trimmed.o libregexp.o unicode.o dtoa.o host.o memory.o print.o
    node begin.mjs "$1/compiler.wasm" raw.wasm "$from/prelude.js" begun.wasm
    shrink begun.wasm "$1/engine.wasm"
}

key_lua() { key_engine lua && cat "$root/pdk/js/engine/Cargo.lock"; }
# As with JavaScript. What throws does so by tools/unwind.mjs.
make_lua() {
    local from=$root/pdk/lua/engine work=$1/work lua quickjs source
    local core=(lapi lauxlib lbaselib lcorolib lctype ldebug ldo lfunc lgc lmathlib lmem lobject lopcodes lstate lstring
        lstrlib ltable ltablib ltm lundump lvm lzio) parser=(llex lparser lcode ldump)
    local every=(memory print numbers dtoa unwind) catches=(-Wl,--export=unwinding,--export=unwind_throw,--export=unwind_try)
    lua=$(crate "$from" lua-src)/lua-5.4.9
    quickjs=$(crate "$root/pdk/js/engine" rquickjs-sys)/quickjs # for its dtoa
    mkdir "$work"
    cp "$lua"/*.[ch] "$root"/pdk/script/{,tools/}*.mjs "$work/"
    node "$from/trim.mjs" "$work"
    for source in "${core[@]}" "${parser[@]}"; do
        compile "$work/$source.c" "$work/$source.o" -w -I "$from" -include "$from/config.h"
    done
    compile "$from/noparser.c" "$work/noparser.o" -w -I "$from" -I "$work" -include "$from/config.h"
    for source in engine json compile numbers; do
        compile "$from/$source.c" "$work/$source.o" "${ours[@]}" -I "$work" -I "$quickjs"
    done
    compile_script "$work" -DPRINT_DOUBLES
    compile "$quickjs/dtoa.c" "$work/dtoa.o" -w
    clang-22 --target=wasm32-wasi -Wno-deprecated -c -o "$work/unwind.o" "$root/pdk/script/unwind.s"
    cd "$work"
    link compiler-raw.wasm 1048576 "${catches[@]}" compile.o $(printf '%s.o ' "${core[@]}" "${parser[@]}" "${every[@]}")
    link engine-raw.wasm 131072 "${catches[@]}" engine.o json.o host.o noparser.o $(printf '%s.o ' "${core[@]}" "${every[@]}")
    node unwind.mjs compiler-raw.wasm "$1/compiler.wasm"
    node unwind.mjs engine-raw.wasm unwound.wasm
    node begin.mjs "$1/compiler.wasm" unwound.wasm "$from/prelude.lua" begun.wasm packed
    shrink begun.wasm "$1/engine.wasm"
}

folder=$(provide "$1")
if (($# == 1)); then
    echo "$folder"
elif [[ $1 == npm ]]; then
    ln -sfnT "$folder/node_modules" "$2"
else
    mkdir -p "$2"
    for file in "$folder"/*.wasm; do
        cmp -s "$file" "$2/$(basename "$file")" || cp -f "$file" "$2/"
    done
fi
