// engine: what runs the programs of a language: which implementation of it, and which version.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_ENGINE_H
#define TSKL_CLI_ENGINE_H
#include <stdbool.h>

typedef struct tskl_engine {
    const char *language; // "Python", "Node.js" or "Ruby"; NULL: none of them
    const char *other;    // an implementation that has no client, such as "PyPy"; NULL: the usual
    long major, minor;    // the language's version; -1: not known
    bool free_threaded;   // a Python without a global lock
} tskl_engine;

/** What names, links, folders and libraries say of the program at `path`, which is not run. What
 * they do not say is not known. Texts are constants. */
tskl_engine tskl_engine_of(const char *path);
/** Runs the program to ask what it is; its answer counts more than its name. One that gives none
 * changes nothing. */
void tskl_engine_ask(tskl_engine *engine, const char *path);
/** Takes in what a program said of its version. */
void tskl_engine_hear(tskl_engine *engine, const char *answer);
/** Takes in a version alone: "7.88.1". */
void tskl_engine_number(tskl_engine *engine, const char *version);
#endif
