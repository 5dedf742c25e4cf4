#!/usr/bin/env bash
# The Ruby client in another Debian's Ruby: `other_debian.sh BUILD SUITE [TEST...]`. Its native file is built
# there, beside a copy of the build, and every test but that of the gem runs there (or those named: http).
set -euo pipefail
build=$(realpath "$1") suite=$2
shift 2
source=$(realpath "$(dirname "$0")/../../..")
root=$("$source/scripts/debian-root.sh" "$suite" ruby ruby-dev gcc libc6-dev nodejs openssl ruby-minitest \
    ruby-faraday ruby-httparty ruby-rest-client ruby-excon ruby-http ruby-typhoeus puma unicorn)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lib" "$work/bin" "$work/hostile"
cp -a "$build"/lib/libtaskless.so* "$build/lib/taskless" "$work/lib/"
cp -a "$build/bin/taskless" "$work/bin/"
cp -a "$build"/hostile/. "$work/hostile/"
mkdir -p "$root/source" "$root/build"

# Mounts of its own, which go with the last process in it.
unshare --mount --pid --fork --kill-child bash -euo pipefail -s "$source" "$work" "$root" "$*" <<'INSIDE'
mount --make-rprivate /
mount --bind "$1" "$3/source"
mount --bind "$2" "$3/build"
mount -t proc proc "$3/proc"
mount --bind /dev "$3/dev"
exec chroot "$3" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LANG=C.UTF-8 TESTS="$4" bash -euo pipefail -c '
    ruby --version
    folder=/build/lib/taskless/ruby/taskless/$(ruby -e "print RUBY_VERSION[/\A\d+\.\d+/]")
    mkdir -p "$folder"
    gcc -shared -fPIC -O2 -std=gnu17 -D_GNU_SOURCE -fvisibility=hidden -Wl,-z,now -o "$folder/taskless_native.so" \
        /source/clients/ruby/native/*.c /source/clients/wire/*.c -I/source/clients/ruby/native -I/source/clients/wire \
        -I/source/include $(ruby -e "c = RbConfig::CONFIG; print %w[rubyhdrdir rubyarchhdrdir].map { |n| %(-I#{c[n]}) }.join(%( ))") \
        -L/build/lib -ltaskless -Wl,-rpath,\$ORIGIN/../../../..
    export TASKLESS_BUILD=/build
    failed=0
    for test in /source/clients/ruby/test/test_*.rb; do
        name=${test##*/test_} name=${name%.rb}
        [[ $name == gem || ( -n $TESTS && " $TESTS " != *" $name "* ) ]] && continue
        echo "== $name"
        ruby "$test" || failed=1
    done
    exit $failed
'
INSIDE
