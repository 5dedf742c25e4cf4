// SPDX-License-Identifier: Apache-2.0
#include "case/case_runner.h"
#include "command.h"
#include "conformance/expected.h"
#include "conformance/files.h"
#include "conformance/judge.h"
#include "conformance/program.h"
#include "conformance/server.h"
#include "installed.h"
#include "runtimes.h"
#include "say.h"
#include "settings.h"
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { CASES, FILTER, FORMAT, PRINT };
enum { PACKS_MAX = 64, LINES_ROOM = 64 * 1024 * 1024 };

/** One run of the command. */
typedef struct trial {
    const tskl_args *args;
    tskl_case_files files;
    tskl_case_runner runner; // has the folder
    tskl_replay_server server;
    tskl_plan plan;
    tskl_check_report report;
} trial;

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

// In the tree that taskless is built in, other files lie beside them.
static bool is_pack(const char *path) {
    char manifest[PATH_MAX];
    return tskl_file_in(path, "manifest.json", manifest) && access(manifest, R_OK) == 0;
}

// The Packs in a folder, behind those that are there.
static void add_packs(const char *folder, tskl_arena *arena, char **paths, size_t *count) {
    struct dirent **entries;
    int found = scandir(folder, &entries, is_shown, alphasort);
    for (int i = 0; i < found; i++) {
        char *path = tskl_arena_printf(arena, "%s/%s", folder, entries[i]->d_name);
        if (path && is_pack(path) && *count < PACKS_MAX) paths[(*count)++] = path;
        free(entries[i]);
    }
    if (found >= 0) free(entries);
}

// Those that come with taskless, and those that only cases have.
static tskl_status find_packs(trial *t, tskl_error *err) {
    static const tskl_config none;
    char *paths[PACKS_MAX + 1] = {NULL};
    char folder[PATH_MAX];
    size_t count = 0;
    if (tskl_installed_packs(folder)) add_packs(folder, &t->plan.arena, paths, &count);
    if (tskl_installed_part("share/taskless/conformance/packs", folder))
        add_packs(folder, &t->plan.arena, paths, &count);
    return tskl_pack_list_fill(&t->plan.packs, paths, &none, err);
}

static tskl_status find_cases(trial *t, tskl_error *err) {
    const char *filter = t->args->values[FILTER];
    char folder[PATH_MAX];
    const char *given = NULL;
    int at = 0;
    bool any = false;
    while ((given = tskl_args_next(t->args, CASES, &at))) {
        TSKL_TRY(tskl_case_files_add(&t->files, given, (tskl_slice){NULL, 0}, err));
        any = true;
    }
    if (!any) {
        if (!tskl_installed_part("share/taskless/conformance/cases", folder))
            return tskl_fail(err, TSKL_ERR_NOT_FOUND,
                             "the cases are not installed; name a folder "
                             "of them with --cases");
        // The list keeps the path, which is this function's.
        char *kept = tskl_arena_cstr(&t->plan.arena, tskl_slice_of(folder));
        if (!kept) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
        TSKL_TRY(tskl_case_files_add(&t->files, kept, (tskl_slice){NULL, 0}, err));
    }
    size_t kept = 0;
    for (size_t i = 0; filter && i < t->files.count; i++)
        if (strstr(t->files.items[i].path, filter)) t->files.items[kept++] = t->files.items[i];
    if (filter) t->files.count = kept;
    return t->files.count ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOT_FOUND, "there is no such case");
}

static void put_all(tskl_slice text) {
    fwrite(text.ptr, 1, text.len, stdout);
}

static tskl_status print_calls(trial *t, tskl_error *err) {
    tskl_buf lines;
    tskl_buf_init(&lines, LINES_ROOM);
    for (size_t group = 0; group < t->plan.groups; group++)
        tskl_plan_add_calls(&t->plan, group, &lines);
    put_all(tskl_buf_slice(&lines));
    bool failed = lines.failed;
    tskl_buf_deinit(&lines);
    return failed ? tskl_fail(err, TSKL_ERR_NOMEM, "no room for the calls") : TSKL_OK;
}

static tskl_status print_records(trial *t, tskl_error *err) {
    for (size_t group = 0; group < t->plan.groups; group++)
        TSKL_TRY(tskl_expect_group(&t->plan, group, t->runner.folder, err));
    for (size_t i = 0; i < t->plan.awaited_count; i++) {
        put_all(t->plan.awaited[i].line);
        putchar('\n');
    }
    return TSKL_OK;
}

static tskl_status try_group(trial *t, size_t group, tskl_error *err) {
    tskl_slice records;
    tskl_error problem;
    TSKL_TRY(tskl_expect_group(&t->plan, group, t->runner.folder, err));
    if (tskl_program_run(&t->plan, group, t->args->operands, t->runner.folder, &records,
                         &problem) != TSKL_OK)
        tskl_complain("%s", problem.message);
    return tskl_judge_group(&t->plan, group, records, &t->report, err);
}

