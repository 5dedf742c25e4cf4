// fuzz_bundle: any bytes as a pack.tgz. Headers get a checksum that is right, or a mutation of one
// would never be read.
// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include "store/package.h"
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 512, CHECKSUM_AT = 148, MAGIC_AT = 257, INPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void mend_header(char *block) {
    unsigned sum = 0;
    if (memcmp(block + MAGIC_AT, "ustar", 5) != 0) return;
    memset(block + CHECKSUM_AT, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++) sum += (unsigned char)block[i];
    snprintf(block + CHECKSUM_AT, 8, "%06o", sum);
}

static void unpack(tskl_slice bundle) {
    tskl_arena arena = {0};
    tskl_package package;
    tskl_status status = tskl_package_unpack(bundle, &arena, &package, NULL);
    if (status == TSKL_OK && (!package.manifest.ptr || !package.bundle.hex[0])) abort();
    if (status != TSKL_OK && (package.manifest.ptr || package.module_count)) abort();
    for (size_t i = 0; i < package.module_count; i++)
        if (!package.modules[i].name.len || !package.modules[i].wasm.ptr) abort();
    tskl_arena_reset(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *copy = size && size <= INPUT_MAX ? tskl_alloc(size) : NULL;
    if (!copy) return 0;
    memcpy(copy, data, size);
    for (size_t at = 0; at + BLOCK <= size; at += BLOCK) mend_header(copy + at);
    unpack(tskl_slice_make(copy, size));
    tskl_free(copy);
    return 0;
}
