// SPDX-License-Identifier: Apache-2.0
#include "runtimes.h"
#include "base/buf.h"
#include "base/env.h"
#include "installed.h"
#include "node_options.h"
#include "obstacle.h"
#include "say.h"
#include "way.h"
#include <dlfcn.h>
#include <stdlib.h>

/** One variable of a runtime: where its client lies, and what the variable becomes. */
typedef struct runtime {
    const char *name, *part, *variable;
    const char *(*join)(const char *old, const char *path, tskl_arena *arena);
} runtime;

// Called before NODE_OPTIONS is replaced: it reads the old value.
static const char *join_required(const char *old, const char *path, tskl_arena *arena) {
    return tskl_node_required(old, tskl_env_lookup("NODE_OPTIONS"), path, arena);
}

static const runtime runtimes[] = {
    {"Node.js", "lib/taskless/node/register.js", "TASKLESS_NODE_REQUIRE", join_required},
    {"Node.js", "lib/taskless/node/register.js", "NODE_OPTIONS", tskl_node_options},
    {"Python", "lib/taskless/python", "PYTHONPATH", tskl_runtime_folder},
    {"Ruby", "lib/taskless/ruby", "RUBYLIB", tskl_runtime_folder},
    {"Ruby", "lib/taskless/ruby", "RUBYOPT", tskl_runtime_ruby},
    {"libcurl", "lib/taskless/curl", "LD_PRELOAD", tskl_runtime_libcurl},
    {"libcurl", "lib/taskless/curl", "ASAN_OPTIONS", tskl_runtime_sanitizer},
};

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
    // A Ruby that does not find what it is to require does not start: by its whole path it finds it
    // though a script sets RUBYLIB anew. Options are separated by spaces, which nothing can quote.
    bool spaced = strpbrk(path, " \t\n\v\f\r") != NULL;
    const char *option = "-rtaskless/auto";
    if (spaced && strchr(path, ':')) return old ? old : "";
    if (!spaced) option = tskl_arena_printf(arena, "-r%s/taskless/auto", path);
    if (!option || (old && strstr(old, option))) return option ? old : NULL;
    return tskl_arena_printf(arena, old && *old ? "%s %s" : "%s", option, old);
}

// Separated by either; nothing can quote them.
static bool has_entry(tskl_slice list, tskl_slice entry) {
    while (list.len) {
        size_t end = 0;
        while (end < list.len && list.ptr[end] != ' ' && list.ptr[end] != ':') end++;
        if (tskl_slice_equal(tskl_slice_first(list, end), entry)) return true;
        list = tskl_slice_from(list, end < list.len ? end + 1 : end);
    }
    return false;
}

const char *tskl_runtime_preload(const char *old, const char *file, tskl_arena *arena) {
    if (!old) old = "";
    if (strpbrk(file, " :") || has_entry(tskl_slice_of(old), tskl_slice_of(file))) return old;
    // What was there keeps its place: some libraries have to be the first.
    return *old ? tskl_arena_printf(arena, "%s:%s", old, file)
                : tskl_arena_cstr(arena, tskl_slice_of(file));
}

// Where the loader finds no file it complains, to every program.
static bool is_loadable(const char *file) {
    void *handle = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (handle) dlclose(handle);
    return handle != NULL;
}

const char *tskl_runtime_libcurl(const char *old, const char *path, tskl_arena *arena) {
    // The loader puts the place of its libraries for $LIB: programs of 32 bits find another file,
    // and those with musl's none, in silence.
    const char *file = tskl_arena_printf(arena, "%s/$LIB/libtaskless-curl.so", path);
    if (!file || is_loadable(file)) return file ? tskl_runtime_preload(old, file, arena) : NULL;
    return old ? old : "";
}

// Programs that gcc built with its address sanitizer refuse to start when anything is loaded before
// their runtime, unless they are asked not to look.
const char *tskl_runtime_sanitizer(const char *old, const char *path, tskl_arena *arena) {
    static const char option[] = "verify_asan_link_order=0";
    (void)path;
    if (!old || !*old) return option;
    return strstr(old, "verify_asan_link_order") ? old
                                                 : tskl_arena_printf(arena, "%s:%s", option, old);
}

static bool set(const runtime *r, tskl_arena *arena) {
    char path[PATH_MAX];
    if (!tskl_installed_part(r->part, path)) return true;
    const char *old = tskl_env_lookup(r->variable), *value = r->join(old, path, arena);
    if (value && !*value && !old) return true; // there is no way to name it
    return value && setenv(r->variable, value, 1) == 0;
}

// One line before a command that is known not to be seen: afterwards nobody else would say so.
static void say_unseen(const tskl_ways *ways) {
    for (size_t i = 0; i < ways->count; i++) {
        const tskl_way *way = &ways->items[i];
        if (!way->unseen) continue;
        tskl_complain("%s: %s%s%s", way->name, way->text, way->mend ? "; " : "",
                      way->mend ? way->mend : "");
        return;
    }
}

tskl_status tskl_runtimes_set(const char *const *command, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_status status = TSKL_OK;
    tskl_ways ways = tskl_ways_of(command, false, &arena);
    say_unseen(&ways);
    bool damaged = false;
    for (size_t i = 0; i < TSKL_COUNT(runtimes) && status == TSKL_OK; i++) {
        // The variables of one runtime stand together: its files are looked at once.
        if (i == 0 || strcmp(runtimes[i].name, runtimes[i - 1].name) != 0)
            damaged = tskl_obstacle_is_damage(runtimes[i].name);
        if (damaged || (ways.spare_node && !strcmp(runtimes[i].name, "Node.js"))) continue;
        if (!set(&runtimes[i], &arena))
            status =
                tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (setting %s)", runtimes[i].variable);
    }
    tskl_arena_reset(&arena);
    return status;
}

bool tskl_runtimes_at(size_t at, tskl_arena *arena, tskl_runtime_state *out) {
    char path[PATH_MAX];
    if (at >= TSKL_COUNT(runtimes)) return false;
    const runtime *r = &runtimes[at];
    *out = (tskl_runtime_state){r->name, r->part, r->variable, NULL};
    // Whether a damaged file loads must not be tried.
    if (tskl_installed_part(r->part, path) && !tskl_obstacle_is_damage(r->name))
        out->value = r->join(tskl_env_lookup(r->variable), path, arena);
    return true;
}
