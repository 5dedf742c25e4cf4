// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/manifest.h"

static const char declared[] = "{\"schema\":\"pre2\",\"name\":\"a\",\"version\":\"1\",\"fields\":["
                               "{\"name\":\"text\",\"type\":\"string\",\"default\":\"d\"},"
                               "{\"name\":\"texts\",\"type\":\"string[]\"},"
                               "{\"name\":\"number\",\"type\":\"number\",\"default\":1},"
                               "{\"name\":\"numbers\",\"type\":\"number[]\"},"
                               "{\"name\":\"flag\",\"type\":\"boolean\",\"default\":false}]}";

static tskl_status configure(tskl_test *t, const char *given, const char *packaged,
                             tskl_slice *json) {
    tskl_manifest manifest;
    const tskl_json *from_user = NULL, *from_pack = NULL;
    *json = (tskl_slice){NULL, 0};
    TSKL_TRY(tskl_manifest_parse(tskl_slice_of(declared), t->arena, &manifest, &t->err));
    if (given) TSKL_TRY(tskl_json_parse(tskl_slice_of(given), t->arena, &from_user, &t->err));
    if (packaged) TSKL_TRY(tskl_json_parse(tskl_slice_of(packaged), t->arena, &from_pack, &t->err));
    uint32_t line;
    return tskl_manifest_configure(&manifest, from_user, from_pack, t->arena, json, &line, &t->err);
}

TEST(configuration, takes_the_users_value_then_the_packs_then_the_default) {
    tskl_slice json;
    CHECK_OK(configure(t, "{\"text\":\"u\",\"texts\":[\"a\",\"b\"]}",
                       "{\"text\":\"p\",\"number\":2.50}", &json));
    CHECK_TEXT(TSKL_S("{\"text\":\"u\",\"texts\":[\"a\",\"b\"],\"number\":2.5,\"flag\":false}"),
               json);
}

TEST(configuration, is_the_defaults_where_nobody_says_anything) {
    tskl_slice json;
    CHECK_OK(configure(t, NULL, NULL, &json));
    CHECK_TEXT(TSKL_S("{\"text\":\"d\",\"number\":1,\"flag\":false}"), json);
}

TEST(configuration, names_the_field_of_the_wrong_type) {
    static const struct {
        const char *given, *packaged, *message;
    } rows[] = {
        {"{\"number\":\"5\"}", NULL, "configuration: number: expected a number, not a string"},
        {"{\"text\":5}", NULL, "configuration: text: expected a string, not a number"},
        {"{\"text\":null}", NULL, "configuration: text: expected a string, not null"},
        {"{\"flag\":\"true\"}", NULL, "configuration: flag: expected true or false, not a string"},
        {"{\"texts\":\"a\"}", NULL, "configuration: texts: expected a list of strings"},
        {"{\"numbers\":[1,true]}", NULL, "configuration: numbers[1]: expected a number"},
        {"{\"numbre\":1}", NULL, "numbre: the manifest has no such field, did you mean 'number'?"},
        {NULL, "{\"flag\":1}", "config.json:1: flag: expected true or false, not a number"},
        {"{\"flag\":true}", "{\"flag\":1}", "config.json:1: flag: expected true or false"},
        {"[]", NULL, "configuration: expected an object, not an array"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice json;
        CHECK_STATUS(TSKL_ERR_INVALID, configure(t, rows[i].given, rows[i].packaged, &json));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(json.len == 0);
    }
}
