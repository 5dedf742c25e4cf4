// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "config/file.h"
#include "harness.h"
#include <unistd.h>

static void reset(tskl_config *config) {
    tskl_arena_reset(&config->arena);
}
#define CONFIG CLEANUP(reset) tskl_config config = {0}

static tskl_status parse(const char *name, const char *text, tskl_config *config, tskl_error *err) {
    bool packs_given;
    return tskl_file_parse(name, "/etc/taskless", tskl_slice_of(text), config, &packs_given, err);
}

static const char full[] =
    "version: 1\n"
    "packs:\n"
    "  - name: stripe\n"
    "    from: ./packs/stripe\n"
    "    digest: sha256:9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c\n"
    "    hosts: [api.stripe.com]\n"
    "    configuration: {enableSuccess: false}\n"
    "    allow: {body: true, environment: [STRIPE_ENV], hosts: [status.stripe.com], vars: false}\n"
    "    limits: {time_ms: 100, memory_mib: 64, output_kib: 256, captures: 128, log_lines: 20}\n"
    "    enabled: true\n"
    "  - {name: slack, from: https://example.com/slack.tgz, allow: {body: false}, enabled: false,\n"
    "     digest: sha256:9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c9f3c}\n"
    "  - {name: core, module: QUJD, hosts: []}\n"
    "limits: {time_ms: 300, memory_mib: 32}\n"
    "observe: {ignore: [internal.example.com], body_kib: 64, sample: {success: 0.5, failure: 1.0}}\n"
    "mask: {headers: [X-Partner-Token], query: [Sig], json: [$.card.number], environment: [P_K]}\n"
    "queue: {exchanges: 100, mib: 8, workers: 2}\n"
    "outputs:\n"
    "  - {to: stderr, format: pretty}\n"
    "  - {to: \"file:calls.ndjson\", format: ndjson}\n"
    "  - {to: har:/tmp/calls.har}\n"
    "log: {level: debug, to: fd:5}\n"
    "x-anything: [1]\n";

TEST(file, fills_the_configuration) {
    CONFIG;
    CHECK_OK(parse("taskless.yaml", full, &config, &t->err));
    CHECK(config.pack_count == 3 && config.caps.time_ms == 300 && config.caps.memory_mib == 32);
    CHECK(config.ignore.count == 1 && config.body_cap == 64 * 1024);
    CHECK(config.sample_success == 0.5 && config.sample_failure == 1);
    CHECK(config.mask.header_count == 1 && config.mask.json_count == 1);
    CHECK_TEXT(TSKL_S("x-partner-token"), config.mask.headers[0]);
    CHECK_TEXT(TSKL_S("sig"), config.mask.query[0]);
    CHECK_TEXT(TSKL_S("P_K"), config.mask_environment.items[0]);
    CHECK(config.queue_exchanges == 100 && config.queue_mib == 8 && config.workers == 2);
    CHECK(config.output_count == 3 && config.outputs[0].format == TSKL_FORMAT_PRETTY);
    CHECK_TEXT(TSKL_S("file:/etc/taskless/calls.ndjson"), config.outputs[1].to);
    CHECK_TEXT(TSKL_S("har:/tmp/calls.har"), config.outputs[2].to);
    CHECK(config.log_level == TSKL_LOG_DEBUG && config.log_to.fd == 5);
}

TEST(file, fills_each_pack) {
    CONFIG;
    CHECK_OK(parse("taskless.yaml", full, &config, &t->err));
    const tskl_config_pack *stripe = &config.packs[0], *slack = &config.packs[1];
    CHECK_TEXT(TSKL_S("stripe"), stripe->name);
    CHECK_TEXT(TSKL_S("/etc/taskless/./packs/stripe"), stripe->from);
    CHECK(stripe->line == 3 && stripe->enabled && stripe->body_allowed && !stripe->vars_allowed);
    CHECK(stripe->hosts_given && stripe->limits.output_kib == 256 && stripe->limits.wall_ms == 0);
    CHECK_TEXT(TSKL_S("STRIPE_ENV"), stripe->environment.items[0]);
    CHECK_TEXT(TSKL_S("status.stripe.com"), stripe->call_hosts.items[0]);
    CHECK(stripe->configuration && stripe->configuration->count == 1);
    CHECK_TEXT(TSKL_S("https://example.com/slack.tgz"), slack->from);
    CHECK(!slack->enabled && !slack->body_allowed && !slack->hosts_given);
    CHECK(config.packs[2].hosts_given && config.packs[2].hosts.count == 0);
    CHECK_TEXT(TSKL_S("QUJD"), config.packs[2].module);
}

