#!/usr/bin/env bash
# Packs BUILD/npm/taskless-VERSION.tgz, or the file that is named second: client, library, program and
# Packs, for `npm install FILE` without network, compiler or scripts. The same build gives the same
# bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
version=$(cat VERSION)
file=${2:-$build/npm/taskless-$version.tgz}

mkdir -p "$build/npm"
work=$(mktemp -d "$build/npm/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
package=$work/package
cmake --install "$build" --prefix "$package" >/dev/null
rm -rf "$package"/{include,lib/pkgconfig,share/man}
find "$package/lib/taskless" -mindepth 1 -maxdepth 1 ! -name node ! -name curl ! -name kits -exec rm -rf {} +

# An archive for npm has no links: the library lies there under the name that programs ask for.
name=$(objdump -p "$package/lib/libtaskless.so" | awk '$1 == "SONAME" { print $2 }')
library=$(readlink -f "$package/lib/libtaskless.so")
find "$package/lib" -maxdepth 1 -type l -delete
[[ $library == "$package/lib/$name" ]] || mv "$library" "$package/lib/$name"
strip "$package/bin/taskless" "$package/lib/$name" "$package/lib/taskless/node/taskless.node"
find "$package/lib/taskless/curl" -name '*.so' -path "*$(uname -m)*" -exec strip {} +

case $(uname -m) in
x86_64) cpu=x64 ;;
aarch64) cpu=arm64 ;;
*) cpu=$(uname -m) ;;
esac
jq --arg version "$version" --arg cpu "$cpu" '.version = $version | .cpu = [$cpu]' \
    clients/node/npm/package.json >"$package/package.json"
sed "s/VERSION/$version/g" clients/node/npm/README.md >"$build/npm/README.md"
cp "$build/npm/README.md" "$package/"
cp LICENSE "$package/"
scripts/notices.py >"$package/THIRD-PARTY.txt"

chmod -R u=rwX,go=rX "$package"
tar --create --directory "$work" --format=ustar --sort=name --mtime=@0 --owner=0 --group=0 \
    --numeric-owner package | gzip -9 -n >"$file.new"
mv "$file.new" "$file"
printf '%s: %.1f MB, %.1f MB unpacked\n' "$file" "$(stat -c %s "$file" | awk '{ print $1 / 1e6 }')" \
    "$(du -sb "$package" | awk '{ print $1 / 1e6 }')"
