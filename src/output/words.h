// words: what the closed lists of the record mean, in words for a person.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_WORDS_H
#define TSKL_OUTPUT_WORDS_H
#include "capture/record.h"

/** What a network error means. */
typedef struct tskl_error_words {
    const char *meaning; // "no connection"
    const char *advice;  // what may help; NULL where nothing has to be done
} tskl_error_words;

// Each returns NULL for a word that is not on its list.

/** What to do now, by the captures `retry.advice` and `class`; either may be empty. */
const char *tskl_words_advice(tskl_slice advice, tskl_slice class);
/** What kept a call from being answered, by error.kind. */
const tskl_error_words *tskl_words_error(tskl_slice kind);
/** What a Pack's hook did: "ran out of time". */
const char *tskl_words_result(tskl_result result);
/** The reason phrase of a status: "Payment Required". */
const char *tskl_words_status(int status);
#endif
