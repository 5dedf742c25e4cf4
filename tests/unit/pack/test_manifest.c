// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pack/manifest.h"

static const char full[] =
    "{\"$schema\": \"https://example.com/pre2.json\", \"schema\": \"pre2\", \"name\": \"stripe\","
    " \"version\": \"1.0.0\", \"description\": \"What Stripe says.\","
    " \"methods\": [\"pre\", \"post\"], \"hosts\": [\"api.stripe.com\", \"*.stripe.com:443\"],"
    " \"permissions\": {\"body\": true, \"environment\": [\"STRIPE_ENV\"],"
    "  \"hosts\": [\"status.stripe.com\"], \"vars\": true},"
    " \"reads\": [\"response.body\", \"Request-Id\"],"
    " \"marks\": [\"header stripe-version\", \"body error.type: card_error\"],"
    " \"fields\": [{\"name\": \"enableSuccess\", \"type\": \"boolean\", \"default\": true},"
    "  {\"name\": \"codes\", \"type\": \"number[]\", \"description\": \"Which.\"}],"
    " \"charts\": [{\"title\": \"Errors\", \"type\": \"pie\","
    "  \"definition\": {\"aggregate\": \"count\", \"bucket\": \"1h\", \"series\": [\"code\"]}}],"
    " \"url\": {\"source\": \"https://example.com/pack.wasm\", \"signature\": \"abc\"},"
    " \"limits\": {\"time_ms\": 50, \"memory_mib\": 8}, \"x-team\": {\"any\": 1}}";

TEST(manifest, keeps_what_it_says) {
    tskl_manifest manifest;
    CHECK_OK(tskl_manifest_parse(tskl_slice_of(full), t->arena, &manifest, &t->err));
    CHECK_TEXT(TSKL_S("stripe"), manifest.name);
    CHECK_TEXT(TSKL_S("1.0.0"), manifest.version);
    CHECK(manifest.methods == (TSKL_METHOD_PRE | TSKL_METHOD_POST));
    CHECK(manifest.hosts.count == 2 && manifest.body_asked && manifest.vars_asked);
    CHECK_TEXT(TSKL_S("STRIPE_ENV"), manifest.environment_asked.items[0]);
    CHECK_TEXT(TSKL_S("status.stripe.com"), manifest.call_hosts_asked.items[0]);
    CHECK(manifest.reads_given && manifest.reads.count == 2);
    CHECK_TEXT(TSKL_S("request-id"), manifest.reads.items[1]);
    CHECK(manifest.marks.count == 2);
    CHECK(manifest.field_count == 2 && manifest.fields[1].type == TSKL_FIELD_NUMBERS);
    CHECK(tskl_json_is_true(manifest.fields[0].value) && !manifest.fields[1].value);
    CHECK(manifest.chart_count == 1 && manifest.charts[0].type == TSKL_CHART_PIE);
    CHECK(manifest.limits.time_ms == 50 && manifest.limits.wall_ms == 0);
}

TEST(manifest, needs_little) {
    tskl_manifest manifest;
    tskl_slice text = TSKL_S("{\"schema\":\"pre2\",\"name\":\"a\",\"version\":\"1\"}");
    CHECK_OK(tskl_manifest_parse(text, t->arena, &manifest, &t->err));
    CHECK(manifest.methods == 0 && !manifest.body_asked && !manifest.reads_given);
}

TEST(manifest, does_not_borrow_its_text) {
    tskl_manifest manifest;
    char text[] = "{\"schema\":\"pre2\",\"name\":\"stripe\",\"version\":\"1\"}";
    CHECK_OK(tskl_manifest_parse(tskl_slice_of(text), t->arena, &manifest, &t->err));
    memset(text, 'x', sizeof text - 1);
    CHECK_TEXT(TSKL_S("stripe"), manifest.name);
}

#define START "{\"schema\":\"pre2\",\"name\":\"a\",\"version\":\"1\","

