#!/usr/bin/env bash
# Makes BUILD/dist/taskless-VERSION-linux-MACHINE.tar.gz: what `make install` installs, stripped, with
# the licences of all that is inside. It runs wherever it is unpacked. The same build gives the same
# bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}

name=taskless-$(<VERSION)-linux-$(uname -m)
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
mkdir -p "$build/dist"
work=$(mktemp -d "$build/dist/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/$name

cmake --install "$build" --prefix "$(realpath "$work")/$name" >/dev/null
find "$root" -type f \( -path '*/bin/*' -o -name '*.so*' -o -name '*.node' \) -exec strip --strip-unneeded {} +
cp README.md CHANGELOG.md LICENSE "$root"
mkdir "$root/docs"
cp docs/*.md "$root/docs"
scripts/notices.py >"$root/THIRD-PARTY.txt"

tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX \
    --mtime="@$epoch" -C "$work" -cf "$work/archive.tar" "$name"
gzip -n -9 "$work/archive.tar"
mv "$work/archive.tar.gz" "$build/dist/$name.tar.gz"
echo "$build/dist/$name.tar.gz"
