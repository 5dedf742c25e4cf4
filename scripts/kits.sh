#!/usr/bin/env bash
# Builds the plugins of tests/extism/kits with Extism's own kits, as FOLDER/NAME.wasm, after
# installing the toolchains. Kept outside the checkout, each for as long as its sources, its compiler
# and its build below stay the same. `kits.sh FOLDER rust js` provides only those.
set -euo pipefail
out=$(realpath "${1:?a folder}")
shift
cd "$(dirname "$0")/../tests/extism/kits"
cache=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/kits
kits=("$@")
((${#kits[@]})) || kits=(published c rust go js)
unset RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET GOFLAGS NODE_OPTIONS

say() { echo "taskless: $*" >&2; }

# Installs Debian packages that are missing.
need() {
    local package wanted=() as_root=()
    for package in "$@"; do
        dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
            wanted+=("$package")
    done
    ((${#wanted[@]})) || return 0
    say "installing ${wanted[*]}"
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >&2
}

# Where cargo keeps a crate that the lock file of this folder names. Fetches it.
crate() { # folder, name
    cargo metadata --quiet --locked --format-version 1 --manifest-path "$1/Cargo.toml" |
        jq -r --arg name "$2" '.packages[] | select(.name == $name) | .manifest_path' | xargs dirname
}

# Plugins as Extism built them: those that its kit for Rust is published with, and as sdk_NAME those
# that its Go SDK is tested with, made with its kits for C, TinyGo, Go, Haskell and Rust.
sdk=github.com/extism/go-sdk@v1.7.1
sdk_sum=h1:lWJos6uY+tRFdlIHR+SJjwFDApY7OypS/2nMhiVQ9Sw=
published_key() { cat rust/Cargo.lock && echo $sdk $sdk_sum; }
build_published() { # folder to fill
    local from file got go
    from=$(crate rust extism-pdk)
    cp "$from"/{count_vowels,test/code,test/http,test/http_headers}.wasm "$1/"
    go=$(../../../scripts/go.sh)
    got=$(cd "$1" && GONOSUMDB=github.com/extism "$go" mod download -json $sdk)
    if [[ $(jq -r .Sum <<<"$got") != "$sdk_sum" ]]; then
        say "$sdk has the checksum $(jq -r .Sum <<<"$got"), not $sdk_sum"
        return 1
    fi
    for file in alloc config count_vowels_std exit fail hello hello_haskell http input_offset lib log main println var; do
        cp "$(jq -r .Dir <<<"$got")/wasm/$file.wasm" "$1/sdk_$file.wasm"
    done
}

# With the C library, as that kit's plugins have it, and initialised by the host.
c_key() {
    need wasi-libc libclang-rt-22-dev-wasm32 clang-22 lld-22
    cat c/kit.c
    clang-22 --version
}
build_c() {
    clang-22 --target=wasm32-wasi --sysroot=/usr -mexec-model=reactor -Wno-deprecated -std=c17 -O2 -Wall -Wextra -Werror \
        --no-wasm-opt -Wl,--strip-all -o "$1/c.wasm" c/kit.c
}

# Debian's compiler and the source of its library: a toolchain from elsewhere may have no Wasm.
rust_key() {
    need rustc-web cargo-web rust-web-src lld-22
    cat rust/Cargo.{toml,lock} rust/src/lib.rs
    /usr/bin/rustc -vV
}
build_rust() {
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 \
        /usr/bin/cargo build --quiet --locked --release --manifest-path rust/Cargo.toml --target-dir "$1/target" \
        --target wasm32-unknown-unknown -Z build-std=std,panic_abort \
        -Z build-std-features=optimize_for_size -Z panic-immediate-abort \
        --config 'profile.release.panic="immediate-abort"' >&2
    cp "$1/target/wasm32-unknown-unknown/release/kit.wasm" "$1/rust.wasm"
}

go_key() {
    cat go/go.{mod,sum} go/main.go
    "$(../../../scripts/go.sh)" version
}
build_go() {
    local go
    go=$(../../../scripts/go.sh)
    (cd go && GOOS=wasip1 GOARCH=wasm GOFLAGS=-mod=readonly "$go" build -buildmode=c-shared -trimpath \
        -ldflags="-s -w" -o "$1/go.wasm" .) >&2
}

# QuickJS from a crate, a C library for Wasm from Debian, the snapshot by wizer from npm.
js_key() {
    need wasi-libc libclang-rt-22-dev-wasm32 clang-22 lld-22
    cat js/engine.c js/table.s js/pack.js js/Cargo.lock js/package-lock.json
    clang-22 --version
}
build_js() {
    local quickjs work=$1/work
    local cc=(clang-22 --target=wasm32-wasi --sysroot=/usr -Wno-deprecated -D_GNU_SOURCE -DNDEBUG -O2
        -mbulk-memory -msign-ext -mnontrapping-fptoint -mreference-types -ffunction-sections -fdata-sections)
    quickjs=$(crate js rquickjs-sys)/quickjs
    mkdir "$work"
    cp js/package.json js/package-lock.json "$work/"
    (cd "$work" && npm ci --no-audit --no-fund --loglevel=error >&2)
    for source in quickjs libregexp libunicode dtoa; do
        printf '%s\n' "$source"
    done | xargs -P "$(nproc)" -I{} "${cc[@]}" -w -c -o "$work/{}.o" "$quickjs/{}.c"
    "${cc[@]}" -std=c17 -Wall -Wextra -Werror -I "$quickjs" -c -o "$work/engine.o" js/engine.c
    clang-22 --target=wasm32 -mreference-types -c -o "$work/table.o" js/table.s
    "${cc[@]}" -mexec-model=reactor --no-wasm-opt -Wl,--strip-all,-z,stack-size=1048576 -o "$work/engine.wasm" "$work"/*.o
    # What a bundler would make of a script and what it uses.
    {
        echo 'globalThis.module = {exports: {}}; globalThis.exports = module.exports;'
        cat "$work/node_modules/lodash/lodash.min.js"
        echo '; globalThis._ = module.exports; module.exports = {};'
        cat js/pack.js
    } >"$work/script.js"
    "$work/node_modules/@bytecodealliance/wizer-linux-x64/wizer" --allow-wasi --inherit-stdio true --wasm-bulk-memory true \
        --init-func wizer.initialize -r _initialize=noop "$work/engine.wasm" -o "$1/js.wasm" <"$work/script.js" >&2
}

# Builds one into its folder unless it is there, and links what came of it into the common one.
provide() {
    local kit=$1 key folder file
    key=$({ "$kit"_key && declare -f "build_$kit"; } | sha256sum | cut -c1-16)
    folder=$cache/$kit-$key
    mkdir -p "$cache"
    exec 9>"$cache/$kit.lock"
    flock 9
    if [[ ! -e $folder/complete ]]; then
        say "building plugins with Extism's kits: $kit, once"
        rm -rf "$folder"
        mkdir "$folder"
        build_"$kit" "$folder"
        rm -rf "$folder/target" "$folder/work"
        touch "$folder/complete"
    fi
    exec 9>&-
    for file in "$folder"/*.wasm; do
        cmp -s "$file" "$out/$(basename "$file")" || cp -f "$file" "$out/"
    done
}

for kit in "${kits[@]}"; do provide "$kit"; done
