// SPDX-License-Identifier: Apache-2.0
#include "pack/field.h"
#include "config/names.h"

enum { DESCRIPTION_MAX = 4096 };

// In the order of tskl_field_type.
static const char *const type_words[] = {"string",   "string[]", "number",
                                         "number[]", "boolean",  NULL};

static const tskl_shape_row rows[] = {
    {.key = "name",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_field, name),
     .required = true},
    {.key = "type",
     .kind = TSKL_SHAPE_WORD,
     .offset = offsetof(tskl_field, type),
     .words = type_words,
     .required = true},
    {.key = "description",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_field, description),
     .max = DESCRIPTION_MAX},
    {.key = "default", .kind = TSKL_SHAPE_VALUE, .offset = offsetof(tskl_field, value)},
};
const tskl_shape tskl_field_shape = TSKL_SHAPE(rows);

typedef struct type_rule {
    tskl_json_kind kind, items; // `items` counts where `kind` is an array
    const char *expected, *item_expected;
} type_rule;

static const type_rule rules[] = {
    [TSKL_FIELD_STRING] = {TSKL_JSON_STRING, TSKL_JSON_NULL, "a string", NULL},
    [TSKL_FIELD_STRINGS] = {TSKL_JSON_ARRAY, TSKL_JSON_STRING, "a list of strings", "a string"},
    [TSKL_FIELD_NUMBER] = {TSKL_JSON_NUMBER, TSKL_JSON_NULL, "a number", NULL},
    [TSKL_FIELD_NUMBERS] = {TSKL_JSON_ARRAY, TSKL_JSON_NUMBER, "a list of numbers", "a number"},
    [TSKL_FIELD_BOOLEAN] = {TSKL_JSON_BOOL, TSKL_JSON_NULL, "true or false", NULL},
};

tskl_status tskl_field_check(const tskl_field *field, const tskl_place *place, tskl_error *err) {
    const type_rule *rule = &rules[field->type];
    if (place->value->kind != rule->kind) return tskl_place_expected(place, rule->expected, err);
    if (rule->kind != TSKL_JSON_ARRAY) return TSKL_OK;
    size_t index = 0;
    for (const tskl_json *item = place->value->first; item; item = item->next) {
        tskl_place at = tskl_place_in(place, item, index++);
        if (item->kind != rule->items) return tskl_place_expected(&at, rule->item_expected, err);
    }
    return TSKL_OK;
}

tskl_status tskl_field_check_entry(const tskl_place *place, void *field, tskl_error *err) {
    const tskl_field *entry = field;
    if (!tskl_name_is_field(entry->name)) {
        tskl_place at = tskl_place_in(place, tskl_json_get(place->value, TSKL_S("name")), 0);
        return tskl_place_fail(err, TSKL_ERR_INVALID, &at,
                               "\"" TSKL_FMT "\" is not a field's name: 1 to %d letters, digits, "
                               "'_', '-' and '.'",
                               TSKL_ARG(tskl_place_short(entry->name)), TSKL_NAME_MAX);
    }
    if (!entry->value) return TSKL_OK;
    tskl_place at = tskl_place_in(place, entry->value, 0);
    return tskl_field_check(entry, &at, err);
}

tskl_status tskl_field_check_names(const tskl_place *root, const tskl_field *fields, size_t count,
                                   tskl_error *err) {
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (tskl_slice_equal(fields[i].name, fields[j].name))
                return tskl_place_fail(err, TSKL_ERR_INVALID, root,
                                       "fields[%zu].name: \"" TSKL_FMT
                                       "\" is the name of fields[%zu] as well",
                                       i, TSKL_ARG(fields[i].name), j);
    return TSKL_OK;
}

const char *tskl_field_type_text(tskl_field_type type) {
    return type_words[type];
}
