// obstacle: what keeps a client out of all programs of one runtime, whatever their words.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_OBSTACLE_H
#define TSKL_CLI_OBSTACLE_H
#include "base/arena.h"
#include "engine.h"

typedef struct tskl_obstacle {
    const char
        *runtime;     // the runtime that is not served, "Python 3.8"; NULL: the client is at fault
    const char *why;  // NULL: there is none
    const char *mend; // what to do
} tskl_obstacle;

/** What keeps the client of a language ("Python", "Node.js", "Ruby", "libcurl") from being loaded
 * by `engine`, of which nothing need be known. Texts are in `arena`. It is found without running
 * anything: by versions and by the client's files. */
tskl_obstacle tskl_obstacle_of(const char *language, const tskl_engine *engine, tskl_arena *arena);
/** True where a file of the client of a language is no library, or cut short. Nothing may load it:
 * the program that did would end. */
bool tskl_obstacle_is_damage(const char *language);
#endif
