// node_options: NODE_OPTIONS as Node.js reads them, and with what loads the client.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_NODE_OPTIONS_H
#define TSKL_CLI_NODE_OPTIONS_H
#include "base/arena.h"
#include "base/slice.h"

/** One word of them. */
typedef struct tskl_node_word {
    tskl_slice raw;   // as written, with its quotes, in the text that was split
    const char *text; // without quotes and what escapes in them, in the arena
} tskl_node_word;

enum { TSKL_NODE_WORDS_MAX = 256 };

/** Splits `options`: at blanks, but for those inside of double quotes, where a backslash escapes.
 *  Returns how many words there are; 0 as well where Node.js would refuse them, where they are too
 *  many, or where there is no memory. */
size_t tskl_node_split(const char *options, tskl_arena *arena,
                       tskl_node_word words[TSKL_NODE_WORDS_MAX]);
/** NODE_OPTIONS that load `path` first. What `old` requires is not in them: launchers (Next.js)
 * join the values of an option that they find twice. The rest of `old` follows as it was written.
 * In `arena`; NULL: no memory. */
const char *tskl_node_options(const char *old, const char *path, tskl_arena *arena);
/** What `options` require besides `path`, behind what `before` (a value of this function) has, as a
 *  JSON array of strings; "" where that is nothing. In `arena`; NULL: no memory. */
const char *tskl_node_required(const char *before, const char *options, const char *path,
                               tskl_arena *arena);
#endif
