// secret_filter: where in a text a secret may stand; nearly all of most texts is passed over.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_SECRET_FILTER_H
#define TSKL_EXCHANGE_SECRET_FILTER_H
#include "exchange/automaton.h"

enum {
    TSKL_FILTER_STRIDE = 5, // every fifth place of a text is looked at:
    TSKL_FILTER_WINDOW = 8, // of 8 bytes that stand anywhere
    TSKL_FILTER_GRAM = 4,   // it sees 4, of which we know all five that they may be
    TSKL_FILTER_BACK = TSKL_FILTER_STRIDE - 1, // before which they begin, at most
};

/** A set of four bytes that a secret has at its beginning in one of its forms, by their hash. */
typedef struct tskl_secret_filter {
    unsigned char *bits;
    unsigned shift;
} tskl_secret_filter;

/** For as many patterns and secrets. False: no memory. */
bool tskl_secret_filter_init(tskl_secret_filter *filter, size_t count, tskl_arena *arena);
/** Adds a pattern of bytes as it is and in hex. */
void tskl_secret_filter_add(tskl_secret_filter *filter, tskl_slice pattern);
/** Adds a pattern of base64's digits. */
void tskl_secret_filter_add_base64(tskl_secret_filter *filter, tskl_slice digits);
/** The first place at or behind `at` that may be one of a secret's: the secret begins there, or at
 *  most TSKL_FILTER_BACK before. SIZE_MAX: none. What lies between `at` and it is none. */
size_t tskl_secret_filter_next(const tskl_secret_filter *filter, tskl_slice text, size_t at);
#endif
