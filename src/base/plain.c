// SPDX-License-Identifier: Apache-2.0
#include "base/plain.h"

// Compared all at once, by whatever the processor has for that.
typedef signed char block __attribute__((vector_size(TSKL_PLAIN_BLOCK)));

static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

size_t tskl_plain_in_block(const char *from) {
    block bytes;
    uint64_t word;
    memcpy(&bytes, from, sizeof bytes);
    // What is not ASCII is negative, and so below a space as well.
    block found = (bytes < 0x20) | (bytes == '"') | (bytes == '\\') | (bytes == 0x7f);
    memcpy(&word, &found, sizeof word);
    if (word == 0) return TSKL_PLAIN_BLOCK;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return (size_t)__builtin_ctzll(word) / 8; // the first byte is in the lowest bits
}

size_t tskl_plain_length(tskl_slice text) {
    size_t at = 0;
    while (text.len - at >= TSKL_PLAIN_BLOCK) {
        size_t plain = tskl_plain_in_block(text.ptr + at);
        at += plain;
        if (plain < TSKL_PLAIN_BLOCK) return at;
    }
    while (at < text.len && is_plain((unsigned char)text.ptr[at])) at++;
    return at;
}
