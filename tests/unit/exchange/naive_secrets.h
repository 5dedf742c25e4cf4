// naive_secrets: the search for secrets as one would write it who need not be fast, to compare
// with. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_NAIVE_SECRETS_H
#define TSKL_TESTS_NAIVE_SECRETS_H
#include "exchange/masker.h"
#include "exchange/secret_forms.h"

enum { NAIVE_PATTERN_MAX = 64 };

/** Where `secret`, read in `secret_form`, stands in the text as it is read in `form` from `at` on:
 * 0 where it does not, else where it ends. */
static inline size_t naive_end(tskl_slice text, size_t at, tskl_secret_form form, tskl_slice secret,
                               tskl_secret_form secret_form) {
    tskl_form_reader reader = {.text = text, .at = at}, known = {.text = secret};
    size_t len = 0;
    for (int symbol; len < NAIVE_PATTERN_MAX && (symbol = tskl_form_read(&known, secret_form)) >= 0;
         len++)
        if (tskl_form_read(&reader, form) != symbol)
            return 0;
        else if (form == TSKL_FORM_HEX)
            reader.at++; // on to the next pair
    return len < TSKL_SECRET_MIN ? 0 : reader.at;
}

static inline bool naive_base64(tskl_slice text, size_t at, tskl_slice secret, size_t bit) {
    size_t len = 0;
    for (; len < NAIVE_PATTERN_MAX && bit + 6 <= secret.len * 8; bit += 6, len++) {
        unsigned first = (unsigned char)secret.ptr[bit / 8];
        unsigned second = bit / 8 + 1 < secret.len ? (unsigned char)secret.ptr[bit / 8 + 1] : 0;
        int digit = (int)((first << 8 | second) >> (10 - bit % 8) & 0x3f);
        if (at + len >= text.len || tskl_base64_digit(text.ptr[at + len]) != digit) return false;
    }
    return true;
}

/** Whether the text has the secret in any form. One that is read otherwise once it is unescaped is
 *  looked for in both forms. */
static inline bool naive_has(tskl_slice text, tskl_slice secret) {
    static const tskl_secret_form of_secret[] = {TSKL_FORM_PLAIN, TSKL_FORM_PERCENT,
                                                 TSKL_FORM_ESCAPED};
    static const tskl_secret_form of_text[] = {TSKL_FORM_PLAIN, TSKL_FORM_PERCENT,
                                               TSKL_FORM_ESCAPED, TSKL_FORM_HEX};
    for (size_t at = 0; at < text.len; at++) {
        for (size_t i = 0; i < sizeof of_secret / sizeof *of_secret; i++)
            for (size_t j = 0; j < sizeof of_text / sizeof *of_text; j++)
                if (naive_end(text, at, of_text[j], secret, of_secret[i])) return true;
        for (size_t bit = 0; bit <= 4; bit += 2)
            if (naive_base64(text, at, secret, bit)) return true;
    }
    return false;
}
#endif
