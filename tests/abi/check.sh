#!/bin/sh
# What a program that uses the library may rely on:
#   check.sh headers INCLUDE_DIR CC   each public header compiles alone, in C and in C++
#   check.sh symbols LIBRARY          it exports what symbols.txt says and nothing else
#   check.sh needed LIBRARY           it needs the C library and libgcc_s, and nothing else
set -eu
here=$(dirname "$0")
failed=0

compile() { # the header, and the compiler with its flags
    header=$1
    shift
    echo "#include <taskless/$header>" | "$@" -I "$include" -pedantic -Wall -Wextra -Wshadow \
        -Werror -fsyntax-only - || {
        echo "taskless/$header does not compile alone with: $*"
        failed=1
    }
}

headers() {
    include=$1
    count=0
    for path in "$include"/taskless/*.h; do
        header=${path##*/}
        count=$((count + 1))
        for standard in c99 c11 c17; do compile "$header" "$2" -x c -std=$standard; done
        for standard in c++11 c++20; do compile "$header" clang-22 -x c++ -std=$standard; done
    done
    [ "$count" -gt 0 ] || failed=1
}

# Both lists sorted; what the linker adds for versions is not a symbol anybody calls.
symbols() {
    nm -D --defined-only "$1" | awk '$2 != "A" {sub(/@.*/, "", $3); print $3}' | LC_ALL=C sort |
        diff -u "$here/symbols.txt" - || {
        echo "the exported symbols differ from tests/abi/symbols.txt (- there, + in the library)"
        failed=1
    }
}

needed() {
    count=0
    for name in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
        count=$((count + 1))
        case $name in
        libc.so.6 | libm.so.6 | libgcc_s.so.1 | ld-linux-*) ;;
        *)
            echo "$1 needs $name"
            failed=1
            ;;
        esac
    done
    [ "$count" -gt 0 ] || failed=1
}

what=$1
shift
"$what" "$@"
exit $failed
