// SPDX-License-Identifier: Apache-2.0
#include "completion/completion.h"

// Texts stand in single quotes; inside an option's brackets ']' would end them, and ':' parts.
static void put_text(FILE *to, const char *text) {
    for (; *text; text++) {
        if (*text == '\'') {
            fputs("'\\''", to);
            continue;
        }
        if (strchr("[]:\\", *text)) fputc('\\', to);
        fputc(*text == '\n' ? ' ' : *text, to);
    }
}

static void put_value(FILE *to, const tskl_command *command, const tskl_option *option) {
    const char *words;
    fputc(':', to);
    put_text(to, option->value);
    switch (tskl_completion_of(command, option, &words)) {
    case TSKL_COMPLETES_WORDS: fprintf(to, ":(%s)", words); return;
    case TSKL_COMPLETES_FILES: fputs(":_files", to); return;
    case TSKL_COMPLETES_FOLDERS: fputs(":_files -/", to); return;
    default: fputs(": ", to); return;
    }
}

static void put_command(FILE *to, const tskl_command *command) {
    const char *operands = tskl_completion_operands(command);
    fprintf(to, "    '%s')\n      specs=(\n", command->name);
    for (int i = 0; i < command->option_count; i++) {
        const tskl_option *option = &command->options[i];
        fprintf(to, "        '*--%s%s[", option->name, option->value ? "=" : "");
        put_text(to, option->about);
        fputc(']', to);
        if (option->value) put_value(to, command, option);
        fputs("'\n", to);
    }
    fputs("        '--help[this page]'\n", to);
    if (command->passes_on)
        fputs("        '*:: :_normal'\n", to);
    else if (operands && strcmp(operands, "COMMANDS") == 0)
        fputs("        '1:command:_taskless_commands'\n", to);
    else if (operands)
        fprintf(to, "        '1:shell:(%s)'\n", operands);
    else if (command->operands)
        fputs("        '*:file:_files'\n", to);
    fputs("      ) ;;\n", to);
}

static void put_list(FILE *to, bool of_packs) {
    for (size_t i = 0; tskl_commands[i]; i++) {
        const char *name = tskl_commands[i]->name;
        bool of_pack = strncmp(name, "pack ", 5) == 0;
        if (of_pack != of_packs) continue;
        fprintf(to, "    '%s:", of_pack ? name + 5 : name);
        put_text(to, tskl_commands[i]->summary);
        fputs("'\n", to);
    }
}

void tskl_completion_zsh(FILE *to) {
    fputs("#compdef taskless\n"
          "# zsh completion of taskless, made by `taskless completion zsh`\n"
          "_taskless_commands() {\n"
          "  local -a commands=(\n",
          to);
    put_list(to, false);
    fputs("    'pack:checks, shows and calls Packs'\n"
          "  )\n"
          "  _describe command commands\n"
          "}\n"
          "_taskless_pack_commands() {\n"
          "  local -a commands=(\n",
          to);
    put_list(to, true);
    fputs("  )\n"
          "  _describe command commands\n"
          "}\n"
          "_taskless() {\n"
          "  local -a specs\n"
          "  local command=$words[2]\n"
          "  integer used=2\n"
          "  if [[ $command == pack ]]; then\n"
          "    command=\"pack $words[3]\" used=3\n"
          "  fi\n"
          "  if (( CURRENT == 2 )); then\n"
          "    _taskless_commands\n"
          "    return\n"
          "  elif (( CURRENT <= used )); then\n"
          "    _taskless_pack_commands\n"
          "    return\n"
          "  fi\n"
          "  case $command in\n",
          to);
    for (size_t i = 0; tskl_commands[i]; i++) put_command(to, tskl_commands[i]);
    fputs("    *) _files; return ;;\n"
          "  esac\n"
          "  # What follows the command's words is parted as if they were one.\n"
          "  words=(taskless \"${(@)words[used+1,-1]}\")\n"
          "  (( CURRENT -= used - 1 ))\n"
          "  _arguments -S $specs\n"
          "}\n"
          "compdef _taskless taskless\n"
          "if [[ $funcstack[1] == _taskless ]]; then _taskless \"$@\"; fi\n",
          to);
}
