// kit_steps: a kit's steps, done one after the other.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_KIT_STEPS_H
#define TSKL_CLI_KIT_STEPS_H
#include "kit/kit.h"
#include "kit/kit_words.h"

/** Where and with what. */
typedef struct tskl_kit_job {
    const tskl_kit_words *words;
    const char *project;
    tskl_texts sources; // paths that @sources@ stands for
    bool verbose;       // each command is shown before it runs
} tskl_kit_job;

/** Does all steps of a way; what programs print goes to standard error. INVALID: a program failed,
 *  or a placeholder is not known; NOT_FOUND: a program could not be run; IO, NOMEM. */
tskl_status tskl_kit_steps_run(const tskl_kit_job *job, const tskl_kit_way *way, tskl_error *err);
/** Runs one program in `folder` (NULL: this one), its output on standard error. `*code` is its exit
 *  code, 128 and its signal, or 127 when it could not be run. IO: no process could be had. */
tskl_status tskl_run_program(char *const argv[], const char *folder, char *const environment[],
                             int *code, tskl_error *err);
/** Writes a command as one could type it to standard error. */
void tskl_show_command(char *const argv[]);
#endif
