// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "config/nearest.h"
#include "say.h"

static int find_option(const tskl_command *command, tskl_slice name, tskl_nearest *nearest) {
    for (int i = 0; i < command->option_count; i++) {
        tskl_slice known = tskl_slice_of(command->options[i].name);
        if (tskl_slice_equal(known, name)) return i;
        tskl_nearest_offer(nearest, known);
    }
    return -1;
}

const char *tskl_args_get(const tskl_args *args, const char *name) {
    tskl_nearest ignored = {0};
    int at = find_option(args->command, tskl_slice_of(name), &ignored);
    return at < 0 ? NULL : args->values[at];
}

const char *tskl_args_next(const tskl_args *args, int option, int *at) {
    while (*at < args->given_count) {
        const tskl_given *given = &args->given[(*at)++];
        if (given->option == option) return given->value;
    }
    return NULL;
}

static bool unknown(const tskl_command *command, tskl_slice name, const tskl_nearest *nearest) {
    char meant[96] = "";
    if (nearest->best.len)
        snprintf(meant, sizeof meant, ", did you mean --" TSKL_FMT "?", TSKL_ARG(nearest->best));
    tskl_complain("%s has no option --" TSKL_FMT "%s", command->name, TSKL_ARG(name), meant);
    return false;
}

static bool note(tskl_args *out, int option, const char *value) {
    out->values[option] = value;
    if (out->given_count == TSKL_GIVEN_MAX) {
        tskl_complain("there are more than %d options", TSKL_GIVEN_MAX);
        return false;
    }
    out->given[out->given_count++] = (tskl_given){option, value};
    return true;
}

// "--name=value", "--name value" or "--name". `*words` stands behind it afterwards.
static bool take_option(const tskl_command *command, char ***words, tskl_args *out) {
    tskl_slice value = tskl_slice_of(*(*words)++ + 2);
    bool attached = tskl_slice_contains(value, '=');
    tskl_slice name = tskl_slice_split(&value, '=');
    tskl_nearest nearest = {.wrong = name};
    int at = find_option(command, name, &nearest);
    if (at < 0) return unknown(command, name, &nearest);
    const tskl_option *option = &command->options[at];
    if (!option->value) {
        if (attached) tskl_complain("--%s takes no value", option->name);
        return !attached && note(out, at, "");
    }
    // An attached value ends where its word does.
    const char *given = attached ? value.ptr : **words;
    if (!given) {
        tskl_complain("--%s needs a value: --%s %s", option->name, option->name, option->value);
        return false;
    }
    if (!attached) ++*words;
    return note(out, at, given);
}

static bool is_one_of(const char *word, const char *one, const char *other) {
    return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

static bool parse_option(const tskl_command *command, char ***words, tskl_args *out, bool *help) {
    const char *word = **words;
    *help = is_one_of(word, "--help", "-h");
    if (*help) return true;
    if (word[1] == '-') return take_option(command, words, out);
    tskl_complain("%s has no option %s", command->name, word);
    return false;
}

bool tskl_args_parse(const tskl_command *command, char **words, tskl_args *out, bool *help) {
    *out = (tskl_args){.command = command, .operands = words};
    *help = false;
    // Operands move to the front, over the options among them that have been read.
    char **kept = words;
    while (*words) {
        bool ends_options = strcmp(*words, "--") == 0;
        bool option = (*words)[0] == '-' && (*words)[1];
        if (ends_options) words++;
        if (ends_options || (!option && command->passes_on)) break;
        if (!option)
            *kept++ = *words++;
        else if (!parse_option(command, &words, out, help))
            return false;
        if (*help) return true;
    }
    while (*words) *kept++ = *words++;
    *kept = NULL;
    out->operand_count = (int)(kept - out->operands);
    return true;
}

// How many words of the line a command's name is, 0 where it is another.
static int words_matched(const char *name, char **words) {
    tskl_slice rest = tskl_slice_of(name);
    int count = 0;
    while (rest.len) {
        tskl_slice word = tskl_slice_split(&rest, ' ');
        if (!words[count] || !tskl_slice_equal(word, tskl_slice_of(words[count]))) return 0;
        count++;
    }
    return count;
}

const tskl_command *tskl_command_find(char **words, int *used) {
    for (size_t i = 0; tskl_commands[i]; i++) {
        *used = words_matched(tskl_commands[i]->name, words);
        if (*used) return tskl_commands[i];
    }
    return NULL;
}
