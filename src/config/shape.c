// SPDX-License-Identifier: Apache-2.0
#include "config/shape.h"
#include "base/buf.h"
#include "config/nearest.h"

bool tskl_texts_have(const tskl_texts *texts, tskl_slice text) {
    for (size_t i = 0; i < texts->count; i++)
        if (tskl_slice_equal(texts->items[i], text)) return true;
    return false;
}

typedef tskl_status (*reader)(const tskl_shape_row *row, const tskl_place *place, void *into,
                              tskl_error *err);

static tskl_status read_text(const tskl_shape_row *row, const tskl_place *place, void *into,
                             tskl_error *err) {
    const tskl_json *value = place->value;
    uint32_t max = row->max ? row->max : TSKL_SHAPE_TEXT_MAX;
    if (value->kind != TSKL_JSON_STRING) return tskl_place_expected(place, "a string", err);
    if (value->text.len < row->min)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "is empty");
    if (value->text.len > max)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has more than %u bytes",
                               (unsigned)max);
    // What reads it as a C string would see another text than we checked.
    if (tskl_slice_contains(value->text, 0))
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has a zero byte");
    *(tskl_slice *)into = value->text;
    return TSKL_OK;
}

static tskl_status check_list(const tskl_place *place, const char *what, tskl_error *err) {
    if (place->value->kind != TSKL_JSON_ARRAY) return tskl_place_expected(place, what, err);
    if (place->value->count > TSKL_SHAPE_ITEMS_MAX)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has more than %u items",
                               (unsigned)TSKL_SHAPE_ITEMS_MAX);
    return TSKL_OK;
}

static tskl_status read_texts(const tskl_shape_row *row, const tskl_place *place, void *into,
                              tskl_error *err) {
    tskl_texts *texts = into;
    TSKL_TRY(check_list(place, "a list of strings", err));
    tskl_slice *items = tskl_arena_array(place->document->arena, tskl_slice, place->value->count);
    if (!items) return tskl_place_nomem(place, err);
    size_t count = 0;
    for (const tskl_json *item = place->value->first; item; item = item->next, count++) {
        tskl_place at = tskl_place_in(place, item, count);
        TSKL_TRY(read_text(row, &at, &items[count], err));
    }
    *texts = (tskl_texts){items, count};
    return TSKL_OK;
}

static tskl_status read_flag(const tskl_shape_row *row, const tskl_place *place, void *into,
                             tskl_error *err) {
    (void)row;
    if (place->value->kind != TSKL_JSON_BOOL)
        return tskl_place_expected(place, "true or false", err);
    *(bool *)into = tskl_json_is_true(place->value);
    return TSKL_OK;
}

static tskl_status read_count(const tskl_shape_row *row, const tskl_place *place, void *into,
                              tskl_error *err) {
    int64_t number;
    if (place->value->kind != TSKL_JSON_NUMBER)
        return tskl_place_expected(place, "a whole number", err);
    if (!tskl_json_to_i64(place->value, &number) || number < row->min || number > row->max)
        return tskl_place_fail(
            err, TSKL_ERR_INVALID, place, "expected a whole number from %u to %u, not " TSKL_FMT,
            (unsigned)row->min, (unsigned)row->max, TSKL_ARG(tskl_place_short(place->value->text)));
    *(uint32_t *)into = (uint32_t)number;
    return TSKL_OK;
}

static tskl_status read_number(const tskl_shape_row *row, const tskl_place *place, void *into,
                               tskl_error *err) {
    double number;
    if (place->value->kind != TSKL_JSON_NUMBER) return tskl_place_expected(place, "a number", err);
    if (!tskl_json_to_double(place->value, &number) || number < row->min || number > row->max)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                               "expected a number from %u to %u, not " TSKL_FMT, (unsigned)row->min,
                               (unsigned)row->max, TSKL_ARG(tskl_place_short(place->value->text)));
    *(double *)into = number;
    return TSKL_OK;
}

static tskl_status fail_word(const tskl_shape_row *row, const tskl_place *place, tskl_error *err) {
    char room[160];
    tskl_buf known = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_nearest nearest = {.wrong = place->value->text};
    for (size_t i = 0; row->words[i]; i++) {
        if (i) tskl_buf_add(&known, TSKL_S(", "));
        tskl_buf_add(&known, tskl_slice_of(row->words[i]));
        tskl_nearest_offer(&nearest, tskl_slice_of(row->words[i]));
    }
    return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                           "\"" TSKL_FMT "\" is none of %s" TSKL_NEAREST_FMT,
                           TSKL_ARG(tskl_place_short(nearest.wrong)), tskl_buf_cstr(&known),
                           TSKL_NEAREST_ARG(nearest));
}

static tskl_status read_word(const tskl_shape_row *row, const tskl_place *place, void *into,
                             tskl_error *err) {
    if (place->value->kind != TSKL_JSON_STRING) return tskl_place_expected(place, "a string", err);
    for (unsigned i = 0; row->words[i]; i++) {
        if (!tskl_slice_equal(place->value->text, tskl_slice_of(row->words[i]))) continue;
        memcpy(into, &i, sizeof i); // an enum of ours, which has the size of an int
        return TSKL_OK;
    }
    return fail_word(row, place, err);
}

