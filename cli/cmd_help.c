// SPDX-License-Identifier: Apache-2.0
#include "help.h"
#include "say.h"
#include <taskless/base.h>

static int run_help(const tskl_args *args) {
    int used;
    if (args->operand_count == 0) {
        tskl_help_overview(stdout);
        return tskl_finish_output(TSKL_EXIT_DONE);
    }
    const tskl_command *command = tskl_command_find(args->operands, &used);
    if (!command) return tskl_help_unknown(args->operands);
    tskl_help_command(command, stdout);
    return tskl_finish_output(TSKL_EXIT_DONE);
}

const tskl_command tskl_command_help = {
    .name = "help",
    .summary = "teaches one command, or lists all",
    .operands = "[COMMAND]",
    .run = run_help,
};

static int run_version(const tskl_args *args) {
    (void)args;
    printf("taskless %s\n", tskl_version());
    return tskl_finish_output(TSKL_EXIT_DONE);
}

const tskl_command tskl_command_version = {
    .name = "version",
    .summary = "says which version this is",
    .run = run_version,
};
