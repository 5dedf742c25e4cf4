// SPDX-License-Identifier: Apache-2.0
#include "obstacle.h"
#include "base/status.h"
#include "installed.h"
#include "program.h"
#include "runtimes.h"
#include <ftw.h>
#include <string.h>

static const char again[] = "install taskless again";

/** A client: the versions that it serves, and the file that it cannot do without. */
typedef struct client {
    const char *language;
    const char *usual; // the implementation that it is for
    long major, minor; // the first version that it serves
    const char *part, *folder;
} client;

static const client clients[] = {
    {"Python", "CPython", 3, 9, "lib/taskless/python/taskless/_taskless.abi3.so",
     "lib/taskless/python"},
    {"Node.js", "Node.js", 18, 0, "lib/taskless/node/taskless.node", "lib/taskless/node"},
    // Its native file lies in a folder for each version.
    {"Ruby", "CRuby", 3, 1, "lib/taskless/ruby/taskless/auto.rb", "lib/taskless/ruby"},
    {"libcurl", "libcurl", 7, 30, "lib/taskless/curl", "lib/taskless/curl"},
};

static const char *versioned(const client *c, const tskl_engine *engine, tskl_arena *arena) {
    return engine->minor < 0 || !strcmp(c->language, "Node.js")
               ? tskl_arena_printf(arena, "%s %ld", c->language, engine->major)
               : tskl_arena_printf(arena, "%s %ld.%ld", c->language, engine->major, engine->minor);
}

static bool is_too_old(const client *c, const tskl_engine *engine) {
    if (engine->major < 0) return false;
    return engine->major < c->major ||
           (engine->major == c->major && engine->minor >= 0 && engine->minor < c->minor);
}

static tskl_obstacle obstacle_of_engine(const client *c, const tskl_engine *engine,
                                        tskl_arena *arena) {
    tskl_obstacle out = {0};
    if (engine->other) {
        out.runtime = engine->other;
        out.why = tskl_arena_printf(arena, "the client is for %s alone", c->usual);
        out.mend = tskl_arena_printf(arena, "run it with %s %ld.%ld or later", c->usual, c->major,
                                     c->minor);
    } else if (is_too_old(c, engine)) {
        out.runtime = versioned(c, engine, arena);
        out.why =
            tskl_arena_printf(arena, "only %ld.%ld and later are observed", c->major, c->minor);
        out.mend = "install a newer one";
    } else if (engine->free_threaded) {
        out.runtime = tskl_arena_printf(arena, "%s, free-threaded", versioned(c, engine, arena));
        out.why = "it does not load the client's native file, which is for ordinary builds";
        out.mend = "run it with the ordinary build of this Python";
    }
    return out;
}

// A library is a program of a machine that needs no loader of its own.
static bool is_damaged_library(const char *path) {
    tskl_slice name = tskl_slice_of(path);
    tskl_program file;
    if (!tskl_slice_ends(name, TSKL_S(".so")) && !tskl_slice_ends(name, TSKL_S(".node")))
        return false;
    return !tskl_program_look(path, &file) ||
           (file.kind != TSKL_PROGRAM_STATIC && file.kind != TSKL_PROGRAM_32_BITS);
}

static int visit_file(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status, (void)at;
    return kind == FTW_F && is_damaged_library(path);
}

bool tskl_obstacle_is_damage(const char *language) {
    enum { FOLDERS_OPEN = 8 };
    char path[PATH_MAX];
    for (size_t i = 0; i < TSKL_COUNT(clients); i++)
        if (!strcmp(clients[i].language, language) && tskl_installed_part(clients[i].folder, path))
            return nftw(path, visit_file, FOLDERS_OPEN, FTW_PHYS) > 0;
    return false;
}

static tskl_obstacle obstacle_of_part(const char *part, tskl_arena *arena) {
    char path[PATH_MAX];
    if (!tskl_installed_part(part, path))
        return (tskl_obstacle){
            NULL, tskl_arena_printf(arena, "its client is not installed: %s is missing", part),
            again};
    if (!is_damaged_library(path)) return (tskl_obstacle){0};
    return (tskl_obstacle){
        NULL, tskl_arena_printf(arena, "its client cannot be loaded: %s is damaged", path), again};
}

// A file that is cut short ends the program that loads it, so `run` does not hand it on.
static tskl_obstacle obstacle_of_damage(const client *c, tskl_arena *arena) {
    if (!tskl_obstacle_is_damage(c->language)) return (tskl_obstacle){0};
    return (tskl_obstacle){
        NULL, tskl_arena_printf(arena, "a file of its client in %s is damaged", c->folder), again};
}

// Each minor version of Ruby has its own binary interface, and so a file of its own.
static tskl_obstacle obstacle_of_ruby(const client *c, const tskl_engine *engine,
                                      tskl_arena *arena) {
    char path[PATH_MAX];
    if (engine->minor < 0) return (tskl_obstacle){0};
    const char *part = tskl_arena_printf(arena, "lib/taskless/ruby/taskless/%ld.%ld/%s",
                                         engine->major, engine->minor, "taskless_native.so");
    if (part && tskl_installed_part(part, path)) return obstacle_of_part(part, arena);
    return (tskl_obstacle){
        versioned(c, engine, arena),
        tskl_arena_printf(arena, "there is no native file of the client for it: %s is missing",
                          part ? part : ""),
        "install the gem of taskless with this Ruby, and run that"};
}

static tskl_obstacle obstacle_of_libcurl(const client *c, tskl_arena *arena) {
    char path[PATH_MAX];
    tskl_obstacle out = {0};
    if (!tskl_installed_part(c->part, path)) return out;
    const char *preload = tskl_runtime_libcurl(NULL, path, arena);
    if (preload && *preload) return out;
    out.why = tskl_arena_printf(
        arena, "its client cannot be loaded from %s, or the folder's name has a space or colon",
        path);
    out.mend = again;
    return out;
}

tskl_obstacle tskl_obstacle_of(const char *language, const tskl_engine *engine, tskl_arena *arena) {
    for (size_t i = 0; i < TSKL_COUNT(clients); i++) {
        const client *c = &clients[i];
        if (strcmp(c->language, language) != 0) continue;
        tskl_obstacle out = obstacle_of_engine(c, engine, arena);
        if (!out.why) out = obstacle_of_part(c->part, arena);
        if (!out.why && !strcmp(language, "Ruby")) out = obstacle_of_ruby(c, engine, arena);
        if (!out.why) out = obstacle_of_damage(c, arena);
        if (!out.why && !strcmp(language, "libcurl")) out = obstacle_of_libcurl(c, arena);
        return out;
    }
    return (tskl_obstacle){0};
}