TEST(file, leaves_alone_what_it_does_not_say) {
    static const char *const texts[] = {"", "# nothing\n", "{}", "version: 1\n"};
    for (size_t i = 0; i < TSKL_COUNT(texts); i++) {
        CONFIG;
        config.workers = 3;
        config.body_cap = 4096;
        bool packs_given = true;
        CHECK_OK(tskl_file_parse("a.yaml", "/", tskl_slice_of(texts[i]), &config, &packs_given,
                                 &t->err));
        CHECK(config.workers == 3 && config.body_cap == 4096 && !packs_given);
    }
}

TEST(file, is_the_same_tree_as_json) {
    CONFIG;
    bool packs_given;
    CHECK_OK(tskl_file_parse("a.json", "/", TSKL_S("{\"version\":1,\"packs\":[]}"), &config,
                             &packs_given, &t->err));
    CHECK(packs_given && config.pack_count == 0);
    CHECK_STATUS(TSKL_ERR_INVALID, parse("a.json", "{\"log\":{},\n\"log\":{}}", &config, &t->err));
    CHECK_HAS(t->err.message, "a.json: line 2: 'log' is given twice, first on line 1");
    CHECK_STATUS(TSKL_ERR_SYNTAX, parse("a.json", "log: {}", &config, &t->err));
}

