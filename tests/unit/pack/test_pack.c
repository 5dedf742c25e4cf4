// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "exchange/exchange.h"
#include "harness.h"
#include "pack/pack.h"
#include "store/tar.h"
#include <stdlib.h>

#define WASM TSKL_S("\0asm\1\0\0\0")
#define START "{\"schema\":\"pre2\",\"name\":\"stripe\",\"version\":\"1\","
#define HOSTED START "\"hosts\":[\"api.stripe.com\"],"
#define BARE START "\"methods\":[\"pre\",\"post\"]}"

static void close_pack(tskl_pack **pack) {
    tskl_pack_close(*pack);
}
#define PACK CLEANUP(close_pack) tskl_pack *pack = NULL

static tskl_config_pack entry_of_stripe(void) {
    return (tskl_config_pack){.name = TSKL_S("stripe"), .body_allowed = true, .enabled = true};
}

static tskl_status open_pack(tskl_test *t, const char *manifest, const tskl_config_pack *entry,
                             const tskl_config *config, tskl_pack **out) {
    const tskl_package package = {.manifest = tskl_slice_of(manifest), .wasm = WASM};
    return tskl_pack_open(&package, entry, config, out, &t->err);
}

TEST(pack, has_all_it_needs_without_a_configuration) {
    PACK;
    CHECK_OK(open_pack(t, BARE, NULL, NULL, &pack));
    CHECK_TEXT(TSKL_S("stripe"), pack->manifest.name);
    CHECK_TEXT(TSKL_S("{}"), pack->configuration_json);
    CHECK_TEXT(TSKL_S("{}"), pack->environment_json);
    CHECK_TEXT(WASM, pack->wasm);
    CHECK(pack->configuration && pack->configuration->kind == TSKL_JSON_OBJECT);
    CHECK(tskl_pack_wants(pack) == 0 && !pack->vars_granted);
    CHECK(pack->limits.time_ms == 100 && pack->limits.memory_mib == 64);
    CHECK(pack->limits.wall_ms == 2000 && pack->limits.output_kib == 256);
    CHECK(pack->limits.captures == 128 && pack->limits.log_lines == 20);
}

TEST(pack, forgets_its_code_but_not_its_digest) {
    PACK;
    CHECK_OK(open_pack(t, BARE, NULL, NULL, &pack));
    tskl_sha256 digest = tskl_sha256_of(WASM);
    tskl_pack_forget_wasm(pack);
    CHECK(pack->wasm.len == 0 && tskl_sha256_equal(&pack->digest, &digest));
}

