// gzip and deflate.
// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include "base/alloc.h"
#include "exchange/coding.h"
#include <zlib.h>

// The largest window, and what zlib adds to it for gzip's format; below zero means raw.
enum { ZLIB_WINDOW = 15, GZIP_WINDOW = 15 + 16 };

typedef struct inflater {
    z_stream stream;
    bool gzip;            // members may follow each other
    tskl_slice ahead;     // of the whole body, what is not read yet
    bool between_members; // one has ended, and none has begun since
    bool finished;        // what follows is not looked at
} inflater;

static void *zlib_alloc(void *user, unsigned count, unsigned size) {
    (void)user;
    return tskl_alloc_array(count, size);
}

static void zlib_free(void *user, void *ptr) {
    (void)user;
    tskl_free(ptr);
}

static tskl_status open_window(tskl_slice body, int window_bits, void **state, tskl_error *err) {
    inflater *in = tskl_new(inflater);
    if (in) {
        in->ahead = body;
        in->gzip = window_bits == GZIP_WINDOW;
        in->stream.zalloc = zlib_alloc;
        in->stream.zfree = zlib_free;
        if (inflateInit2(&in->stream, window_bits) != Z_OK) {
            tskl_free(in);
            in = NULL;
        }
    }
    *state = in;
    return in ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for zlib");
}

static tskl_status open_gzip(tskl_slice body, void **state, tskl_error *err) {
    return open_window(body, GZIP_WINDOW, state, err);
}

// "deflate" means zlib's format (RFC 9110 8.4.1.2), but some servers send it raw.
static tskl_status open_deflate(tskl_slice body, void **state, tskl_error *err) {
    const unsigned char *p = (const unsigned char *)body.ptr;
    bool zlib = body.len >= 2 && (p[0] & 0x0f) == 8 && (p[0] << 8 | p[1]) % 31 == 0;
    return open_window(body, zlib ? ZLIB_WINDOW : -ZLIB_WINDOW, state, err);
}

// One call of inflate. MORE: it goes on, or wants more input.
static tskl_coding_step inflate_some(inflater *in, tskl_buf *out, bool *wants_input) {
    tskl_coding_step step;
    size_t room;
    char *to = tskl_coding_room(out, &room, &step);
    if (!to) return step;
    in->stream.next_out = (unsigned char *)to;
    in->stream.avail_out = (unsigned)room;
    int result = inflate(&in->stream, Z_NO_FLUSH);
    out->len += room - in->stream.avail_out;
    *wants_input = in->stream.avail_out > 0;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: return TSKL_CODING_MORE; // the latter: nothing to do without input
    case Z_STREAM_END: return TSKL_CODING_END;
    case Z_MEM_ERROR: return TSKL_CODING_NOMEM;
    default: return TSKL_CODING_BAD;
    }
}

// What stands behind a member and is none is padding, and ignored with all that follows it.
static bool begin_member(inflater *in) {
    in->finished = !in->gzip || !tskl_slice_starts(in->ahead, TSKL_S("\x1f\x8b\x08"));
    in->between_members = false;
    return !in->finished && inflateReset(&in->stream) == Z_OK;
}

static tskl_coding_step feed(void *state, tskl_slice input, tskl_buf *out) {
    inflater *in = state;
    in->stream.next_in = (const unsigned char *)input.ptr;
    in->stream.avail_in = (unsigned)input.len;
    for (bool wants_input = false; !in->finished;) {
        if (in->between_members && (in->stream.avail_in == 0 || !begin_member(in))) break;
        size_t before = in->stream.avail_in;
        tskl_coding_step step = inflate_some(in, out, &wants_input);
        in->ahead = tskl_slice_from(in->ahead, before - in->stream.avail_in);
        in->between_members = step == TSKL_CODING_END;
        if (step != TSKL_CODING_END && (step != TSKL_CODING_MORE || wants_input)) return step;
    }
    return TSKL_CODING_END;
}

static void close_inflater(void *state) {
    inflater *in = state;
    inflateEnd(&in->stream);
    tskl_free(in);
}

const tskl_coding tskl_coding_gzip = {open_gzip, feed, close_inflater, true};
const tskl_coding tskl_coding_deflate = {open_deflate, feed, close_inflater, false};
