// gzip and deflate.
// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include "base/alloc.h"
#include "exchange/coding.h"
#include <zlib.h>

typedef struct inflater {
    z_stream stream;
    bool between_members;
} inflater;

static void *zlib_alloc(void *user, unsigned count, unsigned size) {
    (void)user;
    return tskl_alloc_array(count, size);
}

static void zlib_free(void *user, void *ptr) {
    (void)user;
    tskl_free(ptr);
}

static tskl_status open_window(int window_bits, void **state, tskl_error *err) {
    inflater *in = tskl_new(inflater);
    if (in) {
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
    (void)body;
    return open_window(15 + 16, state, err);
}

// "deflate" means zlib's format (RFC 9110 8.4.1.2), but some servers send it raw.
static tskl_status open_deflate(tskl_slice body, void **state, tskl_error *err) {
    const unsigned char *p = (const unsigned char *)body.ptr;
    bool zlib = body.len >= 2 && (p[0] & 0x0f) == 8 && (p[0] << 8 | p[1]) % 31 == 0;
    return open_window(zlib ? 15 : -15, state, err);
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

// What stands behind a member and does not begin as one is padding, and ignored.
static bool begin_member(inflater *in) {
    if (in->stream.avail_in == 0 || in->stream.next_in[0] != 0x1f) return false;
    in->between_members = false;
    return inflateReset(&in->stream) == Z_OK;
}

static tskl_coding_step feed(void *state, tskl_slice input, tskl_buf *out) {
    inflater *in = state;
    in->stream.next_in = (const unsigned char *)input.ptr;
    in->stream.avail_in = (unsigned)input.len;
    for (bool wants_input = false;;) {
        if (in->between_members && !begin_member(in)) return TSKL_CODING_END;
        tskl_coding_step step = inflate_some(in, out, &wants_input);
        if (step == TSKL_CODING_END)
            in->between_members = true;
        else if (step != TSKL_CODING_MORE || wants_input)
            return step;
    }
}

static void close_inflater(void *state) {
    inflater *in = state;
    inflateEnd(&in->stream);
    tskl_free(in);
}

const tskl_coding tskl_coding_gzip = {open_gzip, feed, close_inflater, true};
const tskl_coding tskl_coding_deflate = {open_deflate, feed, close_inflater, false};
