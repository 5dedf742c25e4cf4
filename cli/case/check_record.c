// SPDX-License-Identifier: Apache-2.0
#include "case/case_runner.h"
#include "case/case_writer.h"
#include "case/check.h"
#include "command.h"
#include "exchange/url.h"
#include "input.h"
#include "kit/kit_steps.h"
#include "pack/manifest.h"
#include "recording/item.h"
#include "say.h"
#include "store/folder.h"
#include "store/package.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

enum { CASES_MAX = 200, SAME_NAME_MAX = 1000, LINE_MAX_BYTES = 256 * 1024 };

/** Calls on their way to becoming cases. */
typedef struct recording {
    const tskl_check_job *job;
    char *const *source; // a recording, or a command and its arguments
    const char *pack;    // its folder
    tskl_arena arena, entry;
    tskl_manifest manifest;
    tskl_pack_list packs; // the Pack, once it is built
    tskl_case_runner runner;
    const char *folder; // of the cases
    int folder_fd;
    char made[PATH_MAX], har[PATH_MAX + 16];
    size_t calls, written, bad;
} recording;

static bool is_pack(const char *path) {
    char manifest[PATH_MAX];
    int len = snprintf(manifest, sizeof manifest, "%s/manifest.json", path);
    return len < (int)sizeof manifest && access(manifest, F_OK) == 0;
}

// By its name: a command has other ones.
static bool is_recording(char *const *words) {
    static const char *const ends[] = {".har", ".har.gz", ".json", ".json.gz", ".ndjson", ".jsonl"};
    bool known = false;
    for (size_t i = 0; words[0] && !words[1] && i < TSKL_COUNT(ends); i++)
        known = known || tskl_slice_ends(tskl_slice_of(words[0]), tskl_slice_of(ends[i]));
    return known;
}

