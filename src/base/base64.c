// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode_group(const unsigned char *in, size_t count, char *out) {
    uint32_t bits = (uint32_t)in[0] << 16;
    if (count > 1) bits |= (uint32_t)in[1] << 8;
    if (count > 2) bits |= in[2];
    out[0] = alphabet[bits >> 18];
    out[1] = alphabet[bits >> 12 & 63];
    out[2] = count > 1 ? alphabet[bits >> 6 & 63] : '=';
    out[3] = count > 2 ? alphabet[bits & 63] : '=';
}

void tskl_base64_add(tskl_buf *buf, tskl_slice bytes) {
    size_t size = bytes.len / 3 * 4 + (bytes.len % 3 ? 4 : 0);
    char *out = size ? tskl_buf_reserve(buf, size) : NULL;
    if (!out) return;
    const unsigned char *in = (const unsigned char *)bytes.ptr;
    for (size_t i = 0; i < bytes.len; i += 3, out += 4)
        encode_group(in + i, bytes.len - i < 3 ? bytes.len - i : 3, out);
    buf->len += size;
}

static int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// What has been read so far. `digits` counts those of the alphabet, `pads` the '=' behind them.
typedef struct decoder {
    unsigned char *room;
    size_t len, digits, pads;
    uint32_t bits;
} decoder;

static bool take(decoder *d, char c) {
    if (c == '=') return ++d->pads <= 2;
    int value = value_of(c);
    if (value < 0 || d->pads) return false;
    d->bits = d->bits << 6 | (uint32_t)value;
    size_t place = d->digits++ % 4;
    // The first digit of four completes no byte, each other one does.
    if (place) d->room[d->len++] = (unsigned char)(d->bits >> (6 - 2 * place));
    return true;
}

tskl_status tskl_base64_decode(tskl_slice text, tskl_arena *arena, tskl_slice *out,
                               tskl_error *err) {
    *out = (tskl_slice){NULL, 0};
    decoder d = {.room = tskl_arena_take(arena, text.len / 4 * 3 + 3)};
    if (!d.room) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu bytes of base64", text.len);
    for (size_t i = 0; i < text.len; i++)
        if (!is_space(text.ptr[i]) && !take(&d, text.ptr[i]))
            return tskl_fail(err, TSKL_ERR_SYNTAX, "byte %zu is not base64", i + 1);
    if ((d.digits + d.pads) % 4) return tskl_fail(err, TSKL_ERR_SYNTAX, "the base64 text is cut");
    *out = tskl_slice_make(d.room, d.len);
    return TSKL_OK;
}
