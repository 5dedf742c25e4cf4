// SPDX-License-Identifier: Apache-2.0
#include "file.h"
#include "base/buf.h"
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 64 << 20, PIECE = 1 << 16 };

tskl_slice tskl_bench_read(const char *folder, const char *name) {
    char path[4096];
    tskl_buf bytes;
    tskl_buf_init(&bytes, FILE_MAX);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    size_t got = file ? 1 : 0;
    while (got) {
        char *room = tskl_buf_reserve(&bytes, PIECE);
        got = room ? fread(room, 1, PIECE, file) : 0;
        bytes.len += got;
    }
    if (file) fclose(file);
    if (bytes.len == 0) {
        perror(path);
        exit(3);
    }
    return tskl_buf_slice(&bytes);
}
