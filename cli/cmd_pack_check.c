// SPDX-License-Identifier: Apache-2.0
#include "case/check.h"
#include "command.h"
#include "say.h"
#include "settings.h"
#include <unistd.h>

enum { CASES, FORMAT, FILTER, WATCH, RECORD, VERBOSE };

// In an author's project without more words, the Pack in it is meant.
static char *const *packs_meant(const tskl_args *args) {
    static char here[] = ".";
    static char *const this_folder[] = {here, NULL};
    bool is_pack = access("manifest.json", F_OK) == 0;
    return args->operand_count == 0 && is_pack ? this_folder : args->operands;
}

static int check(const tskl_args *args, tskl_check_job *job, const tskl_config *config) {
    if (args->values[RECORD]) {
        job->paths = args->operands;
        return tskl_check_record(job);
    }
    return args->values[WATCH] ? tskl_check_watch(job, config) : tskl_check(job, config);
}

static int run(const tskl_args *args) {
    tskl_config *config;
    const char *format = args->values[FORMAT] ? args->values[FORMAT] : "text";
    tskl_check_job job = {
        .paths = packs_meant(args), .cases = args->values[CASES], .filter = args->values[FILTER]};
    job.report = (tskl_check_report){.format = tskl_check_format_find(format),
                                     .to = stdout,
                                     .verbose = args->values[VERBOSE] != NULL};
    if (!job.report.format) {
        tskl_complain("--format %s is none of text, tap, json", format);
        return TSKL_EXIT_USAGE;
    }
    if (args->values[WATCH] && strcmp(format, "text") != 0) {
        tskl_complain("--watch is for people: it takes no --format %s", format);
        return TSKL_EXIT_USAGE;
    }
    int code = tskl_settings_open(args, "stdout", &config);
    if (code != TSKL_EXIT_DONE) return code;
    job.report.colour = tskl_stream_takes_colour(stdout);
    code = check(args, &job, config);
    tskl_config_free(config);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [CASES] = {"cases", "DIR", "run the cases below DIR, in place of the Packs' own"},
    [FORMAT] = {"format", "NAME", "text (usual), tap or json"},
    [FILTER] = {"filter", "TEXT", "only cases with TEXT in their path"},
    [WATCH] = {"watch", NULL, "build and check again on each change, until Ctrl-C"},
    [RECORD] = {"record", NULL, "make cases of a recording (.har), or of what a command calls"},
    [VERBOSE] = {"verbose", NULL, "name the cases that pass as well"},
    TSKL_OPTIONS_OF_PACKS,
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_pack_check = {
    .name = "pack check",
    .summary = "checks Packs and runs their cases",
    .operands = "[PACK_DIR...] [FILE | -- COMMAND]",
    .about =
        "Reads each Pack's manifest and code and runs its cases: recorded calls, each with the\n"
        "captures that must come of it (PACK_DIR/cases/*.json). What differs is shown line by\n"
        "line. A PACK_DIR is a folder or a pack.tgz; without any, the Pack in\n"
        "this folder, else all configured Packs.\n"
        "Cases run as they would in a program: no call leaves the machine.\n"
        "\n"
        "With --record, calls to the Pack's hosts become cases, with secrets masked: those of a\n"
        "recording, or those that a command makes while it is watched. What each expects is what\n"
        "the Pack says now, for you to look at.\n",
    .examples = "  taskless pack check ./packs/stripe\n"
                "      one Pack with its cases\n"
                "  taskless pack check --cases tests/cases --format tap\n"
                "      stories about several Packs, for a test harness\n"
                "  taskless pack check --record -- node charge.js\n"
                "      a case in cases/ of each call it makes to the Pack's service\n"
                "  taskless pack check --watch\n"
                "      the project in this folder, built and checked whenever it is saved\n"
                "  taskless pack check ./packs/stripe --filter card_ --verbose\n"
                "      some cases, each named\n",
    .next = "  taskless pack bundle     packs it up as one file, once they pass\n"
            "\n"
            "Exit code: 0 all pass, 1 a case fails, 3 a Pack or a case is bad.\n"
            "docs/internals/cases.md says what a case may hold.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .never_grants = true,
    .run = run,
};
