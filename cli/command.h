// command: what every command of the program is made of: its words, its options, its function.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_COMMAND_H
#define TSKL_CLI_COMMAND_H
#include "base/slice.h"

/** How the program ends. `run` ends as the program it runs, or with the last three, as env does. */
enum {
    TSKL_EXIT_DONE = 0,
    TSKL_EXIT_NO = 1,      // it worked, and the answer is no
    TSKL_EXIT_USAGE = 2,   // the command line
    TSKL_EXIT_BAD = 3,     // a file or a Pack is bad
    TSKL_EXIT_MACHINE = 4, // memory, disk, time
    TSKL_EXIT_SELF = 125,
    TSKL_EXIT_CANNOT_RUN = 126,
    TSKL_EXIT_NOT_FOUND = 127,
};

enum { TSKL_OPTIONS_MAX = 24, TSKL_GIVEN_MAX = 128 };

typedef struct tskl_option {
    const char *name;  // without its dashes
    const char *value; // what to call its value, "DIR"; NULL for a switch
    const char *about; // a line or two, for help
} tskl_option;

typedef struct tskl_command tskl_command;

/** An option as it stood on the command line. */
typedef struct tskl_given {
    int option; // its place in the command's table
    const char *value;
} tskl_given;

/** A command line, parted. */
typedef struct tskl_args {
    const tskl_command *command;
    const char *values[TSKL_OPTIONS_MAX]; // by the option's place; "" for a switch; NULL: not given
    tskl_given given[TSKL_GIVEN_MAX];     // all of them in order: some may be given several times
    int given_count;
    char **operands; // what is no option, in order; ends with NULL
    int operand_count;
} tskl_args;

struct tskl_command {
    const char *name;     // "replay", "pack check"
    const char *summary;  // one line, for the list of commands
    const char *operands; // "FILE|-"
    const char *about;    // some lines: what it does
    const char *examples; // lines "command\n    what it does\n"
    const char *next;     // what comes after it
    const tskl_option *options;
    int option_count;
    bool writes_records; // --output and --format say where and how
    bool never_grants;   // no configuration gives its Packs hosts or secrets
    bool obeys_config;   // but one that --config names
    bool passes_on;      // all from the first operand on belongs to another program
    int (*run)(const tskl_args *args);
};

/** The commands, in the order of help; ends with NULL. */
extern const tskl_command *const tskl_commands[];
extern const tskl_command tskl_command_run, tskl_command_replay, tskl_command_explain,
    tskl_command_compile, tskl_command_trust, tskl_command_doctor, tskl_command_pack_new,
    tskl_command_pack_build, tskl_command_pack_bundle, tskl_command_pack_install,
    tskl_command_pack_check, tskl_command_pack_call, tskl_command_pack_inspect,
    tskl_command_conformance, tskl_command_completion, tskl_command_version, tskl_command_help;

/** The value of the option of that name, "" for a switch, NULL when not given or not an option of
 *  this command. */
const char *tskl_args_get(const tskl_args *args, const char *name);
/** The next value of the option at that place, from `*at` on, which begins as 0: for an option that
 *  may be given several times. NULL: there is none. */
const char *tskl_args_next(const tskl_args *args, int option, int *at);
/** Parts what stands behind the command's words. What cannot be is said on stderr. `*help`: it was
 *  asked for. False: the command line is wrong. */
bool tskl_args_parse(const tskl_command *command, char **words, tskl_args *out, bool *help);
/** Finds the command whose name the words begin with; `*used` is how many those are. NULL: none. */
const tskl_command *tskl_command_find(char **words, int *used);

/** How the program speaks to the library: options that are TASKLESS_* variables. Rows for a
 *  command's table; settings.c applies them. */
#define TSKL_OPTIONS_OF_PACKS                                                                      \
    {"config", "FILE", "the configuration, in place of taskless.yaml in the working folder"},      \
        {"packs", "DIR", "the folder of Packs, in place of .taskless"},                            \
        {"log-level", "LEVEL", "off, error, warn (usual), info, debug or trace"}
// Of each command that compiles Packs: main obeys it.
#define TSKL_OPTION_NO_LIMIT                                                                       \
    {"no-limit", NULL, "compile Packs without the limits of 1 GiB of memory and 60 s"}
#define TSKL_OPTIONS_OF_RECORDS                                                                    \
    {"output", "LIST",                                                                             \
     "where records go: stderr, stdout, fd:N, file:PATH, har:PATH; several with commas"},          \
        {"format", "NAME", "pretty (usual on a terminal), ndjson (elsewhere), stable, taskless"}

#endif
