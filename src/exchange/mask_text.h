// mask_text: bytes and finds that the readers of plain text share. Only for mask_text.c,
// mask_keys.c and mask_named.c. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_MASK_TEXT_H
#define TSKL_EXCHANGE_MASK_TEXT_H
#include "exchange/masker.h"

enum { TSKL_ALNUM = 1, TSKL_WORD = 2, TSKL_NO_URL = 4 };
/** What each byte may be a part of: a name, a word (also '_', '-', '.'); no URL in a sentence. */
extern const unsigned char tskl_byte_classes[256];

static inline bool tskl_byte_is(char c, unsigned wanted) {
    return tskl_byte_classes[(unsigned char)c] & wanted;
}

static inline bool tskl_byte_among(char c, const char *bytes) {
    return c && strchr(bytes, c);
}

static inline bool tskl_byte_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/** The bytes [start, end) of `text`. */
static inline tskl_slice tskl_slice_between(tskl_slice text, size_t start, size_t end) {
    return tskl_slice_from(tskl_slice_first(text, end), start);
}

/** True when `wanted`, in any case, ends at `at`. */
static inline bool tskl_slice_stands_before(tskl_slice text, size_t at, tskl_slice wanted) {
    return at >= wanted.len &&
           tskl_slice_starts_nocase(tskl_slice_between(text, at - wanted.len, at), wanted);
}

/** Sixteen bytes, compared all at once by whatever the processor has for that. */
typedef signed char tskl_block __attribute__((vector_size(16)));

static inline bool tskl_block_any(tskl_block found) {
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return halves[0] | halves[1];
}

/** What stands around a mark, and is hidden or read in its own way. */
typedef struct tskl_find {
    enum {
        TSKL_FIND_NOTHING,
        TSKL_FIND_URL,
        TSKL_FIND_PAIRS,
        TSKL_FIND_VALUE,
        TSKL_FIND_LIST
    } kind;
    tskl_slice part, plain; // of a list, its beginning and the name before it
    bool quoted;
} tskl_find;

/** The secret behind the ':' or '=' at `at`, by the name before it. What stands before `from` is
 *  dealt with. `document`: of lines, where a value needs no quotes. */
tskl_find tskl_find_value(const tskl_masker *masker, tskl_slice text, size_t at, size_t from,
                          bool document);
/** Hides what of a list behind a name is secret; how many bytes were read. */
size_t tskl_masker_list(tskl_masker *masker, tskl_slice list, tskl_slice name);
#endif
