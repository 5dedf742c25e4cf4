// Written by hand and not by libarchive: a bundle is known by its digest, so that no version of a
// library may decide on its bytes.
// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include "kit/bundle_writer.h"
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { BLOCK = 512, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 9, PIECE = 64 * 1024, NOBODY = 255 };

/** A header of POSIX's ustar; what is not set stays zero. */
typedef struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
    char link[100], magic[6], version[2], owner[32], group[32], major[8], minor[8], prefix[155];
    char rest[12];
} header;

typedef struct writing {
    z_stream stream;
    tskl_buf *out;
} writing;

static int by_name(const void *a, const void *b) {
    const tskl_bundle_file *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static header header_of(const tskl_bundle_file *file) {
    header h = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
    unsigned sum = 0;
    snprintf(h.name, sizeof h.name, "%s", file->name);
    snprintf(h.mode, sizeof h.mode, "%07o", 0644);
    snprintf(h.uid, sizeof h.uid, "%07o", 0);
    snprintf(h.gid, sizeof h.gid, "%07o", 0);
    snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)file->bytes.len);
    snprintf(h.mtime, sizeof h.mtime, "%011o", 0);
    memset(h.checksum, ' ', sizeof h.checksum); // it is counted as if it were blank
    for (size_t i = 0; i < sizeof h; i++) sum += ((const unsigned char *)&h)[i];
    snprintf(h.checksum, sizeof h.checksum - 1, "%06o", sum);
    return h;
}

// Everything that was given has been taken when it returns.
static bool deflate_some(writing *w, tskl_slice bytes, int flush) {
    int end;
    w->stream.next_in = (const unsigned char *)bytes.ptr;
    w->stream.avail_in = (unsigned)bytes.len;
    do {
        char *room = tskl_buf_reserve(w->out, PIECE);
        if (!room) return false;
        w->stream.next_out = (unsigned char *)room;
        w->stream.avail_out = PIECE;
        end = deflate(&w->stream, flush);
        w->out->len += PIECE - w->stream.avail_out;
        if (end == Z_STREAM_ERROR) return false;
    } while (w->stream.avail_out == 0);
    return true;
}

static bool add_file(writing *w, const tskl_bundle_file *file) {
    static const char zeros[BLOCK];
    header h = header_of(file);
    size_t over = file->bytes.len % BLOCK;
    return deflate_some(w, tskl_slice_make(&h, sizeof h), Z_NO_FLUSH) &&
           deflate_some(w, file->bytes, Z_NO_FLUSH) &&
           (!over || deflate_some(w, tskl_slice_make(zeros, BLOCK - over), Z_NO_FLUSH));
}

static bool add_all(writing *w, const tskl_bundle_file *files, size_t count) {
    static const char end[2 * BLOCK];
    gz_header nobody = {.os = NOBODY}; // no time, no name, no system
    bool done = deflateSetHeader(&w->stream, &nobody) == Z_OK;
    for (size_t i = 0; i < count && done; i++) done = add_file(w, &files[i]);
    return done && deflate_some(w, tskl_slice_make(end, sizeof end), Z_FINISH);
}

tskl_status tskl_bundle_write(tskl_bundle_file *files, size_t count, tskl_buf *out,
                              tskl_error *err) {
    writing w = {.out = out};
    _Static_assert(sizeof(header) == BLOCK, "a header is a block");
    qsort(files, count, sizeof *files, by_name);
    if (deflateInit2(&w.stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for zlib");
    bool done = add_all(&w, files, count);
    deflateEnd(&w.stream);
    return done ? TSKL_OK : tskl_fail(err, TSKL_ERR_LIMIT, "the bundle would be too large");
}
