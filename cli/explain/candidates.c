// SPDX-License-Identifier: Apache-2.0
#include "explain/candidates.h"
#include "pack/pack.h"

// An expression that is one host.
static tskl_slice expressed_host(const tskl_hostlist *hosts, tskl_arena *arena) {
    char text[TSKL_HOSTPATTERN_MAX];
    tskl_slice host = {NULL, 0};
    size_t length;
    for (size_t i = 0; i < hosts->count; i++)
        if (tskl_hostpattern_literal(hosts->expressions[i], text, &length) &&
            tskl_arena_copy(arena, tskl_slice_make(text, length), &host))
            return host;
    return host;
}

// The first host without '*'; "*.myshopify.com" stands for any name in that place.
static tskl_slice literal_host(const tskl_hostlist *hosts, tskl_arena *arena) {
    tskl_slice host = {NULL, 0};
    if (hosts->expressions) return expressed_host(hosts, arena);
    for (size_t i = 0; i < hosts->count; i++) {
        tskl_slice pattern = hosts->items[i];
        bool literal = !tskl_slice_contains(pattern, '*');
        if (literal && tskl_arena_copy(arena, pattern, &host)) return host;
        if (host.len == 0 && pattern.len > 1)
            host = tskl_slice_of(
                tskl_arena_printf(arena, "any" TSKL_FMT, TSKL_ARG(tskl_slice_from(pattern, 1))));
    }
    return host;
}

static bool copy_texts(const tskl_texts *from, tskl_arena *arena, tskl_texts *out) {
    out->items = tskl_arena_array(arena, tskl_slice, from->count);
    for (size_t i = 0; out->items && i < from->count; i++)
        if (!tskl_arena_copy(arena, from->items[i], &out->items[out->count++])) return false;
    return out->items != NULL;
}

static void add(tskl_candidates *candidates, const tskl_config_pack *entry,
                const tskl_config *config) {
    tskl_pack *pack;
    tskl_candidate *c = &candidates->items[candidates->count];
    if (!entry->enabled || tskl_pack_load(entry, config, &pack, NULL) != TSKL_OK) return;
    c->host = literal_host(&pack->hosts, &candidates->arena);
    if (c->host.len && tskl_arena_copy(&candidates->arena, pack->manifest.name, &c->name) &&
        copy_texts(&pack->manifest.marks, &candidates->arena, &c->marks))
        candidates->count++;
    tskl_pack_close(pack);
}

tskl_status tskl_candidates_fill(tskl_candidates *candidates, const tskl_config *config,
                                 tskl_error *err) {
    candidates->items = tskl_arena_array(&candidates->arena, tskl_candidate, config->pack_count);
    if (!candidates->items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the Packs");
    for (size_t i = 0; i < config->pack_count; i++) add(candidates, &config->packs[i], config);
    return TSKL_OK;
}

void tskl_candidates_deinit(tskl_candidates *candidates) {
    tskl_arena_reset(&candidates->arena);
    *candidates = (tskl_candidates){0};
}