TEST(manifest, names_each_field_it_refuses) {
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[]", "manifest: expected an object, not an array"},
        {"{\"name\":\"a\",\"version\":\"1\"}", "manifest: 'schema' is missing"},
        {"{\"schema\":2}", "manifest: schema: expected a string, not a number"},
        {"{\"schema\":\"pre3\"}", "schema: \"pre3\" is not read by this version"},
        {"{\"schema\":\"pre2\",\"version\":\"1\"}", "manifest: 'name' is missing"},
        {"{\"schema\":\"pre2\",\"name\":\"A\"}", "name: \"A\" is not a Pack's name"},
        {"{\"schema\":\"pre2\",\"name\":\"\"}", "name: \"\" is not a Pack's name"},
        {"{\"schema\":\"pre2\",\"name\":\"-a\"}", "name: \"-a\" is not a Pack's name"},
        {"{\"schema\":\"pre2\",\"name\":\"a/b\"}", "name: \"a/b\" is not a Pack's name"},
        {"{\"schema\":\"pre2\",\"name\":\"a\\u0000b\"}", "name: has a zero byte"},
        {"{\"schema\":\"pre2\",\"name\":\"a\"}", "manifest: 'version' is missing"},
        {"{\"schema\":\"pre2\",\"name\":\"a\",\"version\":1}", "version: expected a string"},
        {"{\"schema\":\"pre2\",\"name\":\"a\",\"version\":\"\"}", "version: is empty"},
        {"{\"schema\":\"pre2\",\"name\":\"a\",\"version\":\"1 2\"}", "version: \"1 2\" is not"},
        {START "\"description\":1}", "description: expected a string, not a number"},
        {START "\"methods\":\"pre\"}", "methods: expected a list of strings, not a string"},
        {START "\"methods\":[\"pre\",\"Post\"]}", "methods[1]: \"Post\" is not pre, chunk or post"},
        {START "\"methods\":[null]}", "methods[0]: expected a string, not null"},
        {START "\"hosts\":{}}", "hosts: expected a list of strings, not an object"},
        {START "\"hosts\":[\"a.b\",\"c d\"]}", "hosts: host 2, \"c d\", is not a host"},
        {START "\"permissions\":[]}", "permissions: expected an object, not an array"},
        {START "\"permissions\":{\"body\":\"yes\"}}", "permissions.body: expected true or false"},
        {START "\"permissions\":{\"vars\":1}}", "permissions.vars: expected true or false"},
        {START "\"permissions\":{\"environment\":[\"A=B\"]}}",
         "permissions.environment[0]: \"A=B\" is not a variable's name"},
        {START "\"permissions\":{\"hosts\":[\"http://x\"]}}", "permissions.hosts: host 1, \"http"},
        {START "\"permissions\":{\"enviroment\":[]}}",
         "permissions: unknown key 'enviroment', did you mean 'environment'?"},
        {START "\"reads\":true}", "reads: expected a list of strings, not a boolean"},
        {START "\"reads\":[\"a b\"]}",
         "reads[0]: \"a b\" is not request.body, response.body, .error or"},
        {START "\"marks\":[\"stripe-version\"]}",
         "marks[0]: \"stripe-version\" is not \"header NAME"},
        {START "\"marks\":[\"body \"]}", "marks[0]: \"body \" is not"},
        {START "\"fields\":{}}", "fields: expected a list of objects, not an object"},
        {START "\"fields\":[1]}", "fields[0]: expected an object, not a number"},
        {START "\"fields\":[{\"type\":\"string\"}]}", "fields[0]: 'name' is missing"},
        {START "\"fields\":[{\"name\":\"a\"}]}", "fields[0]: 'type' is missing"},
        {START "\"fields\":[{\"name\":\"a b\",\"type\":\"string\"}]}",
         "fields[0].name: \"a b\" is not a field's name"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"date\"}]}",
         "fields[0].type: \"date\" is none of string, string[], number, number[], boolean"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"strings\"}]}", "did you mean 'string'?"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":1}]}", "fields[0].type: expected a string"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"string\",\"description\":[]}]}",
         "fields[0].description: expected a string, not an array"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"number\",\"default\":\"5\"}]}",
         "fields[0].default: expected a number, not a string"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"string[]\",\"default\":[\"b\",1]}]}",
         "fields[0].default[1]: expected a string, not a number"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"string\",\"defualt\":\"\"}]}",
         "fields[0]: unknown key 'defualt', did you mean 'default'?"},
        {START "\"fields\":[{\"name\":\"a\",\"type\":\"string\"},"
               "{\"name\":\"a\",\"type\":\"string\"}]}",
         "fields[1].name: \"a\" is the name of fields[0] as well"},
        {START "\"charts\":[{\"type\":\"pie\"}]}", "charts[0]: 'title' is missing"},
        {START "\"charts\":[{\"title\":\"\",\"type\":\"pie\"}]}", "charts[0].title: is empty"},
        {START "\"charts\":[{\"title\":\"a\",\"type\":\"bar\"}]}",
         "charts[0].type: \"bar\" is none of step, pie, table"},
        {START "\"charts\":[{\"title\":\"a\",\"type\":\"pie\",\"definition\":{\"buckt\":1}}]}",
         "charts[0].definition: unknown key 'buckt', did you mean 'bucket'?"},
        {START "\"url\":\"https://a\"}", "url: expected an object, not a string"},
        {START "\"url\":{\"signature\":\"a\"}}", "url: 'source' is missing"},
        {START "\"url\":{\"source\":\"http://a\"}}", "url.source: \"http://a\" is not an https:"},
        {START "\"limits\":{\"time_ms\":0}}", "limits.time_ms: expected a whole number from 1 to"},
        {START "\"limits\":{\"time_ms\":1.5}}", "limits.time_ms: expected a whole number from 1"},
        {START "\"limits\":{\"memory_mib\":65}}", "from 1 to 64, not 65"},
        {START "\"limits\":{\"captures\":\"9\"}}", "limits.captures: expected a whole number, not"},
        {START "\"premissions\":{}}", "unknown key 'premissions', did you mean 'permissions'?"},
        {START "\"whatever\":{}}", "manifest: unknown key 'whatever'"},
        {START "\"hosts\":[],\n\"hosts\":[]}", "line 2: 'hosts' is given twice, first on line 1"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_manifest manifest;
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_manifest_parse(tskl_slice_of(rows[i].text), t->arena,
                                                           &manifest, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(manifest.name.len == 0);
    }
}

TEST(manifest, reads_the_older_schema) {
    static const char text[] =
        "{\"schema\":\"pre1\",\"name\":\"stripe\",\"version\":\"1\",\"module\":\"AGFzbQ==\","
        "\"permissions\":{\"domains\":[\"api\\\\.stripe\\\\.com\"],\"response\":[\"body\"]},"
        "\"capture\":{\"code\":{\"type\":\"string\",\"description\":\"Why.\"}}}";
    tskl_manifest manifest;
    CHECK_OK(tskl_manifest_parse(tskl_slice_of(text), t->arena, &manifest, &t->err));
    CHECK_TEXT(TSKL_S("stripe"), manifest.name);
    CHECK_TEXT(TSKL_S("AGFzbQ=="), manifest.module);
    CHECK(tskl_hostlist_has(&manifest.hosts, TSKL_S("API.stripe.com"), 443));
    CHECK(!tskl_hostlist_has(&manifest.hosts, TSKL_S("api.stripe.com.evil.example"), 443));
    CHECK(manifest.body_asked && manifest.reads_given && manifest.reads.count == 1);
    CHECK_TEXT(TSKL_S("response.body"), manifest.reads.items[0]);
    CHECK(manifest.request_headers_unasked && manifest.response_headers_unasked);
    CHECK(manifest.captures_given && tskl_texts_have(&manifest.captures, TSKL_S("code")));
}

TEST(manifest, names_the_line_that_is_not_json) {
    tskl_manifest manifest;
    CHECK_STATUS(TSKL_ERR_SYNTAX,
                 tskl_manifest_parse(TSKL_S("{\n\"name\": \"a\n"), t->arena, &manifest, &t->err));
    CHECK_HAS(t->err.message, "manifest: line 2");
}
