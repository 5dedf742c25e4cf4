// The configuration a Pack is shown: what its manifest declares, with the values given.
// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "config/nearest.h"
#include "pack/manifest.h"

enum { CONFIGURATION_MAX = 1024 * 1024 };

static const tskl_field *find_field(const tskl_manifest *manifest, tskl_slice name,
                                    tskl_nearest *nearest) {
    for (size_t i = 0; i < manifest->field_count; i++) {
        if (tskl_slice_equal(manifest->fields[i].name, name)) return &manifest->fields[i];
        tskl_nearest_offer(nearest, manifest->fields[i].name);
    }
    return NULL;
}

static tskl_status check_member(const tskl_manifest *manifest, const tskl_place *place,
                                tskl_error *err) {
    tskl_nearest nearest = {.wrong = place->value->key};
    const tskl_field *field = find_field(manifest, nearest.wrong, &nearest);
    if (field) return tskl_field_check(field, place, err);
    return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                           "the manifest has no such field" TSKL_NEAREST_FMT,
                           TSKL_NEAREST_ARG(nearest));
}

// NULL values are none. `*line` is that of the member at fault.
static tskl_status check_values(const tskl_manifest *manifest, const tskl_document *document,
                                const tskl_json *values, uint32_t *line, tskl_error *err) {
    if (!values) return TSKL_OK;
    const tskl_place root = {.document = document, .value = values};
    *line = values->line;
    if (values->kind != TSKL_JSON_OBJECT) return tskl_place_expected(&root, "an object", err);
    for (const tskl_json *member = values->first; member; member = member->next) {
        tskl_place at = tskl_place_in(&root, member, 0);
        *line = member->line;
        TSKL_TRY(check_member(manifest, &at, err));
    }
    *line = 0;
    return TSKL_OK;
}

// Older loaders keep where a Pack came from beside its configuration:
// {"url":..,"configuration":{..}}.
static const tskl_json *without_url(const tskl_manifest *manifest, const tskl_json *packaged) {
    tskl_nearest unused = {0};
    if (!packaged || packaged->kind != TSKL_JSON_OBJECT) return packaged;
    for (const tskl_json *member = packaged->first; member; member = member->next) {
        bool theirs = tskl_slice_equal(member->key, TSKL_S("url")) ||
                      tskl_slice_equal(member->key, TSKL_S("configuration"));
        if (!theirs || find_field(manifest, member->key, &unused)) return packaged;
    }
    return tskl_json_get(packaged, TSKL_S("configuration"));
}

static const tskl_json *value_of(const tskl_field *field, const tskl_json *given,
                                 const tskl_json *packaged) {
    const tskl_json *value = tskl_json_get(given, field->name);
    if (!value) value = tskl_json_get(packaged, field->name);
    return value ? value : field->value;
}

static void add_merged(tskl_buf *buf, const tskl_manifest *manifest, const tskl_json *given,
                       const tskl_json *packaged) {
    tskl_buf_byte(buf, '{');
    for (size_t i = 0; i < manifest->field_count; i++) {
        const tskl_json *value = value_of(&manifest->fields[i], given, packaged);
        if (!value) continue;
        tskl_json_add_key(buf, manifest->fields[i].name);
        tskl_json_add_value(buf, value);
    }
    tskl_buf_byte(buf, '}');
}

tskl_status tskl_manifest_configure(const tskl_manifest *manifest, const tskl_json *given,
                                    const tskl_json *packaged, tskl_arena *arena, tskl_slice *json,
                                    uint32_t *line, tskl_error *err) {
    static const tskl_document of_package = {.name = "config.json", .by_line = true};
    static const tskl_document of_user = {.name = "configuration"};
    uint32_t unused;
    *json = (tskl_slice){NULL, 0};
    *line = 0;
    packaged = without_url(manifest, packaged);
    TSKL_TRY(check_values(manifest, &of_package, packaged, &unused, err));
    TSKL_TRY(check_values(manifest, &of_user, given, line, err));
    tskl_buf buf;
    tskl_buf_init(&buf, CONFIGURATION_MAX);
    add_merged(&buf, manifest, given, packaged);
    bool copied = !buf.failed && tskl_arena_copy(arena, tskl_buf_slice(&buf), json);
    tskl_buf_deinit(&buf);
    if (!copied) return tskl_fail(err, TSKL_ERR_NOMEM, "configuration: no room for it");
    return TSKL_OK;
}
