// SPDX-License-Identifier: Apache-2.0
#include "base/plain.h"

// Compared all at once, by whatever the processor has for that.
typedef signed char block __attribute__((vector_size(8)));

static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// All bits of each byte that is not plain, the first byte in the lowest ones.
static uint64_t strange(const char *from) {
    block bytes;
    uint64_t word;
    memcpy(&bytes, from, sizeof bytes);
    // What is not ASCII is negative, and so below a space as well.
    block found = (bytes < 0x20) | (bytes == '"') | (bytes == '\\') | (bytes == 0x7f);
    memcpy(&word, &found, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

size_t tskl_plain_length(tskl_slice text) {
    size_t at = 0;
    for (; text.len - at >= sizeof(block); at += sizeof(block)) {
        uint64_t found = strange(text.ptr + at);
        if (found) return at + (size_t)__builtin_ctzll(found) / 8;
    }
    while (at < text.len && is_plain((unsigned char)text.ptr[at])) at++;
    return at;
}
