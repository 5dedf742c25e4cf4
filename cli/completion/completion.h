// completion: scripts that complete the program's command lines in a shell, made of the table of
// commands, so that no option is ever missing in them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_COMPLETION_H
#define TSKL_CLI_COMPLETION_H
#include "command.h"
#include <stdio.h>

/** What stands behind an option, or is an operand. */
typedef enum tskl_completes {
    TSKL_COMPLETES_NOTHING, // nobody can know
    TSKL_COMPLETES_WORDS,   // one of the words
    TSKL_COMPLETES_FILES,
    TSKL_COMPLETES_FOLDERS,
} tskl_completes;

/** What the value of an option of that command may be; `*words` with WORDS, with spaces between. */
tskl_completes tskl_completion_of(const tskl_command *command, const tskl_option *option,
                                  const char **words);
/** The words that an operand may be, with spaces between; NULL: files, or of another program. */
const char *tskl_completion_operands(const tskl_command *command);

/** Each writes the script of its shell. */
void tskl_completion_bash(FILE *to);
void tskl_completion_zsh(FILE *to);
void tskl_completion_fish(FILE *to);
#endif
