// help: what `--help` and `taskless help` say, made of the commands' own words.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HELP_H
#define TSKL_CLI_HELP_H
#include "command.h"
#include <stdio.h>

/** All commands, a line each. */
void tskl_help_overview(FILE *to);
/** One command: what it does, its options, examples, and what comes next. */
void tskl_help_command(const tskl_command *command, FILE *to);
/** Complains that these words are no command, with the nearest that is. Returns USAGE. */
int tskl_help_unknown(char **words);
#endif
