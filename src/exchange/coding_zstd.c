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
    tskl_slice ahead;    // of the whole body, what is not read yet
    bool wrong;          // not even the first is a frame
    bool between_frames; // one has ended, and none has begun since
    bool finished;       // what follows is not looked at
} decoder;

static tskl_status load(zstd *library, tskl_error *err) {
    static const char *const names[] = {"ZSTD_createDCtx", "ZSTD_DCtx_setParameter",
                                        "ZSTD_decompressStream", "ZSTD_isError", "ZSTD_freeDCtx"};
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_ZSTD, names, found, TSKL_COUNT(names), err));
    memcpy(library, found, sizeof found); // ISO C has no cast from data to function
    return TSKL_OK;
}

// A frame, or one to be skipped (RFC 8878 3.1). The library takes older formats as well, which HTTP
// never had: so much less for an attacker to try. Of a cut body less than a magic number may be
// left.
static bool is_frame(tskl_slice ahead) {
    static const unsigned char magic[] = {0x28, 0xb5, 0x2f, 0xfd}, skipped[] = {0x2a, 0x4d, 0x18};
    tskl_slice first = tskl_slice_first(ahead, sizeof magic);
    if (tskl_slice_starts(tskl_slice_make(magic, sizeof magic), first)) return true;
    bool skippable = first.len && ((unsigned char)first.ptr[0] & 0xf0) == 0x50;
    return skippable &&
           tskl_slice_starts(tskl_slice_make(skipped, sizeof skipped), tskl_slice_from(first, 1));
}

static tskl_status open_zstd(tskl_slice body, void **state, tskl_error *err) {
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
    d->ahead = body;
    d->wrong = !is_frame(body);
    *state = d;
    return TSKL_OK;
}

// One call of the library. MORE: it goes on, or wants more input.
static tskl_coding_step decompress_some(decoder *d, ZSTD_inBuffer *in, tskl_buf *out,
                                        bool *wants_input) {
    tskl_coding_step step;
    size_t room, before = in->pos;
    char *to = tskl_coding_room(out, &room, &step);
    if (!to) return step;
    ZSTD_outBuffer decoded = {to, room, 0};
    size_t result = d->library.decompress(d->context, &decoded, in);
    out->len += decoded.pos;
    d->ahead = tskl_slice_from(d->ahead, in->pos - before);
    *wants_input = in->pos == in->size && decoded.pos < decoded.size;
    if (d->library.is_error(result)) return TSKL_CODING_BAD;
    return result == 0 ? TSKL_CODING_END : TSKL_CODING_MORE;
}

// What stands behind a frame and is none is padding, and ignored with all that follows it.
static tskl_coding_step feed(void *state, tskl_slice input, tskl_buf *out) {
    decoder *d = state;
    ZSTD_inBuffer in = {input.ptr, input.len, 0};
    if (d->wrong) return TSKL_CODING_BAD;
    for (bool wants_input = false; !d->finished;) {
        if (d->between_frames && in.pos == in.size) break;
        d->finished = d->between_frames && !is_frame(d->ahead);
        if (d->finished) break;
        tskl_coding_step step = decompress_some(d, &in, out, &wants_input);
        d->between_frames = step == TSKL_CODING_END;
        if (step != TSKL_CODING_END && (step != TSKL_CODING_MORE || wants_input)) return step;
    }
    return TSKL_CODING_END;
}

static void close_zstd(void *state) {
    decoder *d = state;
    d->library.destroy(d->context);
    tskl_free(d);
}

const tskl_coding tskl_coding_zstd = {open_zstd, feed, close_zstd, true};
