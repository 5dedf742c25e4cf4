// SPDX-License-Identifier: Apache-2.0
#include "completion/completion.h"
#include "base/status.h"

/** Options whose values are words of ours. Without a command: of whichever has one. */
static const struct {
    const tskl_command *command;
    const char *option, *words;
} known[] = {
    {NULL, "log-level", "off error warn info debug trace"},
    {NULL, "output", "stderr stdout file: har:"},
    {NULL, "cpu", "host baseline"},
    {&tskl_command_run, "format", "pretty ndjson stable taskless"},
    {&tskl_command_replay, "format", "pretty ndjson stable taskless"},
    {&tskl_command_explain, "format", "text json"},
    {&tskl_command_pack_check, "format", "text tap json"},
    // A kit's first name; what else lies beside the program is found when it runs.
    {NULL, "lang", "c rust go ts js as lua"},
};

tskl_completes tskl_completion_of(const tskl_command *command, const tskl_option *option,
                                  const char **words) {
    tskl_slice value = tskl_slice_of(option->value);
    *words = NULL;
    for (size_t i = 0; i < TSKL_COUNT(known) && !*words; i++)
        if ((!known[i].command || known[i].command == command) &&
            strcmp(known[i].option, option->name) == 0)
            *words = known[i].words;
    if (*words) return TSKL_COMPLETES_WORDS;
    if (tskl_slice_equal(value, TSKL_S("DIR"))) return TSKL_COMPLETES_FOLDERS;
    if (tskl_slice_search(value, TSKL_S("FILE")) != SIZE_MAX) return TSKL_COMPLETES_FILES;
    return TSKL_COMPLETES_NOTHING;
}

const char *tskl_completion_operands(const tskl_command *command) {
    if (command == &tskl_command_completion) return "bash zsh fish";
    if (command == &tskl_command_help) return "COMMANDS";
    return NULL;
}
