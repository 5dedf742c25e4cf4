// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"
#include "base/handover.h"
#include "config/duration.h"
#include "config/file_pre1.h"
#include "config/names.h"
#include "config/outputs.h"
#include "config/pack_entry.h"
#include "config/yaml.h"
#include "store/trust.h"
#include <limits.h>
#include <unistd.h>

enum { REFRESH_MOST_HOURS = 30 * 24, HOUR_MS = 3600 * 1000, VERSION = 1 };

typedef struct registry {
    tskl_slice url, refresh;
    tskl_texts keys;
} registry;

// The file while it is read: what is not kept as it was written stands beside the configuration.
typedef struct draft {
    tskl_config config;
    uint32_t version, body_kib;
    tskl_texts mask_headers, mask_query, mask_json;
    registry *registries;
    size_t registry_count;
    unsigned log_level;
    tskl_slice log_to;
} draft;

static tskl_status check_version(const tskl_place *place, void *into, tskl_error *err) {
    if (*(uint32_t *)into == VERSION) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_UNSUPPORTED, place,
                           "this version of taskless reads version %d of the file", VERSION);
}

// "$.card.number" and "$..number".
static tskl_status check_json_paths(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_texts *paths = into;
    for (size_t i = 0; i < paths->count; i++) {
        tskl_json_path path;
        tskl_status status =
            tskl_json_path_parse(paths->items[i], place->document->arena, &path, NULL);
        if (status == TSKL_OK && path.count) continue;
        if (status == TSKL_ERR_NOMEM) return tskl_place_nomem(place, err);
        return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                               "\"" TSKL_FMT "\" is not a path such as $.card.number or $..number",
                               TSKL_ARG(tskl_place_short(paths->items[i])));
    }
    return TSKL_OK;
}

static tskl_status check_headers(const tskl_place *place, void *into, tskl_error *err) {
    const tskl_texts *names = into;
    for (size_t i = 0; i < names->count; i++)
        if (!tskl_name_is_header(names->items[i]))
            return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                                   "\"" TSKL_FMT "\" is not a header's name",
                                   TSKL_ARG(tskl_place_short(names->items[i])));
    return TSKL_OK;
}

static tskl_status check_log_to(const tskl_place *place, void *into, tskl_error *err) {
    int fd;
    if (tskl_output_parse_fd(*(tskl_slice *)into, &fd)) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place, "expected stderr, stdout or fd:N");
}

static tskl_status check_refresh(const tskl_place *place, void *into, tskl_error *err) {
    uint64_t ms, most_ms = (uint64_t)REFRESH_MOST_HOURS * HOUR_MS;
    if (tskl_duration_parse(*(tskl_slice *)into, most_ms, &ms) && ms > 0) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                           "expected a time such as 15m, 30d at most");
}

static tskl_status check_url(const tskl_place *place, void *into, tskl_error *err) {
    if (tskl_slice_starts(*(tskl_slice *)into, TSKL_S("https://"))) return TSKL_OK;
    return tskl_place_fail(err, TSKL_ERR_INVALID, place, "expected an https: URL");
}

#define AT(member) .offset = offsetof(draft, member)
#define KEPT(member) .offset = offsetof(draft, config.member)

static const tskl_shape_row sample_rows[] = {
    {.key = "success", .kind = TSKL_SHAPE_NUMBER, KEPT(sample_success), .max = 1},
    {.key = "failure", .kind = TSKL_SHAPE_NUMBER, KEPT(sample_failure), .max = 1},
};
static const tskl_shape sample_shape = TSKL_SHAPE(sample_rows);

static const tskl_shape_row observe_rows[] = {
    {.key = "ignore", .kind = TSKL_SHAPE_TEXTS, KEPT(ignore), .min = 1},
    {.key = "body_kib", .kind = TSKL_SHAPE_COUNT, AT(body_kib), .max = 16384},
    {.key = "sample", .kind = TSKL_SHAPE_OBJECT, .inside = &sample_shape},
};
static const tskl_shape observe_shape = TSKL_SHAPE(observe_rows);

static const tskl_shape_row mask_rows[] = {
    {.key = "headers", .kind = TSKL_SHAPE_TEXTS, AT(mask_headers), .check = check_headers},
    {.key = "query", .kind = TSKL_SHAPE_TEXTS, AT(mask_query), .min = 1},
    {.key = "json", .kind = TSKL_SHAPE_TEXTS, AT(mask_json), .check = check_json_paths},
    {.key = "environment", .kind = TSKL_SHAPE_TEXTS, KEPT(mask_environment), .min = 1},
};
static const tskl_shape mask_shape = TSKL_SHAPE(mask_rows);

