// SPDX-License-Identifier: Apache-2.0
#include "case/case_runner.h"
#include "base/env.h"
#include "base/json_writer.h"
#include "recording/report.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CONFIG_ROOM = 64 * 1024 * 1024, LINE_ROOM = 128 * 1024, WAIT_MS = 60 * 1000 };

tskl_status tskl_case_runner_open(tskl_case_runner *runner, const tskl_pack_list *packs,
                                  tskl_error *err) {
    // A case says all that its run depends on.
    static const char *const variables[] = {"TASKLESS_CONFIG", "TASKLESS_DIRECTORY",
                                            "TASKLESS_OUTPUT", "TASKLESS_FORMAT",
                                            "TASKLESS_ENV",    "TASKLESS_FOUND"};
    const char *parent = tskl_env_lookup("TMPDIR");
    for (size_t i = 0; i < TSKL_COUNT(variables); i++) unsetenv(variables[i]);
    *runner = (tskl_case_runner){.packs = packs};
    int len = snprintf(runner->folder, sizeof runner->folder, "%s/taskless-check-XXXXXX",
                       parent && *parent ? parent : "/tmp");
    if (len < (int)sizeof runner->folder && mkdtemp(runner->folder)) return TSKL_OK;
    tskl_fail(err, TSKL_ERR_IO, "no folder for configurations at %s", runner->folder);
    runner->folder[0] = 0;
    return TSKL_ERR_IO;
}

static void config_path(const tskl_case_runner *runner, char path[128]) {
    snprintf(path, 128, "%s/taskless.json", runner->folder);
}

void tskl_case_runner_close(tskl_case_runner *runner) {
    char path[128];
    if (!runner->folder[0]) return;
    config_path(runner, path);
    unlink(path);
    rmdir(runner->folder);
}

static void add_text(tskl_buf *json, const char *name, tskl_slice text) {
    if (text.len == 0) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, text);
}

// What the case says of this Pack, under the name that the configuration has for it.
static void add_said(tskl_buf *json, const char *name, const tskl_json *by_pack, tskl_slice pack) {
    const tskl_json *said = tskl_json_get(by_pack, pack);
    if (!said) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_value(json, said);
}

static tskl_status add_pack(tskl_buf *json, const tskl_pack_list *packs, const tskl_case *story,
                            tskl_slice name, tskl_error *err) {
    const tskl_known_pack *known = tskl_pack_list_find(packs, name);
    if (!known)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "there is no Pack \"" TSKL_FMT "\"",
                         TSKL_ARG(name));
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
    add_text(json, "name", name);
    add_text(json, "from", known->from);
    add_text(json, "module", known->module);
    add_said(json, "hosts", story->hosts, name);
    add_said(json, "configuration", story->configuration, name);
    add_said(json, "allow", story->allow, name);
    tskl_buf_byte(json, '}');
    return TSKL_OK;
}

tskl_status tskl_case_write_config(const tskl_pack_list *packs, const tskl_case *story,
                                   tskl_slice home, tskl_buf *json, tskl_error *err) {
    if (story->packs.count == 0 && home.len == 0)
        return tskl_fail(err, TSKL_ERR_INVALID, "the case does not say for which `packs` it is");
    tskl_buf_add(json, TSKL_S("{\"version\":1,\"shipped\":false,\"outputs\":[],\"packs\":["));
    for (size_t i = 0; i < story->packs.count; i++)
        TSKL_TRY(add_pack(json, packs, story, story->packs.items[i], err));
    if (story->packs.count == 0) TSKL_TRY(add_pack(json, packs, story, home, err));
    tskl_buf_add(json, TSKL_S("]}\n"));
    return json->failed ? tskl_fail(err, TSKL_ERR_NOMEM, "no room for a configuration") : TSKL_OK;
}

static tskl_status write_file(const char *path, tskl_slice text, tskl_error *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len;
    if (fd >= 0) close(fd);
    return written ? TSKL_OK : tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
}

// The variables that a case sets or grants are as it says, whatever this process was started with.
static void set_environment(const tskl_case *story) {
    const tskl_json *allow = story->allow ? story->allow->first : NULL;
    for (; allow; allow = allow->next) {
        const tskl_json *names = tskl_json_get(allow, TSKL_S("environment"));
        for (const tskl_json *name = names ? names->first : NULL; name; name = name->next) {
            char variable[256];
            if (tskl_slice_to_cstr(name->text, variable, sizeof variable)) unsetenv(variable);
        }
    }
    const tskl_json *value = story->environment ? story->environment->first : NULL;
    for (; value; value = value->next) {
        char variable[256], text[4096];
        if (tskl_slice_to_cstr(value->key, variable, sizeof variable) &&
            tskl_slice_to_cstr(value->text, text, sizeof text))
            setenv(variable, text, 1);
    }
}

static void unset_environment(const tskl_case *story) {
    const tskl_json *value = story->environment ? story->environment->first : NULL;
    for (; value; value = value->next) {
        char variable[256];
        if (tskl_slice_to_cstr(value->key, variable, sizeof variable)) unsetenv(variable);
    }
}

static void take_record(void *user, tskl_slice line) {
    tskl_buf *buf = user;
    tskl_buf_clear(buf);
    tskl_buf_add(buf, line);
}

// One observer a case: no breaker, retry or cache of one story reaches the next.
static tskl_status observe(const char *config, const tskl_case *story, tskl_buf *line,
                           tskl_error *err) {
    tskl_observer *observer;
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.config_path = config;
    options.client = "check/" TSKL_VERSION;
    options.on_record = take_record;
    options.user = line;
    TSKL_TRY(tskl_observer_open(&options, &observer, err));
    tskl_status status = TSKL_OK;
    if (tskl_call_report(&story->call, observer))
        status = tskl_observer_flush(observer, WAIT_MS, NULL, err);
    tskl_observer_close(observer, 0);
    return status;
}

static tskl_status run_with(const char *path, const tskl_case *story, tskl_slice config,
                            tskl_arena *arena, tskl_slice *line, tskl_error *err) {
    tskl_buf record;
    TSKL_TRY(write_file(path, config, err));
    tskl_buf_init(&record, LINE_ROOM);
    set_environment(story);
    tskl_status status = observe(path, story, &record, err);
    unset_environment(story);
    // A call that is not observed leaves no record: an empty object then stands for it.
    tskl_slice text = record.len ? tskl_buf_slice(&record) : TSKL_S("{}");
    if (status == TSKL_OK && !tskl_arena_copy(arena, text, line))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "no room for a record");
    tskl_buf_deinit(&record);
    return status;
}

tskl_status tskl_case_run(const tskl_case_runner *runner, const tskl_case *story, tskl_slice home,
                          tskl_arena *arena, tskl_slice *line, tskl_error *err) {
    char path[128];
    tskl_buf config;
    *line = (tskl_slice){NULL, 0};
    config_path(runner, path);
    tskl_buf_init(&config, CONFIG_ROOM);
    tskl_status status = tskl_case_write_config(runner->packs, story, home, &config, err);
    if (status == TSKL_OK)
        status = run_with(path, story, tskl_buf_slice(&config), arena, line, err);
    tskl_buf_deinit(&config);
    return status;
}
