// kit_words: the placeholders in a kit's strings, and what they stand for.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_KIT_WORDS_H
#define TSKL_CLI_KIT_WORDS_H
#include "base/arena.h"
#include "base/status.h"

enum { TSKL_KIT_WORDS_MAX = 32 };

/** Zeroed, there are none. Texts are borrowed. */
typedef struct tskl_kit_words {
    struct {
        tskl_slice name;
        const char *value;
    } items[TSKL_KIT_WORDS_MAX];
    size_t count;
} tskl_kit_words;

/** Adds one, or gives a known one another value. False: there are too many. */
bool tskl_kit_words_set(tskl_kit_words *words, tskl_slice name, const char *value);
/** `text` with each "@name@" replaced; in `arena`. INVALID naming a placeholder that is not known;
 *  NOMEM. A text such as "binaryen@132" has none. */
tskl_status tskl_kit_words_expand(const tskl_kit_words *words, tskl_slice text, tskl_arena *arena,
                                  const char **out, tskl_error *err);
#endif