static const tskl_shape_row queue_rows[] = {
    {.key = "exchanges", .kind = TSKL_SHAPE_COUNT, KEPT(queue_exchanges), .min = 1, .max = 1048576},
    {.key = "mib", .kind = TSKL_SHAPE_COUNT, KEPT(queue_mib), .min = 1, .max = 4096},
    // No more than there are instances to run in.
    {.key = "workers", .kind = TSKL_SHAPE_COUNT, KEPT(workers), .min = 1, .max = 8},
};
static const tskl_shape queue_shape = TSKL_SHAPE(queue_rows);

static const tskl_shape_row registry_rows[] = {
    {.key = "url",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(registry, url),
     .required = true,
     .check = check_url},
    {.key = "keys", .kind = TSKL_SHAPE_TEXTS, .offset = offsetof(registry, keys), .min = 1},
    {.key = "refresh",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(registry, refresh),
     .check = check_refresh},
};
static const tskl_shape registry_shape = TSKL_SHAPE(registry_rows);

// In the order of tskl_log_level.
static const char *const level_words[] = {"off", "error", "warn", "info", "debug", "trace", NULL};

static const tskl_shape_row log_rows[] = {
    {.key = "level", .kind = TSKL_SHAPE_WORD, KEPT(log_level), .words = level_words},
    {.key = "to", .kind = TSKL_SHAPE_TEXT, AT(log_to), .check = check_log_to},
};
static const tskl_shape log_shape = TSKL_SHAPE(log_rows);

static const tskl_shape_row file_rows[] = {
    {.key = "version",
     .kind = TSKL_SHAPE_COUNT,
     AT(version),
     .max = UINT32_MAX,
     .check = check_version},
    {.key = "packs",
     .kind = TSKL_SHAPE_LIST,
     KEPT(packs),
     .inside = &tskl_pack_entry_shape,
     .size = sizeof(tskl_config_pack),
     .count = offsetof(draft, config.pack_count),
     .check = tskl_pack_entry_check},
    {.key = "limits", .kind = TSKL_SHAPE_OBJECT, KEPT(caps), .inside = &tskl_limits_shape},
    {.key = "observe", .kind = TSKL_SHAPE_OBJECT, .inside = &observe_shape},
    {.key = "mask", .kind = TSKL_SHAPE_OBJECT, .inside = &mask_shape},
    {.key = "queue", .kind = TSKL_SHAPE_OBJECT, .inside = &queue_shape},
    {.key = "outputs",
     .kind = TSKL_SHAPE_LIST,
     KEPT(outputs),
     .inside = &tskl_output_shape,
     .size = sizeof(tskl_config_output),
     .count = offsetof(draft, config.output_count),
     .check = tskl_output_check_entry},
    {.key = "registries",
     .kind = TSKL_SHAPE_LIST,
     AT(registries),
     .inside = &registry_shape,
     .size = sizeof(registry),
     .count = offsetof(draft, registry_count)},
    {.key = "shipped", .kind = TSKL_SHAPE_FLAG, KEPT(shipped)},
    {.key = "log", .kind = TSKL_SHAPE_OBJECT, .inside = &log_shape},
};
static const tskl_shape file_shape = TSKL_SHAPE(file_rows);

static tskl_status parse_tree(const char *name, tskl_slice text, tskl_arena *arena,
                              const tskl_json **tree, tskl_error *err) {
    if (!tskl_slice_ends(tskl_slice_of(name), TSKL_S(".json")))
        return tskl_yaml_parse(text, arena, tree, err);
    TSKL_TRY(tskl_json_parse(text, arena, tree, err));
    return tskl_place_refuse_twice(*tree, arena, err);
}

static tskl_status resolve_pack(tskl_config_pack *pack, const char *folder, tskl_arena *arena,
                                tskl_error *err) {
    if (pack->from.len == 0 || pack->from.ptr[0] == '/' || tskl_pack_entry_is_remote(pack))
        return TSKL_OK;
    const char *path = tskl_arena_printf(arena, "%s/" TSKL_FMT, folder, TSKL_ARG(pack->from));
    if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    pack->from = tskl_slice_of(path);
    return TSKL_OK;
}

