// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

static bool is_tail(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

size_t tskl_utf8_next(tskl_slice s, uint32_t *character) {
    const unsigned char *p = (const unsigned char *)s.ptr;
    *character = 0;
    if (s.len == 0) return 0;
    if (p[0] < 0x80) {
        *character = p[0];
        return 1;
    }
    size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < len) return 0;
    uint32_t value = p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (!is_tail(p[i])) return 0;
        value = value << 6 | (p[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
    *character = value;
    return len;
}

// How much of `s` is ASCII, eight bytes at a time: most of any text.
static size_t ascii_blocks(tskl_slice s) {
    size_t at = 0;
    for (uint64_t block; s.len - at >= sizeof block; at += sizeof block) {
        memcpy(&block, s.ptr + at, sizeof block);
        if (block & 0x8080808080808080) break;
    }
    return at;
}

bool tskl_utf8_valid(tskl_slice s) {
    uint32_t character;
    for (s = tskl_slice_from(s, ascii_blocks(s)); s.len;) {
        size_t len = tskl_utf8_next(s, &character);
        if (len == 0) return false;
        s = tskl_slice_from(s, len);
        if (len > 1) s = tskl_slice_from(s, ascii_blocks(s));
    }
    return true;
}

void tskl_utf8_add(tskl_buf *buf, uint32_t c) {
    if (c < 0x80) {
        tskl_buf_byte(buf, (char)c);
    } else if (c < 0x800) {
        tskl_buf_add(buf,
                     (tskl_slice){(char[]){(char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f))}, 2});
    } else if (c < 0x10000 && (c < 0xd800 || c > 0xdfff)) {
        tskl_buf_add(buf,
                     (tskl_slice){(char[]){(char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3f)),
                                           (char)(0x80 | (c & 0x3f))},
                                  3});
    } else if (c >= 0x10000 && c <= 0x10ffff) {
        tskl_buf_add(
            buf, (tskl_slice){(char[]){(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3f)),
                                       (char)(0x80 | (c >> 6 & 0x3f)), (char)(0x80 | (c & 0x3f))},
                              4});
    } else {
        tskl_buf_add(buf, TSKL_UTF8_REPLACEMENT);
    }
}

tskl_slice tskl_utf8_whole(tskl_slice s) {
    size_t tails = 0;
    while (tails < s.len && tails < 3 && is_tail((unsigned char)s.ptr[s.len - 1 - tails])) tails++;
    if (tails == s.len) return s;
    unsigned char lead = (unsigned char)s.ptr[s.len - 1 - tails];
    size_t wanted = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    return wanted > tails ? tskl_slice_first(s, s.len - 1 - tails) : s;
}

bool tskl_utf8_is_control(uint32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
}

bool tskl_utf8_is_deceptive(uint32_t c) {
    return c == 0x00ad || c == 0x061c || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void tskl_utf8_add_shown(tskl_buf *buf, tskl_slice s) {
    while (s.len) {
        uint32_t c;
        size_t len = tskl_utf8_next(s, &c);
        if (len == 0) {
            tskl_buf_add(buf, TSKL_UTF8_REPLACEMENT);
            len = 1;
        } else if (tskl_utf8_is_control(c) || tskl_utf8_is_deceptive(c)) {
            tskl_buf_printf(buf, "\\u{%x}", (unsigned)c);
        } else {
            tskl_buf_add(buf, tskl_slice_first(s, len));
        }
        s = tskl_slice_from(s, len);
    }
}
