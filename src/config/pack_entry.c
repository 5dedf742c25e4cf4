// SPDX-License-Identifier: Apache-2.0
#include "config/pack_entry.h"
#include "base/digest.h"
#include "config/names.h"
#include "net/download.h"

enum { MODULE_MAX = 16 * 1024 * 1024 };

static tskl_status check_variables(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_texts *names = into;
    for (size_t i = 0; i < names->count; i++)
        if (!tskl_name_is_variable(names->items[i]))
            return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                                   "\"" TSKL_FMT "\" is not a variable's name",
                                   TSKL_ARG(tskl_place_short(names->items[i])));
    return TSKL_OK;
}

static tskl_status check_name(const tskl_place *place, void *into, tskl_error *err) {
    tskl_slice name = *(tskl_slice *)into;
    if (tskl_name_is_pack(name)) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                           "\"" TSKL_FMT "\" is not a Pack's name: 1 to %d lower-case letters, "
                           "digits, '-' and '_'",
                           TSKL_ARG(tskl_place_short(name)), TSKL_NAME_MAX);
}

static tskl_status check_digest(const tskl_place *place, void *into, tskl_error *err) {
    tskl_sha256 digest;
    tskl_slice text = *(tskl_slice *)into;
    if (tskl_slice_starts(text, TSKL_S("sha256:")) && tskl_sha256_parse(text, &digest))
        return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place, "expected sha256: and 64 hex digits");
}

#define AT(member) .offset = offsetof(tskl_config_pack, member)

// Its members land in the entry itself.
static const tskl_shape_row allow_rows[] = {
    {.key = "body", .kind = TSKL_SHAPE_FLAG, AT(body_allowed)},
    {.key = "environment", .kind = TSKL_SHAPE_TEXTS, AT(environment), .check = check_variables},
    {.key = "hosts", .kind = TSKL_SHAPE_TEXTS, AT(call_hosts), .min = 1},
    {.key = "vars", .kind = TSKL_SHAPE_FLAG, AT(vars_allowed)},
};
static const tskl_shape allow_shape = TSKL_SHAPE(allow_rows);

static const tskl_shape_row rows[] = {
    {.key = "name", .kind = TSKL_SHAPE_TEXT, AT(name), .required = true, .check = check_name},
    {.key = "from", .kind = TSKL_SHAPE_TEXT, AT(from), .min = 1},
    {.key = "module", .kind = TSKL_SHAPE_TEXT, AT(module), .min = 1, .max = MODULE_MAX},
    {.key = "digest", .kind = TSKL_SHAPE_TEXT, AT(digest), .check = check_digest},
    {.key = "hosts", .kind = TSKL_SHAPE_TEXTS, AT(hosts), .min = 1},
    {.key = "configuration", .kind = TSKL_SHAPE_MAP, AT(configuration)},
    {.key = "allow", .kind = TSKL_SHAPE_OBJECT, .inside = &allow_shape},
    {.key = "limits", .kind = TSKL_SHAPE_OBJECT, AT(limits), .inside = &tskl_limits_shape},
    {.key = "enabled", .kind = TSKL_SHAPE_FLAG, AT(enabled)},
};
const tskl_shape tskl_pack_entry_shape = TSKL_SHAPE(rows);

static uint32_t line_of(const tskl_place *place, tskl_slice key) {
    const tskl_json *member = tskl_json_get(place->value, key);
    return member ? member->line : 0;
}

tskl_status tskl_pack_entry_check(const tskl_place *place, void *into, tskl_error *err) {
    tskl_config_pack *entry = into;
    const tskl_json *allow = tskl_json_get(place->value, TSKL_S("allow"));
    if (!tskl_json_get(allow, TSKL_S("body"))) entry->body_allowed = true;
    if (!tskl_json_get(place->value, TSKL_S("enabled"))) entry->enabled = true;
    entry->hosts_given = entry->hosts.items != NULL;
    entry->line = place->value->line;
    entry->module_line = line_of(place, TSKL_S("module"));
    entry->digest_line = line_of(place, TSKL_S("digest"));
    if (entry->from.len && entry->module.len)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "has 'from' and 'module': only one");
    tskl_sha256 digest;
    tskl_error why;
    if (!tskl_pack_entry_is_url(entry)) return TSKL_OK;
    tskl_status status = tskl_pack_entry_check_url(entry, &digest, &why);
    return status ? tskl_place_fail(err, status, place, "%s", why.message) : TSKL_OK;
}

tskl_status tskl_pack_entry_check_names(const tskl_place *root, const tskl_config_pack *packs,
                                        size_t count, tskl_error *err) {
    const tskl_json *list = tskl_json_get(root->value, TSKL_S("packs"));
    const tskl_json *item = list ? list->first : NULL;
    tskl_place packs_at = tskl_place_in(root, list, 0);
    for (size_t i = 0; i < count; i++, item = item->next)
        for (size_t j = 0; j < i; j++) {
            if (!tskl_slice_equal(packs[i].name, packs[j].name)) continue;
            tskl_place at = tskl_place_in(&packs_at, item, i);
            return tskl_place_fail(err, TSKL_ERR_INVALID, &at,
                                   "\"" TSKL_FMT "\" is the name of the Pack on line %u as well",
                                   TSKL_ARG(packs[i].name), (unsigned)packs[j].line);
        }
    return TSKL_OK;
}

bool tskl_pack_entry_is_url(const tskl_config_pack *entry) {
    return tskl_slice_starts_nocase(entry->from, TSKL_S("https:")) ||
           tskl_slice_starts_nocase(entry->from, TSKL_S("http:"));
}

bool tskl_pack_entry_is_remote(const tskl_config_pack *entry) {
    return tskl_pack_entry_is_url(entry) || tskl_slice_starts(entry->from, TSKL_S("oci:"));
}

static tskl_status check_url(tskl_slice url, tskl_arena *arena, tskl_error *err) {
    tskl_target target;
    tskl_status status = tskl_target_parse(url, arena, &target, err);
    if (status == TSKL_OK && !tskl_download_allowed(&target))
        status = tskl_fail(err, TSKL_ERR_INVALID, "http: is only for this machine: use https:");
    return status ? tskl_context(err, status, "from") : TSKL_OK;
}

tskl_status tskl_pack_entry_check_url(const tskl_config_pack *entry, tskl_sha256 *digest,
                                      tskl_error *err) {
    tskl_arena arena = {0};
    *digest = (tskl_sha256){""};
    tskl_status status = check_url(entry->from, &arena, err);
    tskl_arena_reset(&arena);
    if (status == TSKL_OK && !tskl_sha256_parse(entry->digest, digest))
        status = tskl_fail(err, TSKL_ERR_INVALID,
                           "a Pack from a URL needs a digest: sha256: of its bundle");
    return status;
}
