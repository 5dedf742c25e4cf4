#!/usr/bin/env bash
# Makes a folder with another Debian in it, once, and prints its path: `debian-root.sh SUITE PACKAGE...`.
# For tests that run a program of that Debian by chroot, so as root.
set -euo pipefail
suite=$1
shift
packages=$(printf '%s,' "$@")
key=$(printf '%s' "$suite $packages" | sha256sum | cut -c1-16)
folder=${TASKLESS_BUILD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/taskless-build}/debian-$suite-$key
if [[ ! -e $folder/complete ]]; then
    command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >&2
    # The mirror that this machine uses for its own packages.
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$folder"
    exec 9>"$folder/lock"
    flock 9
fi
if [[ ! -e $folder/complete ]]; then
    echo "taskless: installing Debian $suite with $* into a folder, some minutes, once" >&2
    rm -rf "$folder/root"
    debootstrap --variant=minbase --include="${packages%,}" "$suite" "$folder/root" "$mirror" >"$folder/log" 2>&1 || {
        tail -n 5 "$folder/log" >&2
        exit 1
    }
    echo "127.0.0.1 localhost" >"$folder/root/etc/hosts"
    rm -rf "$folder"/root/var/cache/apt/archives/*.deb
    touch "$folder/complete"
fi
echo "$folder/root"
