// SPDX-License-Identifier: Apache-2.0
#include "pack/permissions.h"
#include "base/json_writer.h"
#include "config/variables.h"

enum { ENVIRONMENT_MAX = 256 * 1024 };

typedef struct granting {
    tskl_pack *pack;
    const tskl_config_pack *entry;
    const tskl_config *config;
    tskl_buf json;
} granting;

static bool grant_variable(granting *g, tskl_slice name) {
    tskl_pack *pack = g->pack;
    tskl_slice value;
    if (!tskl_variables_find(g->config, name, &value)) return true;
    bool named = g->entry && tskl_texts_have(&g->entry->environment, name);
    if (!named && tskl_variables_is_secret(g->config, name, value)) {
        pack->environment_withheld.items[pack->environment_withheld.count++] = name;
        return true;
    }
    tskl_json_add_key(&g->json, name);
    tskl_json_add_string(&g->json, value);
    char *text = tskl_arena_printf(&pack->arena, TSKL_FMT "=%.*s", TSKL_ARG(name), (int)value.len,
                                   value.ptr);
    pack->environment.items[pack->environment.count++] = tskl_slice_of(text);
    return text != NULL;
}

static bool grant_variables(granting *g) {
    tskl_pack *pack = g->pack;
    const tskl_texts *asked = &pack->manifest.environment_asked;
    pack->environment.items = tskl_arena_array(&pack->arena, tskl_slice, asked->count);
    pack->environment_withheld.items = tskl_arena_array(&pack->arena, tskl_slice, asked->count);
    if (!pack->environment.items || !pack->environment_withheld.items) return false;
    tskl_buf_byte(&g->json, '{');
    for (size_t i = 0; i < asked->count; i++)
        if (!grant_variable(g, asked->items[i])) return false;
    tskl_buf_byte(&g->json, '}');
    return !g->json.failed &&
           tskl_arena_copy(&pack->arena, tskl_buf_slice(&g->json), &pack->environment_json);
}

static tskl_status grant_environment(tskl_pack *pack, const tskl_config_pack *entry,
                                     const tskl_config *config, tskl_error *err) {
    granting g = {.pack = pack, .entry = entry, .config = config};
    tskl_buf_init(&g.json, ENVIRONMENT_MAX);
    bool done = grant_variables(&g);
    tskl_buf_deinit(&g.json);
    return done ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for its environment");
}

static bool is_body(tskl_slice read) {
    return tskl_slice_ends(read, TSKL_S(".body")) || tskl_slice_ends(read, TSKL_S(".stream")) ||
           tskl_slice_ends(read, TSKL_S(".error"));
}

static void grant_bodies(tskl_pack *pack, const tskl_config_pack *entry) {
    const tskl_manifest *manifest = &pack->manifest;
    const tskl_texts *reads = &manifest->reads;
    bool granted = manifest->body_asked && (!entry || entry->body_allowed);
    bool all = !manifest->reads_given;
    bool request = all || tskl_texts_have(reads, TSKL_S("request.body"));
    bool stream = tskl_texts_have(reads, TSKL_S("response.stream"));
    bool any = all || stream || tskl_texts_have(reads, TSKL_S("response.body"));
    bool response = any || tskl_texts_have(reads, TSKL_S("response.error"));
    // A Pack with `pre` alone never sees an answer.
    bool answered =
        !manifest->methods || (manifest->methods & (TSKL_METHOD_POST | TSKL_METHOD_CHUNK));
    pack->request_body_wanted = granted && request;
    pack->response_body_wanted = granted && response && answered;
    pack->body_granted = pack->request_body_wanted || pack->response_body_wanted;
    pack->chunks_streams_only = stream;
    pack->errors_only = !any;
    for (size_t i = 0; i < reads->count; i++)
        if (!is_body(reads->items[i])) pack->header_filter = true;
}

static tskl_status grant_hosts(tskl_pack *pack, const tskl_config_pack *entry, tskl_error *err) {
    static const tskl_texts none;
    const tskl_texts *asked = &pack->manifest.call_hosts_asked;
    const tskl_texts *calls = entry ? &entry->call_hosts : &none;
    bool given = entry && entry->hosts_given;
    pack->hosts = pack->manifest.hosts;
    pack->hosts_unnamed = pack->manifest.hosts_unnamed && !given;
    if (given)
        TSKL_TRY(tskl_hostlist_make(entry->hosts.items, entry->hosts.count, &pack->arena,
                                    &pack->hosts, err));
    if (pack->hosts.count == 0 && !given) // it would never run, and nobody would know why
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "manifest: 'hosts' is missing: name the hosts that the Pack is for, there "
                         "or under `hosts` of the Pack in taskless.yaml");
    TSKL_TRY(tskl_hostlist_make(asked->items, asked->count, &pack->arena, &pack->calls_asked, err));
    return tskl_hostlist_make(calls->items, calls->count, &pack->arena, &pack->calls, err);
}

tskl_status tskl_permissions_grant(tskl_pack *pack, const tskl_config_pack *entry,
                                   const tskl_config *config, tskl_error *err) {
    grant_bodies(pack, entry);
    pack->vars_granted = pack->manifest.vars_asked && entry && entry->vars_allowed;
    TSKL_TRY(grant_hosts(pack, entry, err));
    return grant_environment(pack, entry, config, err);
}
