// SPDX-License-Identifier: Apache-2.0
#include "case/check.h"
#include "case/case_files.h"
#include "case/case_runner.h"
#include "command.h"
#include "say.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/** A check, from Packs and files to a report. */
typedef struct check {
    const tskl_check_job *job;
    tskl_pack_list packs;
    tskl_case_files files;
    tskl_case_runner runner;
    tskl_check_report report;
} check;

// A Pack's own cases lie beside its manifest.
static tskl_status add_own_cases(check *c, const tskl_known_pack *pack, tskl_error *err) {
    char folder[4096];
    struct stat st;
    int len = snprintf(folder, sizeof folder, TSKL_FMT "/cases", TSKL_ARG(pack->from));
    bool there = len < (int)sizeof folder && stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
    return there ? tskl_case_files_add(&c->files, folder, pack->name, err) : TSKL_OK;
}

static tskl_status find_files(check *c, tskl_error *err) {
    const char *folder = c->job->cases;
    bool single = c->job->paths[0] && !c->job->paths[1] && c->packs.count > 0;
    tskl_slice home = single ? c->packs.items[0].name : (tskl_slice){NULL, 0};
    if (folder) return tskl_case_files_add(&c->files, folder, home, err);
    for (size_t i = 0; i < c->packs.count; i++)
        if (c->packs.items[i].asked_for) TSKL_TRY(add_own_cases(c, &c->packs.items[i], err));
    return TSKL_OK;
}

// Keeps the cases whose path has the filter's text in it.
static void filter_files(check *c) {
    const char *text = c->job->filter;
    size_t kept = 0;
    for (size_t i = 0; text && i < c->files.count; i++)
        if (strstr(c->files.items[i].path, text)) c->files.items[kept++] = c->files.items[i];
    if (text) c->files.count = kept;
}

static tskl_status read_file(const char *path, tskl_arena *arena, tskl_slice *text,
                             tskl_error *err) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        tskl_status status = tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
        if (fd >= 0) close(fd);
        return status;
    }
    size_t size = (size_t)st.st_size, got = 0;
    char *room = size <= TSKL_CASE_FILE_MAX ? tskl_arena_take(arena, size + 1) : NULL;
    for (ssize_t n = 1; room && n > 0 && got < size; got += n > 0 ? (size_t)n : 0)
        n = read(fd, room + got, size - got);
    close(fd);
    *text = tskl_slice_make(room, got);
    return room ? TSKL_OK : tskl_fail(err, TSKL_ERR_LIMIT, "%s: larger than 4 MiB", path);
}

static tskl_status run_case(check *c, const tskl_case_file *file, tskl_arena *arena,
                            tskl_check_result *result, tskl_error *err) {
    tskl_slice text, line;
    tskl_case story;
    TSKL_TRY(read_file(file->path, arena, &text, err));
    TSKL_TRY(tskl_case_read(file->path, text, arena, &story, err));
    result->about = story.about;
    TSKL_TRY(tskl_case_run(&c->runner, &story, file->home, arena, &line, err));
    return tskl_compare(&story, line, arena, &result->differences, err);
}

static void check_file(check *c, const tskl_case_file *file) {
    tskl_arena arena = {0};
    tskl_error err;
    tskl_check_result result = {.pack = file->home, .path = file->path};
    result.name = tskl_case_name(file->path);
    if (run_case(c, file, &arena, &result, &err) != TSKL_OK)
        result.problem = tskl_slice_of(err.message);
    tskl_check_report_add(&c->report, &result);
    tskl_arena_reset(&arena);
}

static int check_files(check *c) {
    tskl_error err;
    if (tskl_case_runner_open(&c->runner, &c->packs, &err) != TSKL_OK) return tskl_fail_with(&err);
    c->report.format->begin(&c->report, c->files.count);
    for (size_t i = 0; i < c->files.count; i++) check_file(c, &c->files.items[i]);
    c->report.format->end(&c->report);
    tskl_case_runner_close(&c->runner);
    if (c->packs.bad || c->report.bad) return TSKL_EXIT_BAD;
    return c->report.failed ? TSKL_EXIT_NO : TSKL_EXIT_DONE;
}

static int run_check(check *c, const tskl_config *config) {
    tskl_error err;
    if (tskl_pack_list_fill(&c->packs, c->job->paths, config, &err) != TSKL_OK ||
        find_files(c, &err) != TSKL_OK)
        return tskl_fail_with(&err);
    filter_files(c);
    if (c->packs.count == 0 && c->packs.bad == 0) tskl_complain("there are no Packs to check");
    return check_files(c);
}

int tskl_check(const tskl_check_job *job, const tskl_config *config) {
    check c = {.job = job, .report = job->report};
    int code = run_check(&c, config);
    tskl_case_files_deinit(&c.files);
    tskl_pack_list_deinit(&c.packs);
    return code;
}
