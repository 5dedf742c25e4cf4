// SPDX-License-Identifier: Apache-2.0
#include "config/place.h"
#include "base/buf.h"
#include "base/utf8.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PATH_TEXT_MAX = 120 };

tskl_slice tskl_place_short(tskl_slice text) {
    return tskl_utf8_whole(tskl_slice_first(text, 64));
}

// "packs[0].hosts[2]", the outermost first.
static void add_path(tskl_buf *path, const tskl_place *place) {
    if (!place->outer) return;
    add_path(path, place->outer);
    if (place->outer->value->kind == TSKL_JSON_ARRAY) {
        tskl_buf_printf(path, "[%zu]", place->index);
        return;
    }
    if (path->len) tskl_buf_byte(path, '.');
    tskl_buf_add(path, tskl_place_short(place->value->key));
}

static void write_path(const tskl_place *place, char room[PATH_TEXT_MAX]) {
    // On the stack: a cap below its room keeps it from ever growing.
    tskl_buf path = {.ptr = room, .room = PATH_TEXT_MAX, .cap = PATH_TEXT_MAX - 3};
    add_path(&path, place);
    memcpy(room + path.len, path.len ? ": " : "", path.len ? 3 : 1);
}

tskl_status tskl_place_fail(tskl_error *err, tskl_status status, const tskl_place *place,
                            const char *format, ...) {
    if (!err) return status;
    char path[PATH_TEXT_MAX], text[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    write_path(place, path);
    if (place->document->by_line)
        return tskl_fail(err, status, "%s:%u: %s%s", place->document->name,
                         (unsigned)place->value->line, path, text);
    return tskl_fail(err, status, "%s: %s%s", place->document->name, path, text);
}

tskl_status tskl_place_expected(const tskl_place *place, const char *what, tskl_error *err) {
    return tskl_place_fail(err, TSKL_ERR_INVALID, place, "expected %s, not %s", what,
                           tskl_json_kind_text(place->value->kind));
}

tskl_status tskl_place_nomem(const tskl_place *place, tskl_error *err) {
    return tskl_place_fail(err, TSKL_ERR_NOMEM, place, "no room for it");
}

static int by_name_then_line(const void *left, const void *right) {
    const tskl_json *a = *(const tskl_json *const *)left, *b = *(const tskl_json *const *)right;
    int order = tskl_slice_compare(a->key, b->key);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

// Sorted, so that an object of a hundred thousand members costs no more than reading it.
static tskl_status refuse_in_one(const tskl_json *object, tskl_arena *arena, tskl_error *err) {
    const tskl_json **members = tskl_arena_array(arena, const tskl_json *, object->count);
    if (!members) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu names", object->count);
    size_t count = 0;
    for (const tskl_json *member = object->first; member; member = member->next)
        members[count++] = member;
    qsort(members, count, sizeof(const tskl_json *), by_name_then_line);
    for (size_t i = 1; i < count; i++) {
        if (!tskl_slice_equal(members[i - 1]->key, members[i]->key)) continue;
        tskl_slice name = tskl_place_short(members[i]->key);
        return tskl_fail(
            err, TSKL_ERR_INVALID, "line %u: '" TSKL_FMT "' is given twice, first on line %u",
            (unsigned)members[i]->line, TSKL_ARG(name), (unsigned)members[i - 1]->line);
    }
    return TSKL_OK;
}

tskl_status tskl_place_refuse_twice(const tskl_json *root, tskl_arena *arena, tskl_error *err) {
    if (root->kind == TSKL_JSON_OBJECT && root->count > 1)
        TSKL_TRY(refuse_in_one(root, arena, err));
    for (const tskl_json *child = root->first; child; child = child->next)
        TSKL_TRY(tskl_place_refuse_twice(child, arena, err));
    return TSKL_OK;
}
