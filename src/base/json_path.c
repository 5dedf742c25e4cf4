// SPDX-License-Identifier: Apache-2.0
#include "base/json_path.h"

// Each ".." may multiply the work by all that is in the document.
enum { STEPS_MAX = 32, ANY_DEPTH_MAX = 2 };

/** A path under way: `rest` is what is left of `text`. */
typedef struct parsing {
    tskl_slice text, rest;
} parsing;

static tskl_status fail(const parsing *p, const char *what, tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_SYNTAX, "\"" TSKL_FMT "\", character %zu: %s",
                     TSKL_ARG(tskl_slice_first(p->text, 100)), p->text.len - p->rest.len + 1, what);
}

static bool take(parsing *p, const char *mark) {
    tskl_slice wanted = tskl_slice_of(mark);
    if (!tskl_slice_starts(p->rest, wanted)) return false;
    p->rest = tskl_slice_from(p->rest, wanted.len);
    return true;
}

// A name without quotes ends where the next step begins.
static tskl_status parse_name(parsing *p, tskl_json_step *step, tskl_error *err) {
    size_t len = 0;
    while (len < p->rest.len && !strchr(".[]'\" ", p->rest.ptr[len])) len++;
    if (len == 0) return fail(p, "a name is expected", err);
    step->kind = TSKL_STEP_NAME;
    step->name = tskl_slice_first(p->rest, len);
    p->rest = tskl_slice_from(p->rest, len);
    return TSKL_OK;
}

static tskl_status parse_quoted(parsing *p, char quote, tskl_json_step *step, tskl_error *err) {
    size_t len = tskl_slice_find(p->rest, quote);
    if (len == SIZE_MAX) return fail(p, "a quoted name has no end", err);
    step->kind = TSKL_STEP_NAME;
    step->name = tskl_slice_first(p->rest, len);
    p->rest = tskl_slice_from(p->rest, len + 1);
    return TSKL_OK;
}

static tskl_status parse_index(parsing *p, tskl_json_step *step, tskl_error *err) {
    uint64_t number;
    bool from_end = take(p, "-");
    size_t len = 0;
    while (len < p->rest.len && p->rest.ptr[len] >= '0' && p->rest.ptr[len] <= '9') len++;
    bool valid = tskl_slice_to_u64(tskl_slice_first(p->rest, len), &number) && number <= INT32_MAX;
    if (!valid) return fail(p, "a number, a name in quotes or * is expected", err);
    step->kind = TSKL_STEP_INDEX;
    step->of_items = true;
    step->index = from_end ? -(int64_t)number : (int64_t)number;
    p->rest = tskl_slice_from(p->rest, len);
    return TSKL_OK;
}

static tskl_status parse_brackets(parsing *p, tskl_json_step *step, tskl_error *err) {
    if (take(p, "*"))
        step->kind = TSKL_STEP_ALL, step->of_items = true;
    else if (take(p, "'"))
        TSKL_TRY(parse_quoted(p, '\'', step, err));
    else if (take(p, "\""))
        TSKL_TRY(parse_quoted(p, '"', step, err));
    else
        TSKL_TRY(parse_index(p, step, err));
    return take(p, "]") ? TSKL_OK : fail(p, "] is expected", err);
}

static tskl_status parse_step(parsing *p, tskl_json_step *step, tskl_error *err) {
    *step = (tskl_json_step){.any_depth = take(p, "..")};
    if (take(p, "[")) return parse_brackets(p, step, err);
    if (!step->any_depth && !take(p, ".")) return fail(p, ". or [ is expected", err);
    if (!take(p, "*")) return parse_name(p, step, err);
    step->kind = TSKL_STEP_ALL;
    return TSKL_OK;
}

tskl_status tskl_json_path_parse(tskl_slice text, tskl_arena *arena, tskl_json_path *out,
                                 tskl_error *err) {
    parsing p = {text, text};
    *out = (tskl_json_path){.steps = tskl_arena_array(arena, tskl_json_step, STEPS_MAX)};
    if (!out->steps) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    if (!take(&p, "$")) return fail(&p, "a path begins with $", err);
    for (size_t any_depth = 0; p.rest.len; out->count++) {
        if (out->count == STEPS_MAX) return fail(&p, "there are too many steps", err);
        TSKL_TRY(parse_step(&p, &out->steps[out->count], err));
        any_depth += out->steps[out->count].any_depth;
        if (any_depth > ANY_DEPTH_MAX) return fail(&p, "two .. are the most", err);
    }
    return TSKL_OK;
}

static bool takes(const tskl_json_step *step, const tskl_json *parent, const tskl_json *child,
                  size_t index) {
    if (step->kind == TSKL_STEP_ALL) return true;
    if (step->kind == TSKL_STEP_NAME)
        return parent->kind == TSKL_JSON_OBJECT && tskl_slice_equal(child->key, step->name);
    int64_t wanted = step->index < 0 ? (int64_t)parent->count + step->index : step->index;
    return parent->kind == TSKL_JSON_ARRAY && wanted == (int64_t)index;
}

// As deep as the document at most, which its parser has bounded.
static void walk(const tskl_json_path *path, size_t at, const tskl_json *value,
                 tskl_json_found *found) {
    if (at == path->count) {
        if (found->count < found->room) found->items[found->count] = value;
        found->count++;
        return;
    }
    const tskl_json_step *step = &path->steps[at];
    size_t index = 0;
    for (const tskl_json *child = value->first; child; child = child->next, index++) {
        if (takes(step, value, child, index)) walk(path, at + 1, child, found);
        if (step->any_depth) walk(path, at, child, found);
    }
}

void tskl_json_path_find(const tskl_json_path *path, const tskl_json *root,
                         tskl_json_found *found) {
    walk(path, 0, root, found);
}