static tskl_status read_manifest(recording *r, tskl_error *err) {
    tskl_slice text;
    const char *path = tskl_arena_printf(&r->arena, "%s/manifest.json", r->pack);
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    TSKL_TRY(tskl_input_file(path, TSKL_PACKAGE_MANIFEST_MAX, &r->arena, &text, err));
    tskl_status status = tskl_manifest_parse(text, &r->arena, &r->manifest, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

static tskl_status make_folder(recording *r, tskl_error *err) {
    const char *parent = getenv("TMPDIR");
    int len = snprintf(r->made, sizeof r->made, "%s/taskless-record-XXXXXX",
                       parent && *parent ? parent : "/tmp");
    if (len >= (int)sizeof r->made || !mkdtemp(r->made)) {
        r->made[0] = 0;
        return tskl_fail(err, TSKL_ERR_IO, "no folder for a recording in %s",
                         parent && *parent ? parent : "/tmp");
    }
    snprintf(r->har, sizeof r->har, "%s/calls.har", r->made);
    return TSKL_OK;
}

// Whatever it comes from, what becomes a case went through the library as any other call does:
// masked, and nothing of it in two ways. So this program is called once more.
static tskl_status record(recording *r, tskl_error *err) {
    char self[PATH_MAX], output[PATH_MAX + 32];
    size_t count = 0, words = 0;
    int code;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) return tskl_fail(err, TSKL_ERR_IO, "this program cannot be found");
    self[len] = 0;
    snprintf(output, sizeof output, "har:%s", r->har);
    while (r->source[words]) words++;
    char **argv = tskl_arena_array(&r->arena, char *, words + 8);
    if (!argv) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a command");
    bool recorded = is_recording(r->source);
    argv[count++] = self;
    argv[count++] = (char *)(recorded ? "replay" : "run");
    if (recorded) argv[count++] = (char *)"--quiet";
    argv[count++] = (char *)"--output";
    argv[count++] = output;
    argv[count++] = (char *)"--";
    for (size_t i = 0; i < words; i++) argv[count++] = r->source[i];
    TSKL_TRY(tskl_run_program(argv, NULL, environ, &code, err));
    // What it could not read it has named; what it could read becomes cases.
    if (code && recorded) {
        r->bad++;
        if (access(r->har, F_OK) == 0 && code == TSKL_EXIT_BAD) return TSKL_OK;
        return tskl_fail(err, TSKL_ERR_INVALID, "%s cannot be read to its end", r->source[0]);
    }
    if (code == TSKL_EXIT_NOT_FOUND || code == TSKL_EXIT_SELF || code == TSKL_EXIT_CANNOT_RUN)
        return tskl_fail(err, TSKL_ERR_INVALID, "%s could not be run", r->source[0]);
    if (code)
        tskl_complain("%s ended with %d; its calls are recorded all the same", r->source[0], code);
    return TSKL_OK;
}

static bool is_wanted(const recording *r, const tskl_call *call) {
    tskl_url url = tskl_url_parse(call->url);
    const char *filter = r->job->filter;
    return tskl_hostlist_has(&r->manifest.hosts, url.host, url.port) &&
           (!filter || tskl_slice_search(call->url, tskl_slice_of(filter)) != SIZE_MAX);
}

// What the Pack, as it is now, says of the case. NULL where it is not built: then it is only seen
// that the case can be read again.
static tskl_status run_pack(recording *r, tskl_slice text, const tskl_json **captures,
                            tskl_error *err) {
    tskl_case story;
    tskl_slice line;
    const tskl_json *record;
    *captures = NULL;
    TSKL_TRY(tskl_case_read("case", text, &r->entry, &story, err));
    if (r->packs.count == 0) return TSKL_OK;
    TSKL_TRY(tskl_case_run(&r->runner, &story, r->manifest.name, &r->entry, &line, err));
    TSKL_TRY(tskl_json_parse(line, &r->entry, &record, err));
    *captures = tskl_json_get(record, TSKL_S("captures"));
    return TSKL_OK;
}

// The first of NAME.json, NAME_2.json, ... that is not there.
static int create(const recording *r, const char *name, char file[NAME_MAX]) {
    for (int n = 1; n <= SAME_NAME_MAX; n++) {
        int len = n == 1 ? snprintf(file, NAME_MAX, "%s.json", name)
                         : snprintf(file, NAME_MAX, "%s_%d.json", name, n);
        if (len >= NAME_MAX) return -1;
        int fd =
            openat(r->folder_fd, file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

static tskl_status write_case(recording *r, const tskl_call *call, tskl_slice text,
                              tskl_error *err) {
    char file[NAME_MAX] = "";
    const char *name = tskl_case_name_of(call, &r->entry);
    int fd = name ? create(r, name, file) : -1;
    bool written = fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len;
    if (fd >= 0) close(fd);
    if (!written) return tskl_fail(err, TSKL_ERR_IO, "%s/%s: %s", r->folder, file, strerror(errno));
    printf("%s/%s\n", r->folder, file);
    r->written++;
    return TSKL_OK;
}

static tskl_status make_case(recording *r, const tskl_call *call, tskl_error *err) {
    tskl_buf text;
    const tskl_json *captures;
    tskl_buf_init(&text, TSKL_CASE_FILE_MAX);
    tskl_status status = tskl_case_write(call, NULL, &text, err);
    if (status == TSKL_OK) status = run_pack(r, tskl_buf_slice(&text), &captures, err);
    if (status == TSKL_OK && captures) {
        tskl_buf_clear(&text);
        status = tskl_case_write(call, captures, &text, err);
    }
    if (status == TSKL_OK) status = write_case(r, call, tskl_buf_slice(&text), err);
    tskl_buf_deinit(&text);
    return status;
}

// A call that no case can hold is named, and costs no other one.
static void leave_out(recording *r, const tskl_item *item, const char *problem) {
    tskl_slice url = tskl_item_shown_url(item, &r->entry);
    tskl_complain("call %zu is left out: " TSKL_FMT "%s%s", item->number, TSKL_ARG(url),
                  url.len ? ": " : "", problem);
    r->bad++;
}

static tskl_status take_piece(recording *r, const tskl_har_piece *piece, tskl_error *err) {
    tskl_item item;
    tskl_status status = tskl_item_read(piece, &r->entry, &item, err);
    if (status == TSKL_ERR_NOMEM) return status;
    if (status != TSKL_OK || item.record) {
        leave_out(r, &item, item.record ? "a record has no bodies" : err->message);
        return TSKL_OK;
    }
    r->calls++;
    if (!is_wanted(r, &item.call)) return TSKL_OK;
    if (r->written == CASES_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%d cases are enough: --filter picks some",
                         CASES_MAX);
    status = make_case(r, &item.call, err);
    if (status != TSKL_ERR_INVALID && status != TSKL_ERR_SYNTAX && status != TSKL_ERR_LIMIT)
        return status;
    leave_out(r, &item, err->message);
    return TSKL_OK;
}

static int64_t read_har(void *user, char *room, size_t size) {
    return read(*(const int *)user, room, size);
}

static tskl_status take_calls(recording *r, tskl_error *err) {
    tskl_har_reader reader;
    tskl_har_piece piece;
    bool more = true;
    int fd = open(r->har, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return TSKL_OK; // there was no call
    tskl_har_reader_init(&reader, read_har, &fd);
    tskl_status status = TSKL_OK;
    while (more && status == TSKL_OK) {
        status = tskl_har_reader_next(&reader, &piece, &more, err);
        if (status == TSKL_OK && more) status = take_piece(r, &piece, err);
        tskl_arena_reuse(&r->entry);
    }
    tskl_har_reader_deinit(&reader);
    close(fd);
    return status;
}

static tskl_status prepare(recording *r, tskl_error *err) {
    char *const paths[] = {(char *)r->pack, NULL};
    static const tskl_config none;
    const char *wasm = tskl_arena_printf(&r->arena, "%s/pack.wasm", r->pack);
    r->folder = r->job->cases ? r->job->cases : tskl_arena_printf(&r->arena, "%s/cases", r->pack);
    if (!wasm || !r->folder) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    TSKL_TRY(read_manifest(r, err));
    if (access(wasm, F_OK) == 0) TSKL_TRY(tskl_pack_list_fill(&r->packs, paths, &none, err));
    // A folder that the user names may be a link; one that came with the Pack may not.
    if (r->job->cases) r->folder_fd = open(r->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (r->folder_fd < 0) TSKL_TRY(tskl_folder_make(AT_FDCWD, r->folder, &r->folder_fd, err));
    return make_folder(r, err);
}

static int say_end(const recording *r) {
    const tskl_hostlist *hosts = &r->manifest.hosts;
    if (r->written == 0) {
        tskl_complain("%zu call%s seen, none of them to " TSKL_FMT "%s%s%s", r->calls,
                      r->calls == 1 ? " was" : "s were",
                      TSKL_ARG(hosts->count ? hosts->items[0] : TSKL_S("a host of this Pack")),
                      hosts->count > 1 ? " and the other `hosts` of its manifest" : "",
                      r->job->filter ? " with --filter's text: " : "",
                      r->job->filter ? r->job->filter : "");
        return TSKL_EXIT_NO;
    }
    if (r->packs.count)
        puts("What is expected there is what the Pack says now: look whether it is right.");
    else
        puts("The Pack is not built yet: what is expected there is for you to write.");
    return r->bad ? TSKL_EXIT_BAD : TSKL_EXIT_DONE;
}

static tskl_status run_all(recording *r, tskl_error *err) {
    TSKL_TRY(prepare(r, err));
    TSKL_TRY(record(r, err));
    // Now: it takes variables away that the program above had to see.
    TSKL_TRY(tskl_case_runner_open(&r->runner, &r->packs, err));
    tskl_status status = take_calls(r, err);
    tskl_case_runner_close(&r->runner);
    return status;
}

static void clean_up(recording *r) {
    if (r->folder_fd >= 0) close(r->folder_fd);
    if (r->har[0]) unlink(r->har);
    if (r->made[0]) rmdir(r->made);
    tskl_pack_list_deinit(&r->packs);
    tskl_arena_reset(&r->entry);
    tskl_arena_reset(&r->arena);
}

int tskl_check_record(const tskl_check_job *job) {
    recording r = {.job = job, .source = job->paths, .pack = ".", .folder_fd = -1};
    tskl_error err;
    if (r.source[0] && is_pack(r.source[0])) r.pack = *r.source++;
    if (!r.source[0] || !is_pack(r.pack)) {
        tskl_complain(r.source[0] ? "no Pack is here: name its folder in front of what is recorded"
                                  : "--record needs a recording or a command: taskless pack check "
                                    "--record calls.har, or --record -- curl https://...");
        return TSKL_EXIT_USAGE;
    }
    mode_t mask = umask(0);
    umask(mask | 0022);
    int code = run_all(&r, &err) == TSKL_OK ? say_end(&r) : tskl_fail_with(&err);
    clean_up(&r);
    return code;
}
