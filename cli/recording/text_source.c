// SPDX-License-Identifier: Apache-2.0
#define ZLIB_CONST
#include "recording/text_source.h"
#include "base/alloc.h"
#include "base/utf8.h"
#include <errno.h>
#include <unistd.h>
#include <zlib.h>

enum { FORM_UTF8, FORM_UTF16_LE, FORM_UTF16_BE };

// A recording packs to a tenth or a fiftieth. What goes past both bounds is made to fill memory or
// time; zeros pack to a thousandth.
enum { GZIP_WINDOW = 15 + 16, RATIO_MAX = 500, RATIO_FREE = 256 * 1024 * 1024 };

enum { CHARACTER_MAX = 4 }; // bytes of UTF-8

int64_t tskl_read_descriptor(void *user, char *room, size_t size) {
    const int *fd = user;
    ssize_t got;
    do got = read(*fd, room, size);
    while (got < 0 && errno == EINTR);
    return got;
}

void tskl_text_source_init(tskl_text_source *text, tskl_byte_source source, void *user) {
    memset(text, 0, offsetof(tskl_text_source, input));
    text->input_at = text->input_len = text->plain_at = text->plain_len = 0;
    text->source = source;
    text->user = user;
}

void tskl_text_source_deinit(tskl_text_source *text) {
    if (!text->inflater) return;
    inflateEnd(text->inflater);
    tskl_free(text->inflater);
    text->inflater = NULL;
}

static void *zlib_alloc(TSKL_UNUSED void *user, unsigned count, unsigned size) {
    return tskl_alloc_array(count, size);
}

static void zlib_free(TSKL_UNUSED void *user, void *ptr) {
    tskl_free(ptr);
}

static tskl_status take(tskl_text_source *text, char *room, size_t size, size_t *got,
                        tskl_error *err) {
    *got = 0;
    if (text->ended) return TSKL_OK;
    int64_t count = text->source(text->user, room, size);
    if (count < 0) return tskl_fail(err, TSKL_ERR_IO, "reading failed: %s", strerror(errno));
    *got = (size_t)count;
    text->taken += *got;
    text->ended = count == 0;
    return TSKL_OK;
}

// More input behind what is there, which is moved to the front.
static tskl_status fill_input(tskl_text_source *text, tskl_error *err) {
    size_t left = text->input_len - text->input_at, got;
    memmove(text->input, text->input + text->input_at, left);
    text->input_at = 0;
    text->input_len = left;
    TSKL_TRY(take(text, text->input + left, sizeof text->input - left, &got, err));
    text->input_len += got;
    return TSKL_OK;
}

static tskl_status open_inflater(tskl_text_source *text, tskl_error *err) {
    z_stream *stream = tskl_new(z_stream);
    if (!stream) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (unpacking)");
    stream->zalloc = zlib_alloc;
    stream->zfree = zlib_free;
    if (inflateInit2(stream, GZIP_WINDOW) != Z_OK) {
        tskl_free(stream);
        return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (unpacking)");
    }
    text->inflater = stream;
    text->packed = true;
    return TSKL_OK;
}

static bool input_begins(const tskl_text_source *text, tskl_slice mark) {
    return tskl_slice_starts(
        tskl_slice_make(text->input + text->input_at, text->input_len - text->input_at), mark);
}

// One member of a gzip file has ended. Another may follow it (`cat a.gz b.gz`); what is no member
// is padding, which gunzip ignores as well.
static tskl_status end_member(tskl_text_source *text, tskl_error *err) {
    while (text->input_len - text->input_at < 2 && !text->ended) TSKL_TRY(fill_input(text, err));
    text->unpacked_all = !input_begins(text, TSKL_S("\x1f\x8b"));
    if (!text->unpacked_all) inflateReset(text->inflater);
    return TSKL_OK;
}

static tskl_status check_ratio(const tskl_text_source *text, tskl_error *err) {
    if (text->given < RATIO_FREE || text->given / RATIO_MAX < text->taken) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_LIMIT,
                     "unpacks to more than %d times its size: this is not a recording", RATIO_MAX);
}

static tskl_status inflate_once(tskl_text_source *text, char *room, size_t size, size_t *got,
                                tskl_error *err) {
    z_stream *stream = text->inflater;
    stream->next_in = (const unsigned char *)text->input + text->input_at;
    stream->avail_in = (unsigned)(text->input_len - text->input_at);
    stream->next_out = (unsigned char *)room;
    stream->avail_out = (unsigned)size;
    int result = inflate(stream, Z_NO_FLUSH);
    text->input_at = text->input_len - stream->avail_in;
    *got = size - stream->avail_out;
    text->given += *got;
    TSKL_TRY(check_ratio(text, err));
    if (result == Z_STREAM_END) return end_member(text, err);
    if (result == Z_MEM_ERROR) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (unpacking)");
    // What came before the damage is good: zlib says the same again when it is asked for more.
    if (result != Z_OK && result != Z_BUF_ERROR && *got == 0)
        return tskl_fail(err, TSKL_ERR_SYNTAX, "the gzip data is damaged");
    return TSKL_OK;
}

