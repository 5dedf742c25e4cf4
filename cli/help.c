// SPDX-License-Identifier: Apache-2.0
#include "help.h"
#include "base/env.h"
#include "config/nearest.h"
#include "page.h"
#include "say.h"

enum { NAME_COLUMN = 24, COMMAND_COLUMN = 14, PARAGRAPH_MAX = 2048 };

/** Terminal codes for headings, or nothing. */
typedef struct ink {
    const char *strong, *plain;
} ink;

static ink ink_of(FILE *to) {
    return tskl_stream_takes_colour(to) ? (ink){"\033[1m", "\033[0m"} : (ink){"", ""};
}

static void heading(FILE *to, const char *text) {
    ink i = ink_of(to);
    fprintf(to, "\n%s%s%s\n", i.strong, text, i.plain);
}

static void command_line(FILE *to, const tskl_command *command) {
    fprintf(to, "  %-*s ", COMMAND_COLUMN, command->name);
    tskl_page_wrap(to, tskl_slice_of(command->summary), COMMAND_COLUMN + 3, COMMAND_COLUMN + 3);
}

// Paragraphs are broken anew, as a terminal has room for them; a line that begins with a space is
// an example, and stays.
static void paragraphs(FILE *to, const char *text) {
    char paragraph[PARAGRAPH_MAX];
    size_t len = 0;
    tskl_slice rest = tskl_slice_of(text);
    while (rest.len || len) {
        tskl_slice line = tskl_slice_line(&rest);
        bool joins = line.len && line.ptr[0] != ' ' && len + 1 + line.len < sizeof paragraph;
        if (joins) {
            if (len) paragraph[len++] = ' ';
            memcpy(paragraph + len, line.ptr, line.len);
            len += line.len;
        }
        if (joins && rest.len) continue;
        if (len) tskl_page_wrap(to, tskl_slice_make(paragraph, len), 0, 0);
        len = 0;
        if (!joins && (rest.len || line.len)) fprintf(to, TSKL_FMT "\n", TSKL_ARG(line));
    }
}

void tskl_help_overview(FILE *to) {
    ink i = ink_of(to);
    fprintf(to, "%staskless%s says why calls to other services fail.\n", i.strong, i.plain);
    heading(to, "Usage");
    fputs("  taskless COMMAND [options]\n", to);
    heading(to, "Commands");
    for (size_t n = 0; tskl_commands[n]; n++) command_line(to, tskl_commands[n]);
    heading(to, "To begin");
    fputs("  taskless run -- node server.js     one line for each call your program makes\n"
          "  curl -i https://... | taskless explain     why this answer, and what now\n"
          "\n`taskless help COMMAND` teaches one command.\n",
          to);
}

// "  --output LIST   where records go": long names push what they mean to a line of its own.
static void option_line(FILE *to, const tskl_option *option) {
    char name[64];
    int len = snprintf(name, sizeof name, "--%s%s%s", option->name, option->value ? " " : "",
                       option->value ? option->value : "");
    if (len >= NAME_COLUMN)
        fprintf(to, "  %s\n  %*s", name, NAME_COLUMN, "");
    else
        fprintf(to, "  %-*s", NAME_COLUMN, name);
    tskl_page_wrap(to, tskl_slice_of(option->about), NAME_COLUMN + 2, NAME_COLUMN + 2);
}

void tskl_help_command(const tskl_command *command, FILE *to) {
    static const tskl_option help = {"help", NULL, "this page"};
    ink i = ink_of(to);
    fprintf(to, "%staskless %s%s: %s\n", i.strong, command->name, i.plain, command->summary);
    heading(to, "Usage");
    fprintf(to, "  taskless %s [options]%s%s\n", command->name, command->operands ? " " : "",
            command->operands ? command->operands : "");
    if (command->about) {
        fputc('\n', to);
        paragraphs(to, command->about);
    }
    heading(to, "Options");
    for (int n = 0; n < command->option_count; n++) option_line(to, &command->options[n]);
    option_line(to, &help);
    if (command->examples) {
        heading(to, "Examples");
        fputs(command->examples, to);
    }
    if (command->next) {
        // Commands to go on with stand first, if there are any; then what an exit code means.
        if (command->next[0] == ' ')
            heading(to, "Next");
        else
            fputc('\n', to);
        paragraphs(to, command->next);
    }
}

int tskl_help_unknown(char **words) {
    tskl_nearest nearest = {.wrong = tskl_slice_of(words[0])};
    char two_words[96];
    if (words[1]) snprintf(two_words, sizeof two_words, "%s %s", words[0], words[1]);
    tskl_nearest longer = {.wrong = tskl_slice_of(words[1] ? two_words : words[0])};
    for (size_t i = 0; tskl_commands[i]; i++) {
        tskl_nearest_offer(&nearest, tskl_slice_of(tskl_commands[i]->name));
        tskl_nearest_offer(&longer, tskl_slice_of(tskl_commands[i]->name));
    }
    tskl_slice meant = nearest.best.len ? nearest.best : longer.best;
    if (meant.len)
        tskl_complain("'%s' is no command, did you mean 'taskless " TSKL_FMT "'?", words[0],
                      TSKL_ARG(meant));
    else
        tskl_complain("'%s' is no command; `taskless help` lists them", words[0]);
    return TSKL_EXIT_USAGE;
}
