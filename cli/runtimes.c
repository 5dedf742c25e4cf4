// SPDX-License-Identifier: Apache-2.0
#include "runtimes.h"
#include "base/buf.h"
#include "base/env.h"
#include "installed.h"
#include <stdlib.h>

/** One variable of a runtime: where its client lies, and what the variable becomes. */
typedef struct runtime {
    const char *name, *part, *variable;
    const char *(*join)(const char *old, const char *path, tskl_arena *arena);
} runtime;

static const runtime runtimes[] = {
    {"Node.js", "lib/taskless/node/register.js", "NODE_OPTIONS", tskl_runtime_node},
    {"Python", "lib/taskless/python", "PYTHONPATH", tskl_runtime_folder},
    {"Ruby", "lib/taskless/ruby", "RUBYLIB", tskl_runtime_folder},
    {"Ruby", "lib/taskless/ruby", "RUBYOPT", tskl_runtime_ruby},
};

// Inside its quotes Node.js takes a backslash before '"' and itself.
static void add_quoted(tskl_buf *text, const char *path) {
    tskl_buf_byte(text, '"');
    for (const char *c = path; *c; c++) {
        if (*c == '"' || *c == '\\') tskl_buf_byte(text, '\\');
        tskl_buf_byte(text, *c);
    }
    tskl_buf_byte(text, '"');
}

const char *tskl_runtime_node(const char *old, const char *path, tskl_arena *arena) {
    tskl_buf text;
    const char *joined = NULL;
    tskl_buf_init(&text, 1024 * 1024);
    tskl_buf_add(&text, TSKL_S("--require "));
    if (strpbrk(path, " \t\"\\"))
        add_quoted(&text, path);
    else
        tskl_buf_add(&text, tskl_slice_of(path));
    // Under a second `taskless run` it is there already, and once is enough.
    bool there = old && strstr(old, tskl_buf_cstr(&text));
    if (old && *old && !there) tskl_buf_printf(&text, " %s", old);
    if (!text.failed) joined = there ? old : tskl_arena_cstr(arena, tskl_buf_slice(&text));
    tskl_buf_deinit(&text);
    return joined;
}

const char *tskl_runtime_folder(const char *old, const char *path, tskl_arena *arena) {
    tskl_slice folder = tskl_slice_of(path), first = tskl_slice_of(old ? old : "");
    first = tskl_slice_split(&first, ':');
    // Folders are parted by colons, which nothing can quote.
    if (tskl_slice_contains(folder, ':') || tskl_slice_equal(folder, first)) return old ? old : "";
    tskl_buf text;
    tskl_buf_init(&text, 1024 * 1024);
    tskl_buf_add(&text, folder);
    // An empty entry would stand for the folder that the program is in.
    if (old && *old) tskl_buf_printf(&text, ":%s", old);
    const char *joined = text.failed ? NULL : tskl_arena_cstr(arena, tskl_buf_slice(&text));
    tskl_buf_deinit(&text);
    return joined;
}

const char *tskl_runtime_ruby(const char *old, const char *path, tskl_arena *arena) {
    static const char option[] = "-rtaskless/auto";
    bool there = old && strstr(old, option);
    // A Ruby that does not find what it is to require does not start.
    if (there || strchr(path, ':')) return old ? old : "";
    return tskl_arena_printf(arena, old && *old ? "%s %s" : "%s", option, old);
}

static bool set(const runtime *r, tskl_arena *arena) {
    char path[PATH_MAX];
    if (!tskl_installed_part(r->part, path)) return true;
    const char *value = r->join(tskl_env_lookup(r->variable), path, arena);
    return value && setenv(r->variable, value, 1) == 0;
}

tskl_status tskl_runtimes_set(tskl_error *err) {
    tskl_arena arena = {0};
    tskl_status status = TSKL_OK;
    for (size_t i = 0; i < TSKL_COUNT(runtimes) && status == TSKL_OK; i++)
        if (!set(&runtimes[i], &arena))
            status = tskl_fail(err, TSKL_ERR_NOMEM, "no room for %s", runtimes[i].variable);
    tskl_arena_reset(&arena);
    return status;
}

bool tskl_runtimes_at(size_t at, tskl_arena *arena, tskl_runtime_state *out) {
    char path[PATH_MAX];
    if (at >= TSKL_COUNT(runtimes)) return false;
    const runtime *r = &runtimes[at];
    *out = (tskl_runtime_state){r->name, r->part, r->variable, NULL};
    if (tskl_installed_part(r->part, path))
        out->value = r->join(tskl_env_lookup(r->variable), path, arena);
    return true;
}
