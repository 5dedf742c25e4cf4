// main: finds the command that is meant, and runs it.
// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "help.h"
#include "limited_compiler.h"
#include "say.h"
#include <fcntl.h>
#include <unistd.h>

/** What people type out of habit. */
static const struct {
    const char *typed, *meant;
} habits[] = {{"--help", "help"}, {"-h", "help"}, {"--version", "version"}, {"-V", "version"}};

static void follow_habits(char **words) {
    for (size_t i = 0; i < TSKL_COUNT(habits); i++)
        if (strcmp(words[0], habits[i].typed) == 0) words[0] = (char *)habits[i].meant;
}

// Where a standard descriptor is closed, the next file would take its number, and a complaint would
// be written into it. Close-on-exec: a program that is run finds them closed as they were.
static void hold_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0) (void)open("/dev/null", O_RDWR | O_CLOEXEC);
}

int main(int argc, char **argv) {
    (void)argc;
    hold_descriptors();
    char **words = argv + (argv[0] != NULL);
    int used;
    if (!*words) {
        tskl_help_overview(stderr);
        return TSKL_EXIT_USAGE;
    }
    follow_habits(words);
    const tskl_command *command = tskl_command_find(words, &used);
    if (!command) return tskl_help_unknown(words);
    tskl_args args;
    bool help;
    if (!tskl_args_parse(command, words + used, &args, &help)) {
        fprintf(stderr, "`taskless %s --help` shows what it takes.\n", command->name);
        return command == &tskl_command_run ? TSKL_EXIT_SELF : TSKL_EXIT_USAGE;
    }
    if (help) {
        tskl_help_command(command, stdout);
        return tskl_finish_output(TSKL_EXIT_DONE);
    }
    if (command == &tskl_command_run) tskl_say_never_wait();
    if (tskl_args_get(&args, "no-limit")) tskl_limited_compile_lift();
    return command->run(&args);
}
