// Keys by their shape, in any text.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask_text.h"

enum { KEY_MIN = 20 };

#define AN (TSKL_ALNUM | TSKL_WORD)
const unsigned char tskl_byte_classes[256] = {
    // clang-format off
    ['0'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
    ['A'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
            AN, AN, AN, AN,
    ['a'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
            AN, AN, AN, AN,
    ['_'] = TSKL_WORD, ['-'] = TSKL_WORD, ['.'] = TSKL_WORD,
    ['"'] = TSKL_NO_URL, ['<'] = TSKL_NO_URL, ['>'] = TSKL_NO_URL, ['\\'] = TSKL_NO_URL, ['^'] = TSKL_NO_URL,
    ['`'] = TSKL_NO_URL, ['{'] = TSKL_NO_URL, ['|'] = TSKL_NO_URL, ['}'] = TSKL_NO_URL, ['\''] = TSKL_NO_URL,
    // clang-format on
};
#undef AN

// Where the word ends that `at` lies in. Pictures in base64 are very long ones.
static size_t word_end(tskl_slice text, size_t at) {
    for (; text.len - at >= sizeof(tskl_block); at += sizeof(tskl_block)) {
        tskl_block bytes;
        memcpy(&bytes, text.ptr + at, sizeof bytes);
        tskl_block small = bytes | 0x20;
        tskl_block is = ((small >= 'a') & (small <= 'z')) | ((bytes >= '0') & (bytes <= '9')) |
                        (bytes == '_') | (bytes == '-') | (bytes == '.');
        if (tskl_block_any(~is)) break;
    }
    while (at < text.len && tskl_byte_is(text.ptr[at], TSKL_WORD)) at++;
    return at;
}

// How much of a word at `start` belongs to an escape before it: the "n" of "\nAKIA", the "22" of
// "%22AKIA".
static size_t escape_length(tskl_slice text, size_t start) {
    char before = start ? text.ptr[start - 1] : 0;
    if (before == '%') return 2;
    if (before != '\\') return 0;
    return text.ptr[start] == 'u' ? 5 : 1;
}

// "123456789:AA...": a bot of Telegram.
static bool is_bot_token(tskl_slice text, size_t start, tskl_slice word) {
    if (word.len != 35 || start < 7 || text.ptr[start - 1] != ':') return false;
    for (size_t i = start - 7; i < start - 1; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    return tskl_mask_is_opaque(word, true);
}

// The secret in the word [start, end), or empty.
static tskl_slice key_in(tskl_slice text, size_t start, size_t end) {
    start += escape_length(text, start);
    while (end > start && text.ptr[end - 1] == '.') end--;
    tskl_slice word = tskl_slice_between(text, start, end), key = tskl_mask_key(word);
    if (key.len) return key;
    bool bearer = tskl_slice_stands_before(text, start, TSKL_S("bearer ")) ||
                  tskl_slice_stands_before(text, start, TSKL_S("bearer%20"));
    if (bearer && tskl_mask_is_opaque(word, false)) return word;
    return is_bot_token(text, start, word) ? word : (tskl_slice){NULL, 0};
}

// A key has 20 bytes, and most words are shorter: what ends before the twentieth byte from here is
// passed by without a look at the bytes before it.
void tskl_masker_keys(tskl_masker *masker, tskl_slice text) {
    for (size_t at = 0; at + KEY_MIN <= text.len;) {
        size_t start = at + KEY_MIN;
        while (start > at && tskl_byte_is(text.ptr[start - 1], TSKL_WORD)) start--;
        if (start > at) {
            at = start;
            continue;
        }
        size_t end = word_end(text, at + KEY_MIN);
        tskl_slice key = key_in(text, start, end);
        if (key.len) tskl_masker_hide(masker, key, key, false);
        at = end;
    }
}
