// SPDX-License-Identifier: Apache-2.0
#include "inspect/pack_list.h"
#include "fetch.h"
#include "pack/pack.h"
#include "prepare.h"
#include "say.h"
#include <limits.h>
#include <stdlib.h>

const tskl_known_pack *tskl_pack_list_find(const tskl_pack_list *list, tskl_slice name) {
    for (size_t i = 0; i < list->count; i++)
        if (tskl_slice_equal(list->items[i].name, name)) return &list->items[i];
    return NULL;
}

static bool copy_known(tskl_pack_list *list, const tskl_pack *pack, const tskl_config_pack *entry,
                       bool asked_for) {
    tskl_known_pack *known = &list->items[list->count++];
    known->asked_for = asked_for;
    return tskl_arena_copy(&list->arena, pack->manifest.name, &known->name) &&
           tskl_arena_copy(&list->arena, pack->manifest.version, &known->version) &&
           tskl_arena_copy(&list->arena, entry->from, &known->from) &&
           tskl_arena_copy(&list->arena, entry->module, &known->module);
}

static void complain_of(tskl_pack_list *list, const tskl_config_pack *entry, bool asked_for,
                        const tskl_error *err) {
    // What an author meets first.
    bool unbuilt = tskl_slice_ends(tskl_slice_of(err->message), TSKL_S("pack.wasm is missing"));
    if (!asked_for) return;
    tskl_complain("Pack " TSKL_FMT " is bad: %s%s", TSKL_ARG(tskl_pack_label(entry)), err->message,
                  unbuilt ? " (`taskless pack build` builds it)" : "");
    list->bad++;
}

static tskl_status add(tskl_pack_list *list, const tskl_config_pack *entry, bool asked_for,
                       tskl_error *err) {
    static const tskl_prepare_options usual;
    tskl_pack *pack = NULL;
    tskl_prepared how;
    tskl_error problem = {0};
    tskl_status status = tskl_fetch_pack(entry, NULL, &problem);
    if (status == TSKL_OK) status = tskl_pack_load(entry, NULL, &pack, &problem);
    // What comes first counts: a Pack that is being worked on stands for the configured one.
    bool wanted = status == TSKL_OK && !tskl_pack_list_find(list, pack->manifest.name);
    if (wanted) status = tskl_prepare_modules(pack, &usual, &how, &problem);
    bool copied = true;
    if (status != TSKL_OK)
        complain_of(list, entry, asked_for, &problem);
    else if (wanted)
        copied = copy_known(list, pack, entry, asked_for);
    tskl_pack_close(pack);
    return copied ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for the Packs");
}

static tskl_status add_path(tskl_pack_list *list, const char *path, tskl_error *err) {
    char whole[PATH_MAX];
    tskl_config_pack entry = {.body_allowed = true, .enabled = true};
    entry.from = tskl_slice_of(realpath(path, whole) ? whole : path);
    return add(list, &entry, true, err);
}

// Of a configured Pack only where it lies counts: cases bring their own configuration.
static tskl_status add_configured(tskl_pack_list *list, const tskl_config_pack *configured,
                                  bool asked_for, tskl_error *err) {
    char path[PATH_MAX], whole[PATH_MAX];
    tskl_config_pack entry = {.name = configured->name,
                              .from = configured->from,
                              .module = configured->module,
                              .digest = configured->digest,
                              .body_allowed = true,
                              .enabled = true};
    if (entry.from.len && tskl_slice_to_cstr(entry.from, path, sizeof path) &&
        realpath(path, whole))
        entry.from = tskl_slice_of(whole);
    return add(list, &entry, asked_for, err);
}

// Those that come with taskless are asked for where there are no others: beside a user's own they
// are nobody's work here.
static bool is_beside(const tskl_config *config, size_t at) {
    bool others = false;
    for (size_t i = 0; i < config->pack_count; i++) others = others || !config->packs[i].shipped;
    return others && config->packs[at].shipped;
}

tskl_status tskl_pack_list_fill(tskl_pack_list *list, char *const *paths, const tskl_config *config,
                                tskl_error *err) {
    size_t path_count = 0;
    while (paths[path_count]) path_count++;
    list->room = path_count + config->pack_count;
    list->items = tskl_arena_array(&list->arena, tskl_known_pack, list->room);
    if (!list->items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the Packs");
    for (size_t i = 0; i < path_count; i++) TSKL_TRY(add_path(list, paths[i], err));
    for (size_t i = 0; i < config->pack_count; i++)
        if (config->packs[i].enabled)
            TSKL_TRY(add_configured(list, &config->packs[i],
                                    path_count == 0 && !is_beside(config, i), err));
    return TSKL_OK;
}

void tskl_pack_list_deinit(tskl_pack_list *list) {
    tskl_arena_reset(&list->arena);
    *list = (tskl_pack_list){0};
}
