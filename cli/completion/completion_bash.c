// SPDX-License-Identifier: Apache-2.0
#include "completion/completion.h"

// Bash parts "--name=value" into three words, and does without any library of functions here: the
// package bash-completion may not be there.
static const char head[] =
    "# bash completion of taskless, made by `taskless completion bash`\n"
    "_taskless() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    local command=${COMP_WORDS[1]} first=2 words= files= i\n"
    "    COMPREPLY=()\n"
    "    if [[ $cur == = ]]; then\n"
    "        cur=\n"
    "    elif [[ $prev == = ]]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    if [[ $command == pack ]]; then\n"
    "        command=\"pack ${COMP_WORDS[2]}\" first=3\n"
    "    fi\n"
    "    if ((COMP_CWORD < first)); then\n";

static const char after_commands[] =
    "        return\n"
    "    fi\n"
    "    # Behind its own options `run` completes as the program that it runs would.\n"
    "    if [[ $command == run ]]; then\n"
    "        for ((i = first; i < COMP_CWORD; i++)); do\n"
    "            case ${COMP_WORDS[i]} in\n"
    "            --) ((i++)); break ;;\n"
    "            --*) [[ ${COMP_WORDS[i+1]} == = ]] && ((i++)); ((i++)) ;;\n"
    "            *) break ;;\n"
    "            esac\n"
    "        done\n"
    "        if ((i == COMP_CWORD)) && [[ $cur != -* ]]; then\n"
    "            COMPREPLY=($(compgen -c -- \"$cur\"))\n"
    "            return\n"
    "        elif ((i < COMP_CWORD)); then\n"
    "            declare -F _command_offset >/dev/null && _command_offset \"$i\"\n"
    "            return\n"
    "        fi\n"
    "    fi\n"
    "    case \"$command $prev\" in\n";

static const char tail[] = "    esac\n"
                           "    if [[ $files ]]; then\n"
                           "        compopt -o filenames 2>/dev/null\n"
                           "        COMPREPLY=($(compgen \"$files\" -- \"$cur\"))\n"
                           "    elif [[ $words ]]; then\n"
                           "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                           "        [[ ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null\n"
                           "    fi\n"
                           "}\n"
                           "complete -o default -o bashdefault -F _taskless taskless\n";

static bool is_pack_command(const tskl_command *command) {
    return tskl_slice_starts(tskl_slice_of(command->name), TSKL_S("pack "));
}

static void put_commands(FILE *to) {
    fputs("        if ((first == 3)); then\n            words=\"", to);
    for (size_t i = 0; tskl_commands[i]; i++)
        if (is_pack_command(tskl_commands[i])) fprintf(to, "%s ", tskl_commands[i]->name + 5);
    fputs("\"\n        else\n            words=\"pack ", to);
    for (size_t i = 0; tskl_commands[i]; i++)
        if (!is_pack_command(tskl_commands[i])) fprintf(to, "%s ", tskl_commands[i]->name);
    fputs("\"\n        fi\n"
          "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n",
          to);
}

static void put_value(FILE *to, const tskl_command *command, const tskl_option *option) {
    const char *words;
    tskl_completes what = tskl_completion_of(command, option, &words);
    fprintf(to, "    \"%s --%s\") ", command->name, option->name);
    if (what == TSKL_COMPLETES_WORDS)
        fprintf(to, "words=\"%s\" ;;\n", words);
    else if (what == TSKL_COMPLETES_NOTHING)
        fputs("return ;;\n", to);
    else
        fprintf(to, "files=%s ;;\n", what == TSKL_COMPLETES_FOLDERS ? "-d" : "-f");
}

static void put_options(FILE *to, const tskl_command *command) {
    const char *operands = tskl_completion_operands(command);
    fprintf(to, "    \"%s \"*) if [[ $cur == -* ]]; then words=\"", command->name);
    for (int i = 0; i < command->option_count; i++) fprintf(to, "--%s ", command->options[i].name);
    fputs("--help\"", to);
    if (operands && strcmp(operands, "COMMANDS") == 0) {
        fputs("; else words=\"", to);
        for (size_t i = 0; tskl_commands[i]; i++)
            if (!is_pack_command(tskl_commands[i])) fprintf(to, "%s ", tskl_commands[i]->name);
        fputs("\"", to);
    } else if (operands) {
        fprintf(to, "; else words=\"%s\"", operands);
    }
    fputs("; fi ;;\n", to);
}

void tskl_completion_bash(FILE *to) {
    fputs(head, to);
    put_commands(to);
    fputs(after_commands, to);
    for (size_t c = 0; tskl_commands[c]; c++)
        for (int i = 0; i < tskl_commands[c]->option_count; i++)
            if (tskl_commands[c]->options[i].value)
                put_value(to, tskl_commands[c], &tskl_commands[c]->options[i]);
    for (size_t c = 0; tskl_commands[c]; c++) put_options(to, tskl_commands[c]);
    fputs(tail, to);
}
