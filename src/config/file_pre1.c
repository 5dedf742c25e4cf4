// SPDX-License-Identifier: Apache-2.0
#include "config/file_pre1.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "config/file.h"
#include "config/names.h"
#include "config/pack_entry.h"

typedef struct draft {
    tskl_slice schema, organization;
    const tskl_json *packs;
} draft;

static tskl_status check_packs(const tskl_place *place, void *into, tskl_error *err) {
    size_t index = 0;
    (void)into;
    if (place->value->kind != TSKL_JSON_ARRAY)
        return tskl_place_expected(place, "a list of objects", err);
    if (place->value->count > TSKL_SHAPE_ITEMS_MAX)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has more than %u items",
                               (unsigned)TSKL_SHAPE_ITEMS_MAX);
    for (const tskl_json *item = place->value->first; item; item = item->next) {
        tskl_place at = tskl_place_in(place, item, index++);
        if (item->kind != TSKL_JSON_OBJECT) return tskl_place_expected(&at, "an object", err);
    }
    return TSKL_OK;
}

#define AT(member) .offset = offsetof(draft, member)

static const tskl_shape_row rows[] = {
    {.key = "schema", .kind = TSKL_SHAPE_TEXT, AT(schema), .required = true},
    {.key = "organizationId", .kind = TSKL_SHAPE_TEXT, AT(organization)},
    {.key = "packs", .kind = TSKL_SHAPE_VALUE, AT(packs), .required = true, .check = check_packs},
};
static const tskl_shape shape = TSKL_SHAPE(rows);

bool tskl_file_is_pre1(const tskl_json *tree) {
    const tskl_json *schema = tskl_json_get(tree, TSKL_S("schema"));
    return schema && schema->kind == TSKL_JSON_STRING &&
           tskl_slice_equal(schema->text, TSKL_S("pre1"));
}

// YAML has no text of its own for it.
static bool write_manifest(const tskl_json *item, tskl_arena *arena, tskl_slice *out) {
    if (item->raw.len) return tskl_arena_copy(arena, item->raw, out);
    tskl_buf text;
    tskl_buf_init(&text, TSKL_FILE_MAX);
    tskl_json_add_value(&text, item);
    bool copied = !text.failed && tskl_arena_copy(arena, tskl_buf_slice(&text), out);
    tskl_buf_deinit(&text);
    return copied;
}

// The name is for messages; one that is none is said when the Pack is opened.
static bool read_pack(const tskl_json *item, tskl_arena *arena, tskl_config_pack *out) {
    const tskl_json *name = tskl_json_get(item, TSKL_S("name"));
    *out = (tskl_config_pack){.body_allowed = true, .enabled = true, .line = item->line};
    if (name && name->kind == TSKL_JSON_STRING && tskl_name_is_pack(name->text))
        out->name = name->text;
    return write_manifest(item, arena, &out->manifest);
}

static tskl_status check_names(const tskl_place *root, const tskl_config *config, tskl_error *err) {
    for (size_t i = 0; i < config->pack_count; i++)
        if (config->packs[i].name.len == 0) return TSKL_OK; // it will be left out
    return tskl_pack_entry_check_names(root, config->packs, config->pack_count, err);
}

tskl_status tskl_file_read_pre1(const tskl_place *root, tskl_config *config, tskl_error *err) {
    tskl_arena *arena = root->document->arena;
    draft d = {0};
    size_t count = 0;
    TSKL_TRY(tskl_shape_read(&shape, root, &d, err));
    // It was written for another loader, which brings no Packs: what it lists is all that runs.
    config->shipped = false;
    config->packs = tskl_arena_array(arena, tskl_config_pack, d.packs->count);
    if (!config->packs) return tskl_place_nomem(root, err);
    for (const tskl_json *item = d.packs->first; item; item = item->next)
        if (!read_pack(item, arena, &config->packs[count++])) return tskl_place_nomem(root, err);
    config->pack_count = count;
    return check_names(root, config, err);
}
