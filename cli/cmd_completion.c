// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include "completion/completion.h"
#include "say.h"

static const struct {
    const char *name;
    void (*write)(FILE *to);
} shells[] = {
    {"bash", tskl_completion_bash},
    {"zsh", tskl_completion_zsh},
    {"fish", tskl_completion_fish},
};

static int run(const tskl_args *args) {
    const char *wanted = args->operand_count == 1 ? args->operands[0] : "";
    for (size_t i = 0; i < TSKL_COUNT(shells); i++) {
        if (strcmp(shells[i].name, wanted) != 0) continue;
        shells[i].write(stdout);
        return tskl_finish_output(TSKL_EXIT_DONE);
    }
    tskl_complain("completion needs a shell: bash, zsh or fish");
    return TSKL_EXIT_USAGE;
}

const tskl_command tskl_command_completion = {
    .name = "completion",
    .summary = "writes what a shell needs to complete commands",
    .operands = "bash|zsh|fish",
    .about =
        "Writes a script that completes commands, options and their values. `make install` and\n"
        "the archive put it where the shells look; where they do not, a line in the shell's\n"
        "own file does it.\n",
    .examples = "  source <(taskless completion bash)\n"
                "      in ~/.bashrc, or the same with zsh in ~/.zshrc, behind compinit\n"
                "  taskless completion fish > ~/.config/fish/completions/taskless.fish\n"
                "      once\n",
    .run = run,
};
