// SPDX-License-Identifier: Apache-2.0
#include "base/plain.h"

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte)) // that byte, eight times
#define HIGH EACH(0x80)

static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// Has the high bit of the first byte that is zero, if any, and of none before it.
static uint64_t zeros(uint64_t word) {
    return (word - EACH(1)) & ~word;
}

// The high bit of the first byte that is not plain, and of none before it.
static uint64_t strange(uint64_t word) {
    uint64_t from_delete = word | (word + EACH(1));
    uint64_t below_space = (word - EACH(0x20)) & ~word;
    return (from_delete | below_space | zeros(word ^ EACH('"')) | zeros(word ^ EACH('\\'))) & HIGH;
}

static uint64_t load(const char *from) {
    uint64_t word;
    memcpy(&word, from, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

size_t tskl_plain_length(tskl_slice text) {
    size_t at = 0;
    for (; text.len - at >= 8; at += 8) {
        uint64_t found = strange(load(text.ptr + at));
        if (found) return at + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < text.len && is_plain((unsigned char)text.ptr[at])) at++;
    return at;
}
