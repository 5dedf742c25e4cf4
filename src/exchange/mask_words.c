// Words of names.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask_words.h"

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Where the word begins that ends at `end`: "apiKey" at its K, "userID" at its I.
static size_t word_start(tskl_slice name, size_t end) {
    bool capitals = is_upper(name.ptr[end - 1]);
    size_t start = end;
    while (start > 0) {
        char c = name.ptr[start - 1];
        if (!is_digit(c) && !is_lower(c) && !is_upper(c)) break;
        if (capitals && is_lower(c)) break;
        start--;
        if (!capitals && is_upper(c)) break;
    }
    return start;
}

void tskl_word_take(tskl_slice *name, tskl_word *out) {
    size_t end = name->len;
    while (end > 0 && !is_lower(name->ptr[end - 1]) && !is_upper(name->ptr[end - 1])) end--;
    size_t start = end ? word_start(*name, end) : 0;
    tskl_slice word = {name->ptr + start, end - start};
    *name = tskl_slice_first(*name, start);
    word = tskl_slice_last(word, TSKL_WORD_MAX - 1);
    for (size_t i = 0; i < word.len; i++)
        out->text[i] = is_upper(word.ptr[i]) ? (char)(word.ptr[i] + ('a' - 'A')) : word.ptr[i];
    out->text[word.len] = 0;
    out->len = (unsigned)word.len;
}