TEST(file, names_line_and_key_of_what_it_refuses) {
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"- a\n", "taskless.yaml:1: expected an object, not an array"},
        {"\nhostss: []\n", "taskless.yaml:2: unknown key 'hostss'"},
        {"pack: []\n", "taskless.yaml:1: unknown key 'pack', did you mean 'packs'?"},
        {"version: '1'\n", "taskless.yaml:1: version: expected a whole number, not a string"},
        {"packs: {}\n", "packs: expected a list of objects, not an object"},
        {"packs:\n  - from: a\n", "taskless.yaml:2: packs[0]: 'name' is missing"},
        {"packs:\n  - name: A\n", "taskless.yaml:2: packs[0].name: \"A\" is not a Pack's name"},
        {"packs:\n  - {name: a, from: b, module: c}\n", "packs[0]: has 'from' and 'module'"},
        {"packs: [{name: a, from: https://a/b.tgz}]", "packs[0]: a Pack from a URL needs a digest"},
        {"packs: [{name: a, from: http://a/b.tgz}]",
         "packs[0]: from: http: is only for this machine"},
        {"packs: [{name: a, from: https://u:p@a/b}]", "packs[0]: from: it has a user name"},
        {"packs: [{name: a, from: https:/a/b.tgz}]", "packs[0]: from: only http:// and https://"},
        {"packs:\n  - name: a\n    from: b\n    hostss: [c]\n",
         "taskless.yaml:4: packs[0]: unknown key 'hostss', did you mean 'hosts'?"},
        {"packs:\n  - name: a\n    from: b\n    hosts: [c, 1]\n",
         "taskless.yaml:4: packs[0].hosts[1]: expected a string, not a number"},
        {"packs: [{name: a, from: ''}]", "packs[0].from: is empty"},
        {"packs: [{name: a, from: b, digest: abc}]", "packs[0].digest: expected sha256:"},
        {"packs: [{name: a, from: b, configuration: []}]", "configuration: expected an object"},
        {"packs: [{name: a, from: b, allow: true}]", "packs[0].allow: expected an object"},
        {"packs: [{name: a, from: b, allow: {envirnment: []}}]",
         "packs[0].allow: unknown key 'envirnment', did you mean 'environment'?"},
        {"packs: [{name: a, from: b, allow: {environment: [A-B]}}]",
         "packs[0].allow.environment: \"A-B\" is not a variable's name"},
        {"packs: [{name: a, from: b, enabled: yes}]", "enabled: expected true or false, not a str"},
        {"packs: [{name: a, from: b, limits: {memory_mib: 65}}]",
         "packs[0].limits.memory_mib: expected a whole number from 1 to 64, not 65"},
        {"packs:\n  - {name: a, from: b}\n  - {name: a, from: c}\n",
         "taskless.yaml:3: packs[1]: \"a\" is the name of the Pack on line 2 as well"},
        {"limits: {time: 1}", "limits: unknown key 'time'"},
        {"observe: {ignore: a}", "observe.ignore: expected a list of strings, not a string"},
        {"observe: {body_kib: 16385}", "observe.body_kib: expected a whole number from 0 to 16384"},
        {"observe: {sample: {success: 1.1}}", "success: expected a number from 0 to 1, not 1.1"},
        {"observe: {sample: {failure: all}}", "failure: expected a number, not a string"},
        {"mask: {headers: [a b]}", "mask.headers: \"a b\" is not a header's name"},
        {"mask: {json: [card]}", "mask.json: \"card\" is not a path such as $.card.number"},
        {"queue: {workers: 0}", "queue.workers: expected a whole number from 1 to"},
        {"queue: {workers: -1}", "queue.workers: expected a whole number from 1 to"},
        {"queue: {exchanges: 1e9}", "queue.exchanges: expected a whole number from 1 to 1048576"},
        {"outputs:\n  - {to: sterr}\n",
         "taskless.yaml:2: outputs[0]: output \"sterr\" is none of stderr, stdout"},
        {"outputs: [{format: ndjson}]", "outputs[0]: 'to' is missing"},
        {"outputs: [{to: stderr, format: json}]",
         "outputs[0].format: \"json\" is none of auto, pretty, ndjson, taskless, stable"},
        {"outputs: [{to: otlp:http://h}]", "output \"otlp:\" is none of"},
        {"registries: [{url: http://a}]", "registries[0].url: expected an https: URL"},
        {"registries: [{url: https://a, refresh: 15}]", "refresh: expected a string"},
        {"registries: [{url: https://a, refresh: 15x}]", "refresh: expected a time such as 15m"},
        {"log: {level: loud}", "log.level: \"loud\" is none of off, error, warn, info, debug"},
        {"log: {to: file:a}", "log.to: expected stderr, stdout or fd:N"},
        {"a: 1\na: 2\n", "taskless.yaml: line 2: 'a' is given twice, first on line 1"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CONFIG;
        CHECK_STATUS(TSKL_ERR_INVALID, parse("taskless.yaml", rows[i].text, &config, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
    }
}

// `count` times `item` between `before` and `after`.
static const char *repeat(tskl_test *t, const char *before, const char *item, size_t count,
                          const char *after) {
    size_t size = strlen(before) + count * strlen(item) + strlen(after);
    char *room = tskl_arena_take(t->arena, size + 1);
    tskl_buf text = {.ptr = room, .room = size + 1, .cap = size};
    if (!room) return NULL;
    tskl_buf_add(&text, tskl_slice_of(before));
    for (size_t i = 0; i < count; i++) tskl_buf_add(&text, tskl_slice_of(item));
    tskl_buf_add(&text, tskl_slice_of(after));
    return tskl_buf_cstr(&text);
}

TEST(file, has_bounds) {
    CONFIG;
    const char *list = repeat(t, "mask: {query: [", "a,", TSKL_SHAPE_ITEMS_MAX + 1, "]}");
    const char *text = repeat(t, "mask: {query: [", "a", TSKL_SHAPE_TEXT_MAX + 1, "]}");
    CHECK(list && text);
    CHECK_STATUS(TSKL_ERR_INVALID, parse("a.yaml", list, &config, &t->err));
    CHECK_HAS(t->err.message, "a.yaml:1: mask.query: has more than 1024 items");
    CHECK_STATUS(TSKL_ERR_INVALID, parse("a.yaml", text, &config, &t->err));
    CHECK_HAS(t->err.message, "a.yaml:1: mask.query[0]: has more than 4096 bytes");
}

TEST(file, of_another_version_is_not_read) {
    CONFIG;
    CHECK_STATUS(TSKL_ERR_UNSUPPORTED, parse("a.yaml", "version: 2\n", &config, &t->err));
    CHECK_HAS(t->err.message, "a.yaml:1: version: this version of taskless reads version 1");
}

TEST(file, may_name_registries_which_are_not_read_yet) {
    CONFIG;
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
    tskl_status status = parse(
        "a.yaml", "registries: [{url: https://a, keys: [RWQ], refresh: 15m}]", &config, &t->err);
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
    CHECK_OK(status);
}
