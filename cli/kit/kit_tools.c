// SPDX-License-Identifier: Apache-2.0
#include "kit/kit_tools.h"
#include "doctor/probe.h"
#include "say.h"
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

enum { ASK_MS = 30 * 1000, ARGUMENTS_MAX = 16 };

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

tskl_slice tskl_kit_version_of(tskl_slice answer) {
    while (answer.len && !is_digit(answer.ptr[0])) answer = tskl_slice_from(answer, 1);
    size_t len = 0;
    while (len < answer.len &&
           (is_digit(answer.ptr[len]) ||
            (answer.ptr[len] == '.' && len + 1 < answer.len && is_digit(answer.ptr[len + 1]))))
        len++;
    return tskl_slice_first(answer, len);
}

bool tskl_kit_version_is_enough(tskl_slice answer, tskl_slice least) {
    tskl_slice version = tskl_kit_version_of(answer);
    if (version.len == 0) return false;
    while (least.len) {
        uint64_t wanted = 0, got = 0;
        (void)tskl_slice_to_u64(tskl_slice_split(&least, '.'), &wanted);
        (void)tskl_slice_to_u64(tskl_slice_split(&version, '.'), &got);
        if (got != wanted) return got > wanted;
    }
    return true;
}

// Why a candidate that is there does not do; NULL: it does.
static const char *judge(const tskl_kit_tool *tool, const char *path, tskl_arena *arena) {
    char *argv[ARGUMENTS_MAX + 2] = {(char *)path};
    tskl_probe probe;
    const char *why = NULL;
    if (tool->version.count == 0) return NULL;
    for (size_t i = 0; i < tool->version.count && i < ARGUMENTS_MAX; i++)
        argv[i + 1] = tskl_arena_cstr(arena, tool->version.items[i]);
    bool ran = tskl_probe_run(argv, environ, ASK_MS, &probe);
    tskl_slice answer = tskl_buf_slice(&probe.output);
    if (!ran || probe.exit_code != 0)
        why = tskl_arena_printf(arena, "%s does not run", path);
    else if (tool->least.len && !tskl_kit_version_is_enough(answer, tool->least))
        why = tskl_arena_printf(arena, "%s is " TSKL_FMT ", " TSKL_FMT " is the oldest that does",
                                path, TSKL_ARG(tskl_kit_version_of(answer)), TSKL_ARG(tool->least));
    else if (tool->expect.len && tskl_slice_search(answer, tool->expect) == SIZE_MAX)
        why = tskl_arena_printf(arena, "%s has no " TSKL_FMT, path, TSKL_ARG(tool->expect));
    tskl_buf_deinit(&probe.output);
    return why;
}

// The path of a candidate, NULL where it is not there.
static tskl_status locate(const tskl_kit_tool *tool, tskl_slice candidate,
                          const tskl_kit_words *words, tskl_arena *arena, const char **path,
                          tskl_error *err) {
    const char *name;
    *path = NULL;
    TSKL_TRY(tskl_kit_words_expand(words, candidate, arena, &name, err));
    if (!strchr(name, '/'))
        *path = tskl_probe_find(name, arena);
    else if (access(name, tool->version.count ? X_OK : R_OK) == 0)
        *path = name;
    return TSKL_OK;
}

// `*why` says why the best that is there does not do; NULL where none is there.
static tskl_status find_tool(const tskl_kit_tool *tool, const tskl_kit_words *words,
                             tskl_arena *arena, const char **path, const char **why,
                             tskl_error *err) {
    *why = NULL;
    for (size_t i = 0; i < tool->find.count; i++) {
        TSKL_TRY(locate(tool, tool->find.items[i], words, arena, path, err));
        if (!*path) continue;
        const char *problem = judge(tool, *path, arena);
        if (!problem) return TSKL_OK;
        if (!*why) *why = problem;
    }
    *path = NULL;
    return TSKL_OK;
}

tskl_status tskl_kit_tools_find(const tskl_kit_way *way, tskl_kit_words *words, tskl_arena *arena,
                                tskl_error *err) {
    tskl_kit_words more = *words;
    for (size_t i = 0; i < way->tool_count; i++) {
        const char *path, *why;
        TSKL_TRY(find_tool(&way->tools[i], &more, arena, &path, &why, err));
        if (!path)
            return tskl_fail(err, TSKL_ERR_NOT_FOUND, TSKL_FMT " is missing",
                             TSKL_ARG(way->tools[i].name));
        if (!tskl_kit_words_set(&more, way->tools[i].name, path))
            return tskl_fail(err, TSKL_ERR_INVALID, "there are too many tools");
    }
    *words = more;
    return TSKL_OK;
}

static void complain_of(const tskl_kit *kit, const tskl_kit_tool *tool, const char *why) {
    tskl_complain("a Pack in " TSKL_FMT " needs " TSKL_FMT "%s" TSKL_FMT "%s: %s",
                  TSKL_ARG(kit->title), TSKL_ARG(tool->name), tool->least.len ? " (" : "",
                  TSKL_ARG(tool->least), tool->least.len ? " or newer)" : "",
                  why ? why : "it was not found");
    bool same = tskl_slice_equal(tool->debian, tool->otherwise);
    fprintf(stderr, "  %s  " TSKL_FMT "\n",
            same ? "to install:" : "on Debian:", TSKL_ARG(tool->debian));
    if (tool->otherwise.len && !same)
        fprintf(stderr, "  elsewhere:  " TSKL_FMT "\n", TSKL_ARG(tool->otherwise));
}

void tskl_kit_tools_complain(const tskl_kit *kit, const tskl_kit_way *way,
                             const tskl_kit_words *words, tskl_arena *arena) {
    tskl_kit_words more = *words;
    tskl_slice said = {NULL, 0};
    for (size_t i = 0; i < way->tool_count; i++) {
        const tskl_kit_tool *tool = &way->tools[i];
        const char *path = NULL, *why = NULL;
        // What is found by way of a tool that is missing cannot be judged.
        if (find_tool(tool, &more, arena, &path, &why, NULL) != TSKL_OK) continue;
        if (path) {
            (void)tskl_kit_words_set(&more, tool->name, path);
            continue;
        }
        // One line to type may bring several tools.
        if (!said.len || !tskl_slice_equal(said, tool->debian)) complain_of(kit, tool, why);
        said = tool->debian;
    }
}
