// SPDX-License-Identifier: Apache-2.0
#include "kit/kit.h"
#include "input.h"
#include "installed.h"
#include "say.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { KIT_MAX = 1024 * 1024, BUDGET_MAX_KIB = 32 * 1024 };

#define TOOL(member) .offset = offsetof(tskl_kit_tool, member)
#define STEP(member) .offset = offsetof(tskl_kit_step, member)
#define WAY(member) .offset = offsetof(tskl_kit_way, member)
#define KIT(member) .offset = offsetof(tskl_kit, member)

static const tskl_shape_row tool_rows[] = {
    {.key = "name", .kind = TSKL_SHAPE_TEXT, TOOL(name), .min = 1, .required = true},
    {.key = "find", .kind = TSKL_SHAPE_TEXTS, TOOL(find), .min = 1, .required = true},
    {.key = "version", .kind = TSKL_SHAPE_TEXTS, TOOL(version)},
    {.key = "least", .kind = TSKL_SHAPE_TEXT, TOOL(least), .min = 1},
    {.key = "expect", .kind = TSKL_SHAPE_TEXT, TOOL(expect), .min = 1},
    {.key = "debian", .kind = TSKL_SHAPE_TEXT, TOOL(debian), .min = 1, .required = true},
    {.key = "otherwise", .kind = TSKL_SHAPE_TEXT, TOOL(otherwise), .min = 1},
};
static const tskl_shape tool_shape = TSKL_SHAPE(tool_rows);

static const tskl_shape_row step_rows[] = {
    {.key = "say", .kind = TSKL_SHAPE_TEXT, STEP(say), .min = 1},
    {.key = "run", .kind = TSKL_SHAPE_TEXTS, STEP(run)},
    {.key = "in", .kind = TSKL_SHAPE_TEXT, STEP(in), .min = 1},
    {.key = "environment", .kind = TSKL_SHAPE_MAP, STEP(environment)},
    {.key = "copy", .kind = TSKL_SHAPE_TEXTS, STEP(copy), .min = 1},
};
static const tskl_shape step_shape = TSKL_SHAPE(step_rows);

static tskl_status check_environment(const tskl_place *place, const tskl_json *object,
                                     tskl_error *err) {
    tskl_place at = tskl_place_in(place, object, 0);
    for (const tskl_json *value = object ? object->first : NULL; value; value = value->next) {
        tskl_place inside = tskl_place_in(&at, value, 0);
        if (value->kind != TSKL_JSON_STRING && value->kind != TSKL_JSON_NULL)
            return tskl_place_expected(&inside, "a string or null", err);
    }
    return TSKL_OK;
}

static tskl_status check_step(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_kit_step *step = into;
    if (!step->run.count == !step->copy.count)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "takes run or copy, one of them");
    if (step->copy.count && step->copy.count != 2)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "copy takes two paths, from and to");
    if (step->run.count && step->say.len == 0)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has no say: what it does, in a word");
    return check_environment(place, step->environment, err);
}

static const tskl_shape_row way_rows[] = {
    {.key = "name", .kind = TSKL_SHAPE_TEXT, WAY(name), .min = 1, .required = true},
    {.key = "module", .kind = TSKL_SHAPE_TEXT, WAY(module), .min = 1},
    {.key = "budget_kib",
     .kind = TSKL_SHAPE_COUNT,
     WAY(budget_kib),
     .min = 1,
     .max = BUDGET_MAX_KIB},
    {.key = "tools",
     .kind = TSKL_SHAPE_LIST,
     WAY(tools),
     .inside = &tool_shape,
     .size = sizeof(tskl_kit_tool),
     .count = offsetof(tskl_kit_way, tool_count)},
    {.key = "steps",
     .kind = TSKL_SHAPE_LIST,
     WAY(steps),
     .inside = &step_shape,
     .size = sizeof(tskl_kit_step),
     .count = offsetof(tskl_kit_way, step_count),
     .check = check_step,
     .required = true},
};
static const tskl_shape way_shape = TSKL_SHAPE(way_rows);

static const tskl_shape_row kit_rows[] = {
    {.key = "title", .kind = TSKL_SHAPE_TEXT, KIT(title), .min = 1, .required = true},
    {.key = "names", .kind = TSKL_SHAPE_TEXTS, KIT(names), .min = 1, .required = true},
    {.key = "markers", .kind = TSKL_SHAPE_TEXTS, KIT(markers), .min = 1, .required = true},
    {.key = "sources", .kind = TSKL_SHAPE_TEXT, KIT(sources), .min = 1},
    {.key = "hook", .kind = TSKL_SHAPE_TEXT, KIT(hook), .min = 1},
    {.key = "first", .kind = TSKL_SHAPE_TEXT, KIT(first), .min = 1},
    {.key = "shapes", .kind = TSKL_SHAPE_TEXTS, KIT(shapes), .min = 1},
    {.key = "optimize", .kind = TSKL_SHAPE_FLAG, KIT(optimize)},
    {.key = "budget_kib",
     .kind = TSKL_SHAPE_COUNT,
     KIT(budget_kib),
     .min = 1,
     .max = BUDGET_MAX_KIB,
     .required = true},
    {.key = "ways",
     .kind = TSKL_SHAPE_LIST,
     KIT(ways),
     .inside = &way_shape,
     .size = sizeof(tskl_kit_way),
     .count = offsetof(tskl_kit, way_count),
     .required = true},
};
static const tskl_shape kit_shape = TSKL_SHAPE(kit_rows);