TEST(pack, wants_what_it_asks_for_is_granted_and_reads) {
    enum { REQUEST = TSKL_WANT_REQUEST_BODY, RESPONSE = TSKL_WANT_RESPONSE_BODY };
    static const struct {
        const char *members;
        bool allowed;
        unsigned wants;
    } rows[] = {
        {"\"permissions\":{\"body\":true}}", true, REQUEST | RESPONSE},
        {"\"permissions\":{\"body\":true}}", false, 0},
        {"\"permissions\":{\"body\":false}}", true, 0},
        {"\"permissions\":{\"body\":true},\"methods\":[\"pre\"]}", true, REQUEST},
        {"\"permissions\":{\"body\":true},\"methods\":[\"chunk\"]}", true,
         REQUEST | RESPONSE | TSKL_WANT_STREAM},
        {"\"permissions\":{\"body\":true},\"reads\":[\"response.body\"]}", true, RESPONSE},
        {"\"permissions\":{\"body\":true},\"reads\":[\"request.body\"]}", true, REQUEST},
        {"\"permissions\":{\"body\":true},\"reads\":[\"response.stream\"]}", true, RESPONSE},
        {"\"permissions\":{\"body\":true},\"reads\":[\"response.error\"]}", true,
         TSKL_WANT_ERROR_BODY},
        {"\"permissions\":{\"body\":true},\"reads\":[\"response.error\",\"response.body\"]}", true,
         RESPONSE},
        {"\"permissions\":{\"body\":true},\"reads\":[\"date\"]}", true, 0},
        {"\"methods\":[\"chunk\"]}", true, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        tskl_config_pack entry = entry_of_stripe();
        entry.body_allowed = rows[i].allowed;
        const char *manifest = tskl_arena_printf(t->arena, "%s%s", HOSTED, rows[i].members);
        CHECK(manifest);
        CHECK_OK(open_pack(t, manifest, &entry, NULL, &pack));
        CHECK_ROW(i, tskl_pack_wants(pack) == rows[i].wants);
        CHECK_ROW(i, pack->body_granted == (rows[i].wants != 0));
    }
}

TEST(pack, is_granted_plain_variables_and_secret_ones_by_name) {
    PACK;
    tskl_slice file[] = {TSKL_S("STRIPE_ENV=te\"st"),   TSKL_S("STRIPE_API_KEY=k"),
                         TSKL_S("PARTNER=p"),           TSKL_S("OTHER=o"),
                         TSKL_S("DATABASE=pg://u:p@h"), TSKL_S("GITHUB_TOKEN=t")};
    tskl_slice allowed[] = {TSKL_S("STRIPE_API_KEY"), TSKL_S("OTHER")};
    tskl_slice masked[] = {TSKL_S("PARTNER")};
    const tskl_config config = {.environment = {file, 6}, .mask_environment = {masked, 1}};
    tskl_config_pack entry = entry_of_stripe();
    entry.environment = (tskl_texts){allowed, 2};
    CHECK_OK(open_pack(t,
                       START "\"permissions\":{\"environment\":[\"STRIPE_ENV\",\"GITHUB_TOKEN\","
                             "\"STRIPE_API_KEY\",\"TSKL_UNSET\",\"PARTNER\",\"DATABASE\"]}}",
                       &entry, &config, &pack));
    CHECK_TEXT(TSKL_S("{\"STRIPE_ENV\":\"te\\\"st\",\"STRIPE_API_KEY\":\"k\"}"),
               pack->environment_json);
    CHECK(pack->environment.count == 2);
    CHECK_TEXT(TSKL_S("STRIPE_API_KEY=k"), pack->environment.items[1]);
    CHECK(pack->environment_withheld.count == 3);
    CHECK_TEXT(TSKL_S("GITHUB_TOKEN"), pack->environment_withheld.items[0]);
    CHECK_TEXT(TSKL_S("PARTNER"), pack->environment_withheld.items[1]);
    CHECK_TEXT(TSKL_S("DATABASE"), pack->environment_withheld.items[2]);
}

static void unset_variable(const char **name) {
    unsetenv(*name);
}

TEST(pack, is_granted_variables_of_the_process_where_the_file_has_none) {
    PACK;
    CLEANUP(unset_variable) const char *name = "TSKL_TEST_REGION";
    setenv(name, "eu", 1);
    CHECK_OK(open_pack(t, START "\"permissions\":{\"environment\":[\"TSKL_TEST_REGION\"]}}", NULL,
                       NULL, &pack));
    CHECK_TEXT(TSKL_S("{\"TSKL_TEST_REGION\":\"eu\"}"), pack->environment_json);
}

TEST(pack, may_call_what_it_asked_for_and_was_granted) {
    PACK;
    tskl_slice granted[] = {TSKL_S("status.stripe.com"), TSKL_S("other.com")};
    tskl_config_pack entry = entry_of_stripe();
    entry.call_hosts = (tskl_texts){granted, 2};
    entry.vars_allowed = true;
    CHECK_OK(open_pack(t, HOSTED "\"permissions\":{\"hosts\":[\"*.stripe.com\"],\"vars\":true}}",
                       &entry, NULL, &pack));
    CHECK(tskl_pack_may_call(pack, TSKL_S("status.stripe.com"), 443));
    CHECK(!tskl_pack_may_call(pack, TSKL_S("api.stripe.com"), 443));
    CHECK(!tskl_pack_may_call(pack, TSKL_S("other.com"), 443));
    CHECK(pack->vars_granted);
}

TEST(pack, calls_nobody_and_keeps_nothing_unless_granted) {
    PACK;
    CHECK_OK(open_pack(t, HOSTED "\"permissions\":{\"hosts\":[\"*\"],\"vars\":true}}", NULL, NULL,
                       &pack));
    CHECK(!tskl_pack_may_call(pack, TSKL_S("status.stripe.com"), 443) && !pack->vars_granted);
}

TEST(pack, is_for_the_configurations_hosts_before_its_own) {
    PACK;
    tskl_slice hosts[] = {TSKL_S("mock.local:12111")};
    tskl_config_pack entry = entry_of_stripe();
    entry.hosts = (tskl_texts){hosts, 1};
    entry.hosts_given = true;
    CHECK_OK(open_pack(t, START "\"hosts\":[\"api.stripe.com\"]}", &entry, NULL, &pack));
    CHECK(tskl_hostlist_has(&pack->hosts, TSKL_S("mock.local"), 12111));
    CHECK(!tskl_hostlist_has(&pack->hosts, TSKL_S("api.stripe.com"), 443));
}

TEST(pack, is_limited_by_itself_then_its_entry_then_the_users_caps) {
    PACK;
    const tskl_config config = {.caps = {.time_ms = 40, .memory_mib = 16}};
    tskl_config_pack entry = entry_of_stripe();
    entry.limits.captures = 7;
    CHECK_OK(open_pack(t, HOSTED "\"limits\":{\"time_ms\":50,\"captures\":9,\"log_lines\":3}}",
                       &entry, &config, &pack));
    CHECK(pack->limits.time_ms == 40 && pack->limits.memory_mib == 16);
    CHECK(pack->limits.captures == 7 && pack->limits.log_lines == 3);
    CHECK(pack->limits.output_kib == 256);
}

TEST(pack, is_refused_by_name_and_field) {
    const struct {
        const char *manifest, *configuration, *message;
        tskl_slice name, digest;
        tskl_status status;
    } rows[] = {
        {.manifest = "{", .status = TSKL_ERR_SYNTAX, .message = "pack stripe: manifest: line 1"},
        {.manifest = START "\"methods\":1}",
         .status = TSKL_ERR_INVALID,
         .message = "taskless.yaml:4: pack stripe: manifest: methods: expected"},
        {.manifest = BARE,
         .name = TSKL_S("slack"),
         .status = TSKL_ERR_MISMATCH,
         .message = "pack slack: its manifest calls it \"stripe\""},
        {.manifest = BARE,
         .digest = TSKL_S("sha256:abc"),
         .status = TSKL_ERR_INVALID,
         .message = "pack stripe: digest: expected sha256:"},
        {.manifest = BARE,
         .digest = TSKL_S("0000000000000000000000000000000000000000000000000000000000000000"),
         .status = TSKL_ERR_MISMATCH,
         .message = "pack stripe: digest: pack.wasm is sha256:93a44bbb"},
        {.manifest = BARE,
         .configuration = "{\"a\":1}",
         .status = TSKL_ERR_INVALID,
         .message = "pack stripe: configuration: a: the manifest has no such field"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        const tskl_config config = {.path = "taskless.yaml"};
        tskl_config_pack entry = entry_of_stripe();
        entry.line = 4;
        if (rows[i].name.len) entry.name = rows[i].name;
        entry.digest = rows[i].digest;
        if (rows[i].configuration)
            CHECK_OK(tskl_json_parse(tskl_slice_of(rows[i].configuration), t->arena,
                                     &entry.configuration, &t->err));
        CHECK_STATUS(rows[i].status, open_pack(t, rows[i].manifest, &entry, &config, &pack));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(!pack);
    }
}

TEST(pack, is_refused_for_what_is_no_module) {
    static const struct {
        tskl_slice wasm;
        tskl_status status;
        const char *message;
    } rows[] = {
        {{NULL, 0}, TSKL_ERR_NOT_FOUND, "pack stripe: pack.wasm is missing"},
        {{"(module)", 8}, TSKL_ERR_SYNTAX, "pack stripe: pack.wasm is not WebAssembly"},
        {{"\0asm\x0d\0\1\0", 8}, TSKL_ERR_UNSUPPORTED, "pack.wasm is a component"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        const tskl_package package = {.manifest = TSKL_S(BARE), .wasm = rows[i].wasm};
        CHECK_STATUS(rows[i].status, tskl_pack_open(&package, NULL, NULL, &pack, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
    }
}

TEST(pack, names_what_is_wrong_in_its_own_configuration) {
    static const struct {
        const char *packaged, *message;
    } rows[] = {
        {"{", "pack stripe: config.json: line 1"},
        {"{\"a\":1,\"a\":2}", "pack stripe: config.json: line 1: 'a' is given twice"},
        {"{\"a\":1}", "pack stripe: config.json:1: a: the manifest has no such field"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        PACK;
        const tskl_package package = {.manifest = TSKL_S(BARE),
                                      .configuration = tskl_slice_of(rows[i].packaged),
                                      .wasm = WASM};
        CHECK(tskl_pack_open(&package, NULL, NULL, &pack, &t->err) != TSKL_OK);
        CHECK_HAS(t->err.message, rows[i].message);
    }
}

TEST(pack, is_loaded_from_a_folder_a_bundle_and_base64) {
    const tar_entry files[] = {{.name = "manifest.json", .content = TSKL_S(BARE)},
                               {.name = "pack.wasm", .content = WASM}};
    tskl_slice bundle = tar_make_gzip(files, 2, t->arena);
    char room[4096];
    tskl_buf base64 = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_base64_add(&base64, bundle);
    tskl_test_write(t, "manifest.json", TSKL_S(BARE));
    tskl_test_write(t, "pack.wasm", WASM);
    tskl_config_pack entries[] = {entry_of_stripe(), entry_of_stripe(), entry_of_stripe()};
    entries[0].from = tskl_slice_of(tskl_test_folder(t));
    entries[1].from = tskl_slice_of(tskl_test_write(t, "pack.tgz", bundle));
    entries[2].module = tskl_buf_slice(&base64);
    for (size_t i = 0; i < TSKL_COUNT(entries); i++) {
        PACK;
        CHECK_OK(tskl_pack_load(&entries[i], NULL, &pack, &t->err));
        CHECK_TEXT(WASM, pack->wasm);
    }
}

TEST(pack, pins_a_bundle_whole) {
    PACK;
    const tar_entry files[] = {{.name = "manifest.json", .content = TSKL_S(BARE)},
                               {.name = "pack.wasm", .content = WASM}};
    tskl_slice bundle = tar_make_gzip(files, 2, t->arena);
    tskl_sha256 code = tskl_sha256_of(WASM), whole = tskl_sha256_of(bundle);
    tskl_config_pack entry = entry_of_stripe();
    entry.from = tskl_slice_of(tskl_test_write(t, "pack.tgz", bundle));
    entry.digest = tskl_slice_of(code.hex);
    CHECK_STATUS(TSKL_ERR_MISMATCH, tskl_pack_load(&entry, NULL, &pack, &t->err));
    entry.digest = tskl_slice_of(whole.hex);
    CHECK_OK(tskl_pack_load(&entry, NULL, &pack, &t->err));
}

TEST(pack, names_where_it_was_not_found) {
    PACK;
    tskl_config_pack entry = entry_of_stripe();
    entry.from = TSKL_S("/nowhere/stripe");
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_pack_load(&entry, NULL, &pack, &t->err));
    CHECK_HAS(t->err.message, "pack stripe: /nowhere/stripe");
    entry.from = TSKL_S("oci:example.com/pack");
    CHECK_STATUS(TSKL_ERR_UNSUPPORTED, tskl_pack_load(&entry, NULL, &pack, &t->err));
    entry.from = TSKL_S("https://example.com/pack.tgz");
    CHECK_STATUS(TSKL_ERR_INVALID, tskl_pack_load(&entry, NULL, &pack, &t->err));
    CHECK_HAS(t->err.message, "needs a digest");
    entry.from = (tskl_slice){NULL, 0};
    entry.module = TSKL_S("!");
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_pack_load(&entry, NULL, &pack, &t->err));
    CHECK_HAS(t->err.message, "pack stripe: module: byte 1 is not base64");
}
