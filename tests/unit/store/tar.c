// SPDX-License-Identifier: Apache-2.0
#include "store/tar.h"
#include <stdio.h>
#include <zlib.h>

enum { BLOCK = 512 };

static size_t padded(size_t size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static void write_header(char *block, const tar_entry *entry) {
    uint64_t size = entry->claimed ? entry->claimed : entry->content.len;
    char type = entry->type ? entry->type : '0';
    memset(block, 0, BLOCK);
    snprintf(block, 100, "%s", entry->name);
    snprintf(block + 100, 8, "%07o", 0644u);
    snprintf(block + 108, 8, "%07o", 0u);
    snprintf(block + 116, 8, "%07o", 0u);
    snprintf(block + 124, 12, "%011llo", (unsigned long long)size);
    snprintf(block + 136, 12, "%011o", 0u);
    memset(block + 148, ' ', 8);
    block[156] = type;
    if (type == '1' || type == '2') snprintf(block + 157, 100, "manifest.json");
    memcpy(block + 257, "ustar\00000", 8);
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++) sum += (unsigned char)block[i];
    snprintf(block + 148, 8, "%06o", sum);
}

tskl_slice tar_make(const tar_entry *entries, size_t count, tskl_arena *arena) {
    size_t size = 2 * BLOCK;
    for (size_t i = 0; i < count; i++) size += BLOCK + padded(entries[i].content.len);
    char *tar = tskl_arena_zeroed(arena, 1, size), *at = tar;
    if (!tar) return (tskl_slice){NULL, 0};
    for (size_t i = 0; i < count; i++) {
        write_header(at, &entries[i]);
        if (entries[i].content.len)
            memcpy(at + BLOCK, entries[i].content.ptr, entries[i].content.len);
        at += BLOCK + padded(entries[i].content.len);
    }
    return tskl_slice_make(tar, size);
}

tskl_slice tar_make_gzip(const tar_entry *entries, size_t count, tskl_arena *arena) {
    tskl_slice tar = tar_make(entries, count, arena);
    uLong room = compressBound(tar.len) + 64;
    unsigned char *out = tskl_arena_take(arena, room);
    z_stream stream = {0};
    if (!tar.len || !out || deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, 0) != Z_OK)
        return (tskl_slice){NULL, 0};
    stream.next_in = (unsigned char *)tar.ptr;
    stream.avail_in = (unsigned)tar.len;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    deflate(&stream, Z_FINISH);
    tskl_slice made = tskl_slice_make(out, stream.total_out);
    deflateEnd(&stream);
    return made;
}
