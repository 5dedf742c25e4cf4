#!/usr/bin/env bash
# Makes FOLDER/bin with TinyGo and a Go that it works with: `tinygo.sh build/tinygo`. TinyGo is built
# from its Go module with Debian's LLVM, since no registry has a binary of it; once for each version.
set -euo pipefail
folder=$1
cd "$(dirname "$0")/.."
mkdir -p "$folder/bin"
folder=$(realpath "$folder")
version=$(sed -nE 's/^require (github.com.tinygo-org.tinygo) (v[0-9.]+)$/\1@\2/p' pdk/go/tinygo/go.mod)
unset GOFLAGS GOOS GOARCH

say() { echo "taskless: $*" >&2; }
need() { # installs Debian packages that are missing
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

build() { # folder to fill
    local work=$1/work source
    need llvm-19-dev libclang-19-dev clang-22
    say "building TinyGo, a minute, once"
    mkdir -p "$work" "$1/bin"
    cp pdk/go/tinygo/go.{mod,sum} "$work/"
    (cd "$work" && CC=clang-22 CXX=clang++-22 CGO_ENABLED=1 GOTOOLCHAIN=local "$go" build -mod=mod -tags llvm19 -trimpath \
        -ldflags="-s -w" -o "$1/bin/tinygo" "${version%@*}") >&2
    source=$("$go" env GOMODCACHE)/$version
    # What it compiles every program with. The network is not among it, but its folder has to be there.
    cp -r "$source/src" "$source/targets" "$1/"
    chmod -R u+w "$1/src" "$1/targets"
    mkdir -p "$1/src/net/http"
    cp pdk/go/tinygo/wasm-opt "$1/bin/"
    rm -rf "$work"
}

go=$(scripts/go.sh)
need libllvm19 libclang1-19 lld-22
key=$(cat pdk/go/tinygo/* <("$go" version) <(declare -f build) | sha256sum | cut -c1-16)
cache=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/tinygo-$key
mkdir -p "$(dirname "$cache")"
exec 9>"$cache.lock"
flock 9
if [[ ! -e $cache/complete ]]; then
    rm -rf "$cache"
    build "$cache"
    touch "$cache/complete"
fi
exec 9>&-
ln -sf "$cache/bin/tinygo" "$go" "$folder/bin/"
ln -sf "$(command -v wasm-ld-22)" "$folder/bin/wasm-ld"
# It has one file assembled by a program of its own LLVM's name; a newer one does.
ln -sf "$(command -v clang-22)" "$folder/bin/clang-19"
