// zstd, by a library that is opened when the first such body comes.
// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include "base/lazy.h"
#include "exchange/coding.h"
#include <zstd.h>

enum { WINDOW_LOG_MAX = 23 }; // 8 MiB: more is not allowed in HTTP (RFC 9659), and is an attack

typedef struct zstd {
    __typeof__(ZSTD_createDCtx) *create;
    __typeof__(ZSTD_DCtx_setParameter) *set;
    __typeof__(ZSTD_decompressStream) *decompress;
    __typeof__(ZSTD_isError) *is_error;
    __typeof__(ZSTD_freeDCtx) *destroy;
} zstd;

typedef struct decoder {
    zstd library;
    ZSTD_DCtx *context;
    bool between_frames; // at least one has ended, and no other begun
} decoder;

static tskl_status load(zstd *library, tskl_error *err) {
    static const char *const names[] = {"ZSTD_createDCtx", "ZSTD_DCtx_setParameter",
                                        "ZSTD_decompressStream", "ZSTD_isError", "ZSTD_freeDCtx"};
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_ZSTD, names, found, TSKL_COUNT(names), err));
    memcpy(library, found, sizeof found); // ISO C has no cast from data to function
    return TSKL_OK;
}

static tskl_status open_zstd(tskl_slice body, void **state, tskl_error *err) {
    (void)body;
    zstd library;
    *state = NULL;
    TSKL_TRY(load(&library, err));
    decoder *d = tskl_new(decoder);
    if (d) d->context = library.create();
    if (!d || !d->context) {
        tskl_free(d);
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for zstd");
    }
    library.set(d->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    d->library = library;
    *state = d;
    return TSKL_OK;
}

static tskl_coding_step feed(void *state, tskl_slice input, tskl_buf *out) {
    decoder *d = state;
    ZSTD_inBuffer in = {input.ptr, input.len, 0};
    for (;;) {
        tskl_coding_step step;
        size_t room;
        char *to = tskl_coding_room(out, &room, &step);
        if (!to) return step;
        if (d->between_frames && in.pos == in.size) return TSKL_CODING_END;
        ZSTD_outBuffer decoded = {to, room, 0};
        size_t result = d->library.decompress(d->context, &decoded, &in);
        out->len += decoded.pos;
        // What stands behind a frame and is none is padding, and ignored.
        if (d->library.is_error(result))
            return d->between_frames ? TSKL_CODING_END : TSKL_CODING_BAD;
        d->between_frames = result == 0;
        if (result != 0 && in.pos == in.size && decoded.pos < decoded.size) return TSKL_CODING_MORE;
    }
}

static void close_zstd(void *state) {
    decoder *d = state;
    d->library.destroy(d->context);
    tskl_free(d);
}

const tskl_coding tskl_coding_zstd = {open_zstd, feed, close_zstd, true};