static tskl_status unpack(tskl_text_source *text, char *room, size_t size, size_t *got,
                          tskl_error *err) {
    *got = 0;
    while (*got == 0 && !text->unpacked_all) {
        if (text->input_at == text->input_len) TSKL_TRY(fill_input(text, err));
        if (text->input_at == text->input_len)
            return tskl_fail(err, TSKL_ERR_SYNTAX, "the gzip data ends too early");
        TSKL_TRY(inflate_once(text, room, size, got, err));
    }
    return TSKL_OK;
}

// Unpacked bytes; 0 at the end.
static tskl_status read_plain(tskl_text_source *text, char *room, size_t size, size_t *got,
                              tskl_error *err) {
    if (text->packed) return unpack(text, room, size, got, err);
    size_t left = text->input_len - text->input_at;
    if (left == 0) return take(text, room, size, got, err);
    *got = left < size ? left : size;
    memcpy(room, text->input + text->input_at, *got);
    text->input_at += *got;
    return TSKL_OK;
}

static tskl_status fill_plain(tskl_text_source *text, tskl_error *err) {
    size_t left = text->plain_len - text->plain_at, got;
    memmove(text->plain, text->plain + text->plain_at, left);
    text->plain_at = 0;
    text->plain_len = left;
    TSKL_TRY(read_plain(text, text->plain + left, sizeof text->plain - left, &got, err));
    text->plain_len += got;
    if (got == 0) text->ended = text->unpacked_all = true; // a terminal would be asked again
    return TSKL_OK;
}

// Without a mark, text of the web begins with two characters of ASCII: half of their bytes are 0.
static unsigned form_of(tskl_slice first, size_t *mark) {
    *mark = 2;
    if (tskl_slice_starts(first, TSKL_S("\xff\xfe"))) return FORM_UTF16_LE;
    if (tskl_slice_starts(first, TSKL_S("\xfe\xff"))) return FORM_UTF16_BE;
    *mark = tskl_slice_starts(first, TSKL_S("\xef\xbb\xbf")) ? 3 : 0;
    if (first.len < 4) return FORM_UTF8;
    const char *p = first.ptr;
    if (p[0] && !p[1] && p[2] && !p[3]) return FORM_UTF16_LE;
    return !p[0] && p[1] && !p[2] && p[3] ? FORM_UTF16_BE : FORM_UTF8;
}

static tskl_status begin(tskl_text_source *text, tskl_error *err) {
    size_t mark;
    text->began = true;
    while (text->input_len < 2 && !text->ended) TSKL_TRY(fill_input(text, err));
    if (input_begins(text, TSKL_S("\x1f\x8b"))) TSKL_TRY(open_inflater(text, err));
    for (size_t before = 1; text->plain_len < 4 && text->plain_len != before;) {
        before = text->plain_len;
        TSKL_TRY(fill_plain(text, err));
    }
    text->form = form_of(tskl_slice_make(text->plain, text->plain_len), &mark);
    text->plain_at = mark;
    return TSKL_OK;
}

static unsigned unit_at(const tskl_text_source *text, size_t at) {
    const unsigned char *p = (const unsigned char *)text->plain + at;
    return text->form == FORM_UTF16_LE ? p[0] + p[1] * 256u : p[0] * 256u + p[1];
}

static bool is_high(unsigned unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(unsigned unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

// One character; half of a pair, or half of a unit at the end, becomes U+FFFD.
static void convert_one(tskl_text_source *text, tskl_buf *out) {
    size_t left = text->plain_len - text->plain_at;
    unsigned unit = left > 1 ? unit_at(text, text->plain_at) : 0xfffd;
    unsigned low = left > 3 && is_high(unit) ? unit_at(text, text->plain_at + 2) : 0;
    text->plain_at += left > 1 ? 2 : 1;
    if (!is_low(low)) {
        tskl_utf8_add(out, unit);
        return;
    }
    text->plain_at += 2;
    tskl_utf8_add(out, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
}

static tskl_status read_utf16(tskl_text_source *text, char *room, size_t size, size_t *got,
                              tskl_error *err) {
    tskl_buf out = {.ptr = room, .room = size, .cap = size};
    while (out.len == 0) {
        size_t left = text->plain_len - text->plain_at;
        // A pair lies in four bytes: less is only converted where nothing follows.
        if (left < 4) TSKL_TRY(fill_plain(text, err));
        bool last = text->plain_len - text->plain_at == left && left < 4;
        if (last && left == 0) break;
        while (text->plain_len - text->plain_at >= (last ? 1 : 4) &&
               size - out.len >= CHARACTER_MAX)
            convert_one(text, &out);
    }
    *got = out.len;
    return TSKL_OK;
}

tskl_status tskl_text_source_read(tskl_text_source *text, char *room, size_t size, size_t *got,
                                  tskl_error *err) {
    *got = 0;
    if (!text->began) TSKL_TRY(begin(text, err));
    if (text->form != FORM_UTF8) return read_utf16(text, room, size, got, err);
    size_t left = text->plain_len - text->plain_at;
    if (left == 0) return read_plain(text, room, size, got, err);
    *got = left < size ? left : size;
    memcpy(room, text->plain + text->plain_at, *got);
    text->plain_at += *got;
    return TSKL_OK;
}