static tskl_status read_value(const tskl_shape_row *row, const tskl_place *place, void *into,
                              tskl_error *err) {
    (void)row;
    (void)err;
    *(const tskl_json **)into = place->value;
    return TSKL_OK;
}

static tskl_status read_map(const tskl_shape_row *row, const tskl_place *place, void *into,
                            tskl_error *err) {
    if (place->value->kind != TSKL_JSON_OBJECT) return tskl_place_expected(place, "an object", err);
    return read_value(row, place, into, err);
}

static tskl_status read_object(const tskl_shape_row *row, const tskl_place *place, void *into,
                               tskl_error *err) {
    return tskl_shape_read(row->inside, place, into, err);
}

static tskl_status run_check(const tskl_shape_row *row, const tskl_place *place, void *into,
                             tskl_error *err) {
    return row->check ? row->check(place, into, err) : TSKL_OK;
}

// `into` is the struct here: a list fills two of its members.
static tskl_status read_list(const tskl_shape_row *row, const tskl_place *place, char *into,
                             tskl_error *err) {
    TSKL_TRY(check_list(place, "a list of objects", err));
    char *items = tskl_arena_zeroed(place->document->arena, place->value->count, row->size);
    if (!items) return tskl_place_nomem(place, err);
    size_t count = 0;
    for (const tskl_json *item = place->value->first; item; item = item->next, count++) {
        tskl_place at = tskl_place_in(place, item, count);
        char *one = items + count * row->size;
        TSKL_TRY(tskl_shape_read(row->inside, &at, one, err));
        TSKL_TRY(run_check(row, &at, one, err));
    }
    *(void **)(into + row->offset) = items;
    *(size_t *)(into + row->count) = count;
    return TSKL_OK;
}

static tskl_status read_row(const tskl_shape_row *row, const tskl_place *place, char *into,
                            tskl_error *err) {
    static const reader readers[] = {
        [TSKL_SHAPE_TEXT] = read_text,     [TSKL_SHAPE_TEXTS] = read_texts,
        [TSKL_SHAPE_FLAG] = read_flag,     [TSKL_SHAPE_COUNT] = read_count,
        [TSKL_SHAPE_NUMBER] = read_number, [TSKL_SHAPE_WORD] = read_word,
        [TSKL_SHAPE_VALUE] = read_value,   [TSKL_SHAPE_MAP] = read_map,
        [TSKL_SHAPE_OBJECT] = read_object,
    };
    if (row->kind == TSKL_SHAPE_LIST) return read_list(row, place, into, err);
    TSKL_TRY(readers[row->kind](row, place, into + row->offset, err));
    return run_check(row, place, into + row->offset, err);
}

static bool is_anybodys(tskl_slice key) {
    return tskl_slice_starts(key, TSKL_S("x-")) || tskl_slice_equal(key, TSKL_S("$schema"));
}

static const tskl_shape_row *find_row(const tskl_shape *shape, tskl_slice key,
                                      tskl_nearest *nearest) {
    for (; shape; shape = shape->also)
        for (size_t i = 0; i < shape->count; i++) {
            tskl_slice known = tskl_slice_of(shape->rows[i].key);
            if (tskl_slice_equal(known, key)) return &shape->rows[i];
            tskl_nearest_offer(nearest, known);
        }
    return NULL;
}

// The line is that of the unknown key; the place named is the object it stands in.
static tskl_status fail_unknown(const tskl_place *place, const tskl_json *member,
                                const tskl_nearest *nearest, tskl_error *err) {
    tskl_json object = *place->value;
    tskl_place at = *place;
    object.line = member->line;
    at.value = &object;
    return tskl_place_fail(err, TSKL_ERR_INVALID, &at,
                           "unknown key '" TSKL_FMT "'" TSKL_NEAREST_FMT,
                           TSKL_ARG(tskl_place_short(member->key)), TSKL_NEAREST_ARG(*nearest));
}

static tskl_status check_required(const tskl_shape *shape, const tskl_place *place,
                                  tskl_error *err) {
    if (shape->also) TSKL_TRY(check_required(shape->also, place, err));
    for (size_t i = 0; i < shape->count; i++)
        if (shape->rows[i].required &&
            !tskl_json_get(place->value, tskl_slice_of(shape->rows[i].key)))
            return tskl_place_fail(err, TSKL_ERR_INVALID, place, "'%s' is missing",
                                   shape->rows[i].key);
    return TSKL_OK;
}

tskl_status tskl_shape_read(const tskl_shape *shape, const tskl_place *place, void *into,
                            tskl_error *err) {
    if (place->value->kind != TSKL_JSON_OBJECT) return tskl_place_expected(place, "an object", err);
    for (const tskl_json *member = place->value->first; member; member = member->next) {
        tskl_nearest nearest = {.wrong = member->key};
        if (is_anybodys(member->key)) continue;
        const tskl_shape_row *row = find_row(shape, member->key, &nearest);
        if (!row) return fail_unknown(place, member, &nearest, err);
        tskl_place at = tskl_place_in(place, member, 0);
        TSKL_TRY(read_row(row, &at, into, err));
    }
    return check_required(shape, place, err);
}