static tskl_status parse(const char *path, tskl_slice text, tskl_arena *arena, tskl_kit *out,
                         tskl_error *err) {
    const tskl_json *tree;
    tskl_status status = tskl_json_parse(text, arena, &tree, err);
    if (status == TSKL_OK) status = tskl_place_refuse_twice(tree, arena, err);
    if (status != TSKL_OK) return tskl_context(err, status, "%s", path);
    const tskl_document document = {.name = path, .by_line = true, .arena = arena};
    const tskl_place root = {.document = &document, .value = tree};
    TSKL_TRY(tskl_shape_read(&kit_shape, &root, out, err));
    if (out->names.count && out->way_count) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, &root, "needs a name and a way");
}

tskl_status tskl_kit_read(const char *folder, tskl_arena *arena, tskl_kit *out, tskl_error *err) {
    tskl_slice text;
    *out = (tskl_kit){.folder = tskl_arena_cstr(arena, tskl_slice_of(folder))};
    const char *path = tskl_arena_printf(arena, "%s/kit.json", folder);
    if (!path || !out->folder) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a kit");
    TSKL_TRY(tskl_input_file(path, KIT_MAX, arena, &text, err));
    return parse(path, text, arena, out, err);
}

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void add(tskl_kits *out, const char *folder, const char *name) {
    tskl_error err;
    const char *path = tskl_arena_printf(&out->arena, "%s/%s", folder, name);
    const char *recipe = path ? tskl_arena_printf(&out->arena, "%s/kit.json", path) : NULL;
    if (!recipe || access(recipe, F_OK)) return;
    if (tskl_kit_read(path, &out->arena, &out->items[out->count], &err) == TSKL_OK)
        out->count++;
    else
        tskl_complain("a kit is left out: %s", err.message);
}

tskl_status tskl_kits_read(const char *folder, tskl_kits *out, tskl_error *err) {
    char installed[PATH_MAX];
    struct dirent **entries;
    *out = (tskl_kits){0};
    if (!folder && !tskl_installed_part("lib/taskless/kits", installed))
        return tskl_fail(err, TSKL_ERR_NOT_FOUND,
                         "there are no kits beside this program: install taskless whole");
    if (!folder) folder = installed;
    int count = scandir(folder, &entries, is_shown, alphasort);
    if (count < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", folder, strerror(errno));
    out->items = tskl_arena_array(&out->arena, tskl_kit, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        if (out->items) add(out, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return out->items ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for the kits");
}

void tskl_kits_deinit(tskl_kits *kits) {
    tskl_arena_reset(&kits->arena);
    *kits = (tskl_kits){0};
}

const tskl_kit *tskl_kits_named(const tskl_kits *kits, tskl_slice name) {
    for (size_t i = 0; i < kits->count; i++)
        if (tskl_texts_have(&kits->items[i].names, name)) return &kits->items[i];
    return NULL;
}

static bool sees_marker(const tskl_kit *kit, const char *project) {
    char path[PATH_MAX];
    for (size_t i = 0; i < kit->markers.count; i++) {
        int len =
            snprintf(path, sizeof path, "%s/" TSKL_FMT, project, TSKL_ARG(kit->markers.items[i]));
        if (len < (int)sizeof path && access(path, F_OK) == 0) return true;
    }
    return false;
}

size_t tskl_kits_of_project(const tskl_kits *kits, const char *project, const tskl_kit **out,
                            const tskl_kit **other) {
    size_t count = 0;
    *out = *other = NULL;
    for (size_t i = 0; i < kits->count; i++) {
        if (!sees_marker(&kits->items[i], project)) continue;
        if (count == 0) *out = &kits->items[i];
        if (count == 1) *other = &kits->items[i];
        count++;
    }
    return count;
}

const char *tskl_kits_names(const tskl_kits *kits, tskl_arena *arena) {
    const char *names = "";
    for (size_t i = 0; i < kits->count && names; i++)
        names = tskl_arena_printf(arena, "%s%s" TSKL_FMT, names, i ? ", " : "",
                                  TSKL_ARG(kits->items[i].names.items[0]));
    return names;
}
