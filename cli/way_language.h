// way_language: what of a command's words keeps a language's client out. For way alone.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_WAY_LANGUAGE_H
#define TSKL_CLI_WAY_LANGUAGE_H
#include "engine.h"
#include "way.h"

enum { TSKL_WAY_WORDS_MAX = 64, TSKL_WAY_LANGUAGES = 3 };

/** A command on its way to what runs it in the end. */
typedef struct tskl_way_command {
    const char *words[TSKL_WAY_WORDS_MAX + 1]; // the last one NULL
    const char *path;
    const char *replaced[TSKL_WAY_LANGUAGES]; // words of env that change a language's own variable
} tskl_way_command;

/** A path's last part. */
const char *tskl_way_base(const char *path);
/** Adds what was found of a command; more than there is room for is left out. */
void tskl_way_add(tskl_ways *ways, const tskl_way_command *c, tskl_mood mood, bool unseen,
                  const char *mend, const char *format, ...) __attribute__((format(printf, 6, 7)));
/** Adds that a word of it keeps a client out. */
void tskl_way_problem(tskl_ways *ways, const tskl_way_command *c, const char *word, const char *why,
                      const char *mend);
/** False where nothing of a language, or of libcurl, is observed here: why is added. */
bool tskl_way_is_open(tskl_ways *ways, const tskl_way_command *c, const char *client,
                      const tskl_engine *engine);
/** Notes a word of env, "NAME=value" or a NAME that it removes, for the language that is observed
 * by that variable. */
void tskl_way_replace(tskl_way_command *c, const char *word);
/** True where it is a language's that has a client: what was found of it is added. */
bool tskl_way_language(tskl_ways *ways, const tskl_way_command *c);
#endif
