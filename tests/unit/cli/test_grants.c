// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "inspect/grants.h"
#include <stdlib.h>

#define WASM TSKL_S("\0asm\1\0\0\0")
#define MANIFEST(members)                                                                                    \
    TSKL_S(                                                                                                  \
        "{\"schema\":\"pre2\",\"name\":\"acme\",\"version\":\"1\",\"hosts\":[\"api.acme.example\"]," members \
        "}")
#define ALL                                                                                        \
    MANIFEST(                                                                                      \
        "\"permissions\":{\"body\":true,\"vars\":true,"                                            \
        "\"hosts\":[\"a.acme.example\",\"*.b.acme.example\",\"c.acme.example:8443\"],"             \
        "\"environment\":[\"TSKL_GRANTS_PLAIN\",\"TSKL_GRANTS_API_KEY\",\"TSKL_GRANTS_UNSET\"]}")

static void close_pack(tskl_pack **pack) {
    tskl_pack_close(*pack);
}
#define PACK CLEANUP(close_pack) tskl_pack *pack = NULL

static tskl_status open_pack(tskl_test *t, tskl_slice manifest, const tskl_config_pack *entry,
                             tskl_pack **out) {
    const tskl_package package = {.manifest = manifest, .wasm = WASM};
    setenv("TSKL_GRANTS_PLAIN", "eu", 1);
    setenv("TSKL_GRANTS_API_KEY", "sk_test_1234567890", 1);
    return tskl_pack_open(&package, entry, NULL, out, &t->err);
}

// The grant of that kind and name, or NULL.
static const tskl_grant *find(const tskl_grants *grants, const char *kind, const char *name) {
    for (size_t i = 0; i < grants->count; i++)
        if (strcmp(grants->items[i].kind, kind) == 0 &&
            tskl_slice_equal(grants->items[i].name, tskl_slice_of(name)))
            return &grants->items[i];
    return NULL;
}

TEST(grants, tell_what_is_asked_and_not_given_with_what_to_write) {
    PACK;
    tskl_grants grants;
    CHECK_OK(open_pack(t, ALL, NULL, &pack));
    CHECK_OK(tskl_grants_of(pack, t->arena, &grants, &t->err));
    CHECK(grants.count == 8 && grants.missing == 5);
    CHECK(find(&grants, "body", "")->given);
    CHECK(find(&grants, "environment", "TSKL_GRANTS_PLAIN")->given);
    CHECK(find(&grants, "environment", "TSKL_GRANTS_UNSET")->unset);
    static const struct {
        const char *kind, *name, *mend;
    } rows[] = {
        {"environment", "TSKL_GRANTS_API_KEY", "allow: {environment: [TSKL_GRANTS_API_KEY]}"},
        {"hosts", "a.acme.example", "allow: {hosts: [a.acme.example]}"},
        {"hosts", "*.b.acme.example", "allow: {hosts: [*.b.acme.example]}"},
        {"hosts", "c.acme.example:8443", "allow: {hosts: [c.acme.example:8443]}"},
        {"vars", "", "allow: {vars: true}"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_grant *grant = find(&grants, rows[i].kind, rows[i].name);
        CHECK_ROW(i, grant && !grant->given && !grant->unset);
        CHECK_TEXT(tskl_slice_of(rows[i].mend), tskl_slice_of(grant->mend));
    }
}

TEST(grants, are_given_as_the_configuration_says) {
    PACK;
    tskl_grants grants;
    tskl_slice hosts[] = {TSKL_S("*.acme.example"), TSKL_S("*.b.acme.example"),
                          TSKL_S("c.acme.example:8443")};
    tskl_slice names[] = {TSKL_S("TSKL_GRANTS_API_KEY")};
    const tskl_config_pack entry = {.body_allowed = false,
                                    .vars_allowed = true,
                                    .call_hosts = {hosts, TSKL_COUNT(hosts)},
                                    .environment = {names, 1},
                                    .enabled = true};
    CHECK_OK(open_pack(t, ALL, &entry, &pack));
    CHECK_OK(tskl_grants_of(pack, t->arena, &grants, &t->err));
    CHECK(grants.missing == 1);
    CHECK_TEXT(TSKL_S("allow: {body: true}"), tskl_slice_of(find(&grants, "body", "")->mend));
}

TEST(grants, miss_no_body_where_none_is_read) {
    PACK;
    tskl_grants grants;
    CHECK_OK(open_pack(t, MANIFEST("\"permissions\":{\"body\":true},\"reads\":[\"retry-after\"]"),
                       NULL, &pack));
    CHECK_OK(tskl_grants_of(pack, t->arena, &grants, &t->err));
    CHECK(grants.count == 0 && grants.missing == 0);
}
