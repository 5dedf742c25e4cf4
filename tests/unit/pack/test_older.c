// Folders that were made for the loader before this one: no hosts, and a config.json of its form.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/pack.h"

#define START "{\"schema\":\"pre2\",\"name\":\"older\",\"version\":\"1\""
#define FIELD ",\"fields\":[{\"name\":\"colour\",\"type\":\"string\",\"default\":\"red\"}]"

static void close_pack(tskl_pack **pack) {
    tskl_pack_close(*pack);
}
#define PACK CLEANUP(close_pack) tskl_pack *pack = NULL

static tskl_status open_pack(tskl_test *t, const char *manifest, const char *configuration,
                             const tskl_config_pack *entry, tskl_pack **out) {
    static const tskl_slice wasm = {"\0asm\1\0\0\0", 8};
    const tskl_package package = {.manifest = tskl_slice_of(manifest),
                                  .configuration = tskl_slice_of(configuration),
                                  .wasm = wasm};
    return tskl_pack_open(&package, entry, NULL, out, &t->err);
}

TEST(older, sees_every_call_where_no_member_of_ours_is_there) {
    static const struct {
        const char *members;
        bool opens, unnamed;
    } rows[] = {
        {"}", true, true},
        {",\"description\":\"x\",\"methods\":[\"post\"],\"charts\":[]" FIELD "}", true, true},
        {",\"permissions\":{\"body\":true,\"environment\":[\"A\"]}}", true, true},
        {",\"url\":{\"source\":\"https://a.test/p.wasm\"}}", true, true},
        {",\"hosts\":[\"a.test\"]}", true, false},
        {",\"hosts\":[]}", false, false},
        {",\"reads\":[\"response.body\"]}", false, false},
        {",\"marks\":[\"header a\"]}", false, false},
        {",\"limits\":{\"time_ms\":5}}", false, false},
        {",\"modules\":[]}", false, false},
        {",\"permissions\":{\"body\":true,\"vars\":true}}", false, false},
        {",\"permissions\":{\"hosts\":[\"a.test\"]}}", false, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        const char *manifest = tskl_arena_printf(t->arena, START "%s", rows[i].members);
        CHECK(manifest);
        if (!rows[i].opens) {
            CHECK_STATUS(TSKL_ERR_INVALID, open_pack(t, manifest, NULL, NULL, &pack));
            CHECK_HAS(t->err.message, "'hosts' is missing");
            continue;
        }
        CHECK_OK(open_pack(t, manifest, NULL, NULL, &pack));
        CHECK_ROW(i, pack->hosts_unnamed == rows[i].unnamed);
        CHECK_ROW(i, tskl_hostlist_has(&pack->hosts, TSKL_S("b.test"), 443) == rows[i].unnamed);
    }
}

TEST(older, sees_the_hosts_that_the_configuration_gives) {
    static const char *const manifests[] = {START "}", START ",\"reads\":[]}",
                                            START ",\"hosts\":[]}"};
    tskl_slice host = TSKL_S("a.test");
    tskl_config_pack entry = {.hosts = {&host, 1}, .hosts_given = true, .body_allowed = true};
    for (size_t i = 0; i < TSKL_COUNT(manifests); i++) {
        PACK;
        CHECK_OK(open_pack(t, manifests[i], NULL, &entry, &pack));
        CHECK_ROW(i, !pack->hosts_unnamed);
        CHECK_ROW(i, tskl_hostlist_has(&pack->hosts, host, 443));
        CHECK_ROW(i, !tskl_hostlist_has(&pack->hosts, TSKL_S("b.test"), 443));
    }
}

TEST(older, takes_its_configuration_from_beside_the_url) {
    static const struct {
        const char *file, *shown; // NULL: refused
    } rows[] = {
        {"{\"url\":{\"base\":\"https://a.test\"},\"configuration\":{\"colour\":\"blue\"}}",
         "{\"colour\":\"blue\"}"},
        {"{\"url\":\"https://a.test\",\"configuration\":{\"colour\":\"blue\"}}",
         "{\"colour\":\"blue\"}"},
        {"{\"configuration\":{\"colour\":\"blue\"}}", "{\"colour\":\"blue\"}"},
        {"{\"url\":\"https://a.test\"}", "{\"colour\":\"red\"}"},
        {"{\"configuration\":{}}", "{\"colour\":\"red\"}"},
        {"{\"colour\":\"blue\"}", "{\"colour\":\"blue\"}"},
        {"{}", "{\"colour\":\"red\"}"},
        {"{\"configuration\":{\"color\":\"blue\"}}", NULL},
        {"{\"configuration\":{\"colour\":5}}", NULL},
        {"{\"configuration\":5}", NULL},
        {"{\"configuration\":{\"colour\":\"blue\"},\"colour\":\"green\"}", NULL},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        if (rows[i].shown) {
            CHECK_OK(open_pack(t, START FIELD "}", rows[i].file, NULL, &pack));
            CHECK_TEXT(tskl_slice_of(rows[i].shown), pack->configuration_json);
        } else {
            CHECK_STATUS(TSKL_ERR_INVALID,
                         open_pack(t, START FIELD "}", rows[i].file, NULL, &pack));
            CHECK_HAS(t->err.message, "config.json");
        }
    }
}

TEST(older, keeps_a_field_that_is_called_as_their_members_are) {
    PACK;
    const char *manifest = START ",\"fields\":[{\"name\":\"url\",\"type\":\"string\"}]}";
    CHECK_OK(open_pack(t, manifest, "{\"url\":\"https://a.test\"}", NULL, &pack));
    CHECK_TEXT(TSKL_S("{\"url\":\"https://a.test\"}"), pack->configuration_json);
}
