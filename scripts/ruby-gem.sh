#!/usr/bin/env bash
# Packs BUILD/ruby/taskless-VERSION-PLATFORM.gem, or one in the folder that is named second: client,
# library, program and Packs, for `gem install FILE` without network; the client's native file is
# compiled then, for the Ruby that installs it. The same build gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
folder=$(mkdir -p "${2:-$build/ruby}" && realpath "${2:-$build/ruby}")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The package for npm holds what a gem has to, a tree without links; but for the clients.
scripts/npm-package.sh "$build" "$work/package.tgz" >/dev/null
tar --extract --directory "$work" --file "$work/package.tgz"
cmake --install "$build" --prefix "$work/installed" >/dev/null
gem=$work/gem
mkdir -p "$gem/tree" "$gem/ext/taskless"
mv "$work/package"/{bin,lib,share} "$gem/tree/"
mv "$work/package"/{LICENSE,THIRD-PARTY.txt} "$gem/"
rm -rf "$gem/tree/lib/taskless/node"
cp -r "$work/installed/lib/taskless/ruby" "$gem/tree/lib/taskless/"
find "$gem/tree/lib/taskless/ruby" -name '*.so' -delete

cp clients/ruby/native/* clients/wire/*.[ch] "$gem/ext/taskless/"
cp -r "$work/installed/include/taskless" "$gem/ext/taskless/"
cp -r clients/ruby/exe clients/ruby/README.md clients/ruby/taskless.gemspec VERSION "$gem/"
chmod -R u=rwX,go=rX "$gem"

cd "$gem"
SOURCE_DATE_EPOCH=315532800 gem build --silent --output "$work/made.gem" taskless.gemspec
file=$folder/taskless-$(cat VERSION)-$(ruby -e 'print Gem::Platform.local').gem
mv "$work/made.gem" "$file"
printf '%s: %.1f MB\n' "$file" "$(stat -c %s "$file" | awk '{ print $1 / 1e6 }')"
