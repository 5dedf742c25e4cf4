// mask_words: a name taken apart into its words, from the end. Only for mask*.c.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_MASK_WORDS_H
#define TSKL_EXCHANGE_MASK_WORDS_H
#include "base/slice.h"

enum { TSKL_WORD_MAX = 24 }; // bytes of a word that are kept: its last ones

/** A word in lower case, with a zero behind it. */
typedef struct tskl_word {
    char text[TSKL_WORD_MAX];
    unsigned len;
} tskl_word;

static inline tskl_slice tskl_word_slice(const tskl_word *word) {
    return (tskl_slice){word->text, word->len};
}

/** Takes the last word off `name`: words end at anything but letters and digits, and where a
 *  capital begins the next. Digits at a word's end are left out, so that "password2" and
 *  "items[0][token]" are read as they are meant. Empty at the end. */
void tskl_word_take(tskl_slice *name, tskl_word *out);
#endif
