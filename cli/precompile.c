// precompile: a tool of the build: Wasm in, native code for any processor of this kind out.
// SPDX-License-Identifier: Apache-2.0
#include "compiler.h"
#include <stdio.h>

enum { CODE_MAX = 64 << 20 };

int main(int argc, char **argv) {
    static char wasm[CODE_MAX];
    tskl_buf code;
    tskl_error err = {0};
    if (argc != 3) return fprintf(stderr, "usage: %s IN.wasm OUT.cwasm\n", argv[0]), 2;
    FILE *in = fopen(argv[1], "rb");
    size_t size = in ? fread(wasm, 1, sizeof wasm, in) : 0;
    if (!in || fclose(in) || size == 0) return perror(argv[1]), 3;
    tskl_buf_init(&code, CODE_MAX);
    if (tskl_compile_portable((tskl_slice){wasm, size}, &code, &err) != TSKL_OK)
        return fprintf(stderr, "%s: %s\n", argv[1], err.message), 3;
    FILE *out = fopen(argv[2], "wb");
    bool written = out && fwrite(code.ptr, 1, code.len, out) == code.len;
    if (!out || fclose(out) || !written) return perror(argv[2]), 4;
    tskl_buf_deinit(&code);
    return 0;
}
