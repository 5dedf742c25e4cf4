// program: what kind of program a file is, as far as it decides whether taskless can be in it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PROGRAM_H
#define TSKL_CLI_PROGRAM_H
#include <stdbool.h>

typedef enum tskl_program_kind {
    TSKL_PROGRAM_OTHER,   // not one that this machine's loader loads
    TSKL_PROGRAM_DYNAMIC, // linked to the C library that we are linked to
    TSKL_PROGRAM_STATIC,
    TSKL_PROGRAM_MUSL,
    TSKL_PROGRAM_32_BITS,
    TSKL_PROGRAM_SCRIPT,
} tskl_program_kind;

typedef struct tskl_program {
    tskl_program_kind kind;
    bool privileged;       // it runs with more rights than who starts it
    char interpreter[256]; // of a script: what stands behind "#!"; empty: the shell
} tskl_program;

/** False where the file cannot be read. */
bool tskl_program_look(const char *path, tskl_program *out);
#endif
