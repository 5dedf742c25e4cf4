// SPDX-License-Identifier: Apache-2.0
#include "inspect/grants.h"

enum { HTTPS_PORT = 443 };

static bool add(tskl_grants *grants, tskl_grant grant) {
    grants->items[grants->count++] = grant;
    grants->missing += !grant.given && !grant.unset;
    return grant.given || grant.unset || grant.mend;
}

static bool is_in_environment(const tskl_pack *pack, tskl_slice name) {
    for (size_t i = 0; i < pack->environment.count; i++) {
        tskl_slice rest = pack->environment.items[i];
        if (tskl_slice_equal(tskl_slice_split(&rest, '='), name)) return true;
    }
    return false;
}

static bool add_variable(tskl_grants *grants, const tskl_pack *pack, tskl_slice name,
                         tskl_arena *arena) {
    tskl_grant grant = {.kind = "environment", .name = name};
    grant.given = is_in_environment(pack, name);
    grant.unset = !grant.given && !tskl_texts_have(&pack->environment_withheld, name);
    if (!grant.given && !grant.unset)
        grant.mend =
            tskl_arena_printf(arena, "allow: {environment: [" TSKL_FMT "]}", TSKL_ARG(name));
    return add(grants, grant);
}

// A pattern such as "*.example.com" is given where the configuration has the same.
static bool host_is_given(const tskl_pack *pack, tskl_slice asked) {
    tskl_slice port = asked, host = tskl_slice_split(&port, ':');
    uint64_t number = HTTPS_PORT;
    if (port.len) tskl_slice_to_u64(port, &number);
    for (size_t i = 0; i < pack->calls.count; i++)
        if (tskl_slice_equal_nocase(pack->calls.items[i], asked)) return true;
    return !tskl_slice_contains(asked, '*') &&
           tskl_hostlist_has(&pack->calls, host, (uint16_t)number);
}

static bool add_host(tskl_grants *grants, const tskl_pack *pack, tskl_slice host,
                     tskl_arena *arena) {
    tskl_grant grant = {.kind = "hosts", .name = host, .given = host_is_given(pack, host)};
    if (!grant.given)
        grant.mend = tskl_arena_printf(arena, "allow: {hosts: [" TSKL_FMT "]}", TSKL_ARG(host));
    return add(grants, grant);
}

// Header names have no point in them.
static bool reads_body(const tskl_manifest *manifest) {
    bool found = !manifest->reads_given;
    for (size_t i = 0; !found && i < manifest->reads.count; i++)
        found = tskl_slice_contains(manifest->reads.items[i], '.');
    return found;
}

static bool add_all(tskl_grants *grants, const tskl_pack *pack, tskl_arena *arena) {
    const tskl_manifest *manifest = &pack->manifest;
    bool done = true;
    // A Pack whose `reads` name no body is given none, and misses none.
    if (manifest->body_asked && reads_body(manifest))
        done =
            add(grants,
                (tskl_grant){"body", {NULL, 0}, pack->body_granted, false, "allow: {body: true}"});
    for (size_t i = 0; done && i < manifest->environment_asked.count; i++)
        done = add_variable(grants, pack, manifest->environment_asked.items[i], arena);
    for (size_t i = 0; done && i < manifest->call_hosts_asked.count; i++)
        done = add_host(grants, pack, manifest->call_hosts_asked.items[i], arena);
    if (done && manifest->vars_asked)
        done =
            add(grants,
                (tskl_grant){"vars", {NULL, 0}, pack->vars_granted, false, "allow: {vars: true}"});
    return done;
}

tskl_status tskl_grants_of(const tskl_pack *pack, tskl_arena *arena, tskl_grants *out,
                           tskl_error *err) {
    const tskl_manifest *manifest = &pack->manifest;
    size_t most = 2 + manifest->environment_asked.count + manifest->call_hosts_asked.count;
    *out = (tskl_grants){tskl_arena_array(arena, tskl_grant, most), 0, 0};
    if (out->items && add_all(out, pack, arena)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for what it asks for");
}
