// SPDX-License-Identifier: Apache-2.0
#include "completion/completion.h"

static void put_text(FILE *to, const char *text) {
    fputc('\'', to);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') fputc('\\', to);
        fputc(*text == '\n' ? ' ' : *text, to);
    }
    fputc('\'', to);
}

// Each line of a command's is for when its words stand behind `taskless`.
static void begin_line(FILE *to, const tskl_command *command) {
    fprintf(to, "complete -c taskless -n '__taskless_is %s'", command->name);
}

static void put_option(FILE *to, const tskl_command *command, const tskl_option *option) {
    const char *words;
    begin_line(to, command);
    fprintf(to, " -l %s -d ", option->name);
    put_text(to, option->about);
    if (option->value) {
        switch (tskl_completion_of(command, option, &words)) {
        case TSKL_COMPLETES_WORDS: fprintf(to, " -x -a '%s'", words); break;
        case TSKL_COMPLETES_FILES: fputs(" -r -F", to); break;
        case TSKL_COMPLETES_FOLDERS: fputs(" -x -a '(__fish_complete_directories)'", to); break;
        default: fputs(" -x", to); break;
        }
    }
    fputc('\n', to);
}

static void put_operands(FILE *to, const tskl_command *command) {
    const char *operands = tskl_completion_operands(command);
    begin_line(to, command);
    if (command->passes_on)
        fputs(" -x -a '(__fish_complete_subcommand --fcs-skip=2)'\n", to);
    else if (operands && strcmp(operands, "COMMANDS") == 0)
        fputs(" -x -a '(__taskless_commands)'\n", to);
    else if (operands)
        fprintf(to, " -x -a '%s'\n", operands);
    else
        fputs(command->operands ? " -F\n" : " -f\n", to);
}

// The lines that fish takes for "word<tab>what it does".
static void put_commands(FILE *to, bool of_packs) {
    for (size_t i = 0; tskl_commands[i]; i++) {
        const char *name = tskl_commands[i]->name;
        bool of_pack = strncmp(name, "pack ", 5) == 0;
        if (of_pack != of_packs) continue;
        fprintf(to, "    printf '%%s\\t%%s\\n' %s ", of_pack ? name + 5 : name);
        put_text(to, tskl_commands[i]->summary);
        fputc('\n', to);
    }
}

void tskl_completion_fish(FILE *to) {
    fputs("# fish completion of taskless, made by `taskless completion fish`\n"
          "function __taskless_commands\n",
          to);
    put_commands(to, false);
    fputs("    printf '%s\\t%s\\n' pack 'checks, shows and calls Packs'\n"
          "end\n"
          "function __taskless_pack_commands\n",
          to);
    put_commands(to, true);
    fputs("end\n"
          "# Whether the line has these words behind `taskless`, and is past them.\n"
          "function __taskless_is\n"
          "    set -l words (commandline -opc)\n"
          "    set -l last (math (count $argv) + 1)\n"
          "    test (count $words) -ge $last; and test \"$words[2..$last]\" = \"$argv\"\n"
          "end\n"
          "function __taskless_ends_with\n"
          "    test \"\"(commandline -opc | string join ' ') = \"$argv\"\n"
          "end\n"
          "complete -c taskless -f\n"
          "complete -c taskless -n '__taskless_ends_with taskless' -a '(__taskless_commands)'\n"
          "complete -c taskless -n '__taskless_ends_with taskless pack'"
          " -a '(__taskless_pack_commands)'\n",
          to);
    for (size_t c = 0; tskl_commands[c]; c++) {
        for (int i = 0; i < tskl_commands[c]->option_count; i++)
            put_option(to, tskl_commands[c], &tskl_commands[c]->options[i]);
        begin_line(to, tskl_commands[c]);
        fputs(" -l help -d 'this page'\n", to);
        put_operands(to, tskl_commands[c]);
    }
}