static void say_skipped(const trial *t) {
    for (size_t i = 0; i < t->plan.count; i++) {
        const tskl_story *story = &t->plan.stories[i];
        if (story->skipped.len)
            printf("-    " TSKL_FMT ": " TSKL_FMT "\n", TSKL_ARG(story->name),
                   TSKL_ARG(story->skipped));
    }
}

static tskl_status try_command(trial *t, tskl_error *err) {
    bool as_text = strcmp(t->report.format->name, "text") == 0;
    TSKL_TRY(tskl_runtimes_set(NULL, err));
    TSKL_TRY(tskl_replay_server_start(&t->server, &t->plan, err));
    t->report.format->begin(&t->report, t->plan.awaited_count);
    for (size_t group = 0; group < t->plan.groups; group++) TSKL_TRY(try_group(t, group, err));
    if (as_text) say_skipped(t);
    t->report.format->end(&t->report);
    if (as_text && (t->report.failed || t->report.bad))
        printf("One of them alone: taskless conformance --filter NAME -- %s ...\n"
               "What a client has to report, and how: docs/clients.md\n",
               t->args->operands[0]);
    return TSKL_OK;
}

static tskl_status try_all(trial *t, tskl_error *err) {
    const char *print = t->args->values[PRINT];
    bool live = !print;
    TSKL_TRY(find_packs(t, err));
    TSKL_TRY(find_cases(t, err));
    if (live) TSKL_TRY(tskl_replay_server_open(&t->server, err));
    TSKL_TRY(tskl_plan_read(&t->plan, &t->files, live ? &t->server.at : NULL, err));
    TSKL_TRY(tskl_case_runner_open(&t->runner, &t->plan.packs, err));
    if (live) return try_command(t, err);
    return strcmp(print, "calls") == 0 ? print_calls(t, err) : print_records(t, err);
}

static bool is_understood(const tskl_args *args) {
    const char *print = args->values[PRINT];
    if (print && strcmp(print, "calls") != 0 && strcmp(print, "records") != 0) {
        tskl_complain("--print %s is none of calls, records", print);
        return false;
    }
    if (!print && args->operand_count == 0) {
        tskl_complain("conformance needs a command: taskless conformance -- python3 calls.py");
        return false;
    }
    return true;
}

static int run(const tskl_args *args) {
    static trial t;
    tskl_error err;
    const char *format = args->values[FORMAT] ? args->values[FORMAT] : "text";
    t.args = args;
    t.report = (tskl_check_report){
        .format = tskl_check_format_find(format), .to = stdout, .verbose = true};
    if (!t.report.format) {
        tskl_complain("--format %s is none of text, tap, json", format);
        return TSKL_EXIT_USAGE;
    }
    if (!is_understood(args)) return TSKL_EXIT_USAGE;
    t.report.colour = tskl_stream_takes_colour(stdout);
    tskl_status status = try_all(&t, &err);
    tskl_case_runner_close(&t.runner);
    int code = t.report.failed || t.report.bad ? TSKL_EXIT_NO : TSKL_EXIT_DONE;
    if (status != TSKL_OK) code = tskl_fail_with(&err);
    // The plan stays: the server's threads read it until the program ends.
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [CASES] = {"cases", "DIR", "the cases below DIR, in place of those that are installed"},
    [FILTER] = {"filter", "TEXT", "only cases with TEXT in their path"},
    [FORMAT] = {"format", "NAME", "text (usual), tap or json"},
    [PRINT] = {"print", "WHAT", "no command: `calls` or `records`, as they are in the cases"},
};

const tskl_command tskl_command_conformance = {
    .name = "conformance",
    .summary = "says how far a client for another language is",
    .operands = "[--] COMMAND [ARGUMENT...]",
    .about =
        "Serves the cases on the loopback and runs COMMAND, a program whose calls a client\n"
        "observes. On its standard input it has a line of JSON for each call that it is to make:\n"
        "method, url, headers, body. The records that its client writes are compared with those\n"
        "that the library makes of the same cases; for each case the first lines say what\n"
        "differs. docs/clients.md is the contract, and has the members of a call.\n",
    .examples = "  taskless conformance -- perl calls.pl\n"
                "      all cases, under the client that calls.pl loads\n"
                "  taskless conformance --filter redirect -- perl calls.pl\n"
                "      some of them\n"
                "  taskless conformance --print calls | head -1 | jq\n"
                "      what COMMAND is given\n",
    .next = "Exit code: 0 all records are equal, 1 some are not, 3 a case or a Pack is bad.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .passes_on = true,
    .run = run,
};