static tskl_status resolve_paths(tskl_config *config, const char *folder, tskl_error *err) {
    for (size_t i = 0; i < config->pack_count; i++)
        TSKL_TRY(resolve_pack(&config->packs[i], folder, &config->arena, err));
    for (size_t i = 0; i < config->output_count; i++)
        TSKL_TRY(tskl_output_resolve(&config->outputs[i], folder, &config->arena, err));
    return TSKL_OK;
}

static tskl_status set_mask(draft *d, tskl_error *err) {
    tskl_arena *arena = &d->config.arena;
    tskl_json_path *paths = tskl_arena_array(arena, tskl_json_path, d->mask_json.count);
    if (!paths) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    for (size_t i = 0; i < d->mask_json.count; i++)
        TSKL_TRY(tskl_json_path_parse(d->mask_json.items[i], arena, &paths[i], err));
    if (!tskl_names_lower(d->mask_headers.items, d->mask_headers.count, arena) ||
        !tskl_names_lower(d->mask_query.items, d->mask_query.count, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    d->config.mask = (tskl_mask_rules){
        .headers = d->mask_headers.items,
        .header_count = d->mask_headers.count,
        .query = d->mask_query.items,
        .query_count = d->mask_query.count,
        .json = paths,
        .json_count = d->mask_json.count,
    };
    return TSKL_OK;
}

static tskl_status read_draft(const tskl_place *root, const char *folder, draft *d,
                              tskl_error *err) {
    tskl_config *config = &d->config;
    TSKL_TRY(tskl_shape_read(&file_shape, root, d, err));
    TSKL_TRY(tskl_pack_entry_check_names(root, config->packs, config->pack_count, err));
    TSKL_TRY(resolve_paths(config, folder, err));
    TSKL_TRY(set_mask(d, err));
    config->body_cap = (size_t)d->body_kib * 1024;
    int log_fd;
    if (tskl_output_parse_fd(d->log_to, &log_fd)) config->log_to = tskl_handover_descriptor(log_fd);
    if (d->registry_count)
        tskl_log(TSKL_LOG_WARN, "%s: registries are not read by this version",
                 root->document->name);
    return TSKL_OK;
}

tskl_status tskl_file_parse(const char *name, const char *folder, tskl_slice text,
                            tskl_config *config, bool *packs_given, tskl_error *err) {
    const tskl_json *tree;
    *packs_given = false;
    tskl_status status = parse_tree(name, text, &config->arena, &tree, err);
    if (status) return tskl_context(err, status, "%s", name);
    if (tree->kind == TSKL_JSON_NULL) return TSKL_OK; // an empty file, or comments alone
    // While it is read the draft has the arena; afterwards the configuration has it back.
    draft d = {.config = *config, .body_kib = (uint32_t)(config->body_cap / 1024)};
    const tskl_document document = {.name = name, .by_line = true, .arena = &d.config.arena};
    const tskl_place root = {.document = &document, .value = tree};
    status = tskl_file_is_pre1(tree) ? tskl_file_read_pre1(&root, &d.config, err)
                                     : read_draft(&root, folder, &d, err);
    *config = d.config;
    *packs_given = config->packs != NULL;
    return status;
}

// Whole, so that a program that goes to another folder later changes nothing.
static const char *folder_of(const char *path, tskl_arena *arena) {
    const char *slash = strrchr(path, '/');
    tskl_slice folder = {path, slash ? (size_t)(slash - path) : 0};
    char room[PATH_MAX];
    if (path[0] == '/') return tskl_arena_cstr(arena, folder);
    const char *here = getcwd(room, sizeof room) ? room : ".";
    return tskl_arena_printf(arena, "%s%s" TSKL_FMT, here, slash ? "/" : "", TSKL_ARG(folder));
}

tskl_status tskl_file_read(const char *path, tskl_config *config, bool *packs_given,
                           tskl_error *err) {
    tskl_slice text;
    *packs_given = false;
    TSKL_TRY(
        tskl_trust_read_foreign(path, TSKL_FILE_MAX, &config->arena, &text, &config->foreign, err));
    config->digest = tskl_sha256_of(text);
    const char *folder = folder_of(path, &config->arena);
    if (!folder) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
    return tskl_file_parse(path, folder, text, config, packs_given, err);
}
