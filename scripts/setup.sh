#!/usr/bin/env bash
# Installs what building, testing and the demo need on a fresh Debian 12. A second call does nothing.
set -euo pipefail
build=${1:-build}

packages=(
    # the build
    gcc cmake ninja-build pkg-config python3-dev ruby ruby-dev clang-22 lld-22 wasi-libc libclang-rt-22-dev-wasm32 libjansson-dev zlib1g-dev libsodium-dev
    # opened when first needed, and their headers
    libyaml-dev libarchive-dev libbrotli-dev libzstd-dev libcurl4-openssl-dev
    # the engine, and Packs in Rust
    rustc-web cargo-web rust-web-src
    # the tests
    libcmocka-dev libclang-rt-22-dev wabt openssl curl python3 python3-venv jq zsh fish
    # ... of the Ruby client: RubyGems need not be in reach
    ruby-faraday ruby-httparty ruby-rest-client ruby-excon ruby-http ruby-typhoeus puma unicorn
    # ... of the client for libcurl: programs that use it, and kinds of programs that cannot
    git php-cli php-curl python3-pycurl busybox-static libc6-i386 musl-tools bundler uvicorn
    # ... of the example of a client, in Perl
    libffi-platypus-perl
)
missing() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
            printf '%s\n' "$package"
    done
}
has_node() { command -v npm >/dev/null && node -e 'process.exit(+(process.versions.node.split(".")[0] < 18))' 2>/dev/null; }
has_go() { command -v go >/dev/null; }

mapfile -t wanted < <(missing)
has_node || wanted+=(nodejs npm)
has_go || wanted+=(golang-go)
if ((${#wanted[@]})); then
    echo "taskless: installing ${wanted[*]}" >&2
    as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >&2
fi
mkdir -p "$build"
