// SPDX-License-Identifier: Apache-2.0
#include "config/variables.h"
#include "base/env.h"
#include "config/names.h"

// The value of `name` among "NAME=value" texts.
static bool find_in(const tskl_texts *texts, tskl_slice name, tskl_slice *value) {
    for (size_t i = 0; i < texts->count; i++) {
        tskl_slice rest = texts->items[i];
        if (!tskl_slice_equal(tskl_slice_split(&rest, '='), name)) continue;
        *value = rest;
        return true;
    }
    return false;
}

bool tskl_variables_find(const tskl_config *config, tskl_slice name, tskl_slice *value) {
    char room[TSKL_NAME_MAX + 1];
    *value = (tskl_slice){NULL, 0};
    // The file was written for Packs.
    if (config && find_in(&config->environment, name, value)) return true;
    if (!tskl_slice_to_cstr(name, room, sizeof room)) return false;
    *value = tskl_slice_of(tskl_env_lookup(room));
    return value->ptr != NULL;
}

bool tskl_variables_is_secret(const tskl_config *config, tskl_slice name, tskl_slice value) {
    return tskl_name_looks_secret(name, value) ||
           (config && tskl_texts_have(&config->mask_environment, name));
}

static bool collect(tskl_config *config, const tskl_texts *names) {
    tskl_texts *secrets = &config->secrets;
    for (size_t i = 0; i < names->count; i++) {
        tskl_slice value;
        if (!tskl_variables_find(config, names->items[i], &value) ||
            !tskl_variables_is_secret(config, names->items[i], value))
            continue;
        if (!tskl_arena_copy(&config->arena, value, &secrets->items[secrets->count])) return false;
        secrets->count++;
    }
    return true;
}

tskl_status tskl_variables_collect(tskl_config *config, tskl_error *err) {
    size_t most = config->mask_environment.count;
    for (size_t i = 0; i < config->pack_count; i++) most += config->packs[i].environment.count;
    config->secrets.items = tskl_arena_array(&config->arena, tskl_slice, most);
    bool done = config->secrets.items && collect(config, &config->mask_environment);
    for (size_t i = 0; done && i < config->pack_count; i++)
        done = collect(config, &config->packs[i].environment);
    config->mask.values = config->secrets.items;
    config->mask.value_count = done ? config->secrets.count : 0;
    return done ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
}
