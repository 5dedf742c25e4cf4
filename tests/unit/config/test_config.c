// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "config/config.h"
#include "harness.h"
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// Variables of the test's own, and its own folder as the working folder.
typedef struct world {
    tskl_env env;
    tskl_config *config;
    char back[4096];
} world;

static bool world_begin(tskl_test *t, world *w) {
    *w = (world){0};
    tskl_env_replaced = &w->env;
    return getcwd(w->back, sizeof w->back) && chdir(tskl_test_folder(t)) == 0;
}

static void world_end(world *w) {
    tskl_config_free(w->config);
    tskl_env_replaced = NULL;
    if (w->back[0] && chdir(w->back)) perror("chdir");
}

#define WORLD                                                                                      \
    CLEANUP(world_end) world w = {0};                                                              \
    CHECK(world_begin(t, &w))

static void add_pack(tskl_test *t, const char *folder) {
    char path[512];
    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    tskl_test_write(t, path, TSKL_S("{}"));
}

static bool ends(tskl_slice text, const char *end) {
    return tskl_slice_ends(text, tskl_slice_of(end));
}

TEST(config, has_a_default_for_everything) {
    WORLD;
    const tskl_config_request request = {0};
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    const tskl_config *c = w.config;
    CHECK(!c->path && c->pack_count == 0 && c->body_cap == 256 * 1024);
    CHECK(c->queue_exchanges == 4096 && c->queue_mib == 32 && c->workers == 1);
    CHECK(c->sample_success == 1 && c->sample_failure == 1);
    CHECK(c->log_level == TSKL_LOG_WARN && c->log_to.fd == 2 && c->caps.memory_mib == 64);
    CHECK(c->output_count == 1 && c->outputs[0].format == TSKL_FORMAT_AUTO);
    CHECK_TEXT(TSKL_S("stderr"), c->outputs[0].to);
}

TEST(config, prefers_code_to_variables_to_the_file_to_the_default) {
    WORLD;
    tskl_config_request request = {.default_output = "stdout"};
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK_TEXT(TSKL_S("stdout"), w.config->outputs[0].to);
    tskl_config_free(w.config);
    tskl_test_write(t, "taskless.yaml",
                    TSKL_S("outputs: [{to: stderr, format: taskless}]\n"
                           "log: {level: info}\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK_TEXT(TSKL_S("stderr"), w.config->outputs[0].to);
    CHECK(w.config->outputs[0].format == TSKL_FORMAT_TASKLESS);
    CHECK(w.config->log_level == TSKL_LOG_INFO);
    tskl_config_free(w.config);
    w.env.output = "fd:8,a.har";
    w.env.format = "stable";
    w.env.log_level = "trace";
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK_TEXT(TSKL_S("fd:8"), w.config->outputs[0].to);
    CHECK(w.config->outputs[0].format == TSKL_FORMAT_STABLE &&
          ends(w.config->outputs[1].to, "/a.har"));
    CHECK(w.config->log_level == TSKL_LOG_TRACE);
    tskl_config_free(w.config);
    request.outputs = "fd:9";
    request.format = "pretty";
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK_TEXT(TSKL_S("fd:9"), w.config->outputs[0].to);
    CHECK(w.config->outputs[0].format == TSKL_FORMAT_PRETTY);
}

TEST(config, may_have_no_outputs) {
    WORLD;
    const tskl_config_request request = {.default_output = "stderr"};
    tskl_test_write(t, "taskless.yaml", TSKL_S("outputs: []\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->output_count == 0);
}

TEST(config, looks_for_its_file_in_order) {
    static const char *const files[] = {"taskless.json",     "taskless.yml", "taskless.yaml",
                                        "sub/taskless.json", "named.yaml",   "asked.yaml"};
    WORLD;
    tskl_config_request request = {0};
    mkdir("sub", 0700);
    w.env.directory = "sub";
    // Each one goes before all that were there already.
    for (size_t i = 0; i < TSKL_COUNT(files); i++) {
        tskl_test_write(t, files[i], TSKL_S("{}"));
        if (i == 4) w.env.config = "named.yaml";
        if (i == 5) request.path = "asked.yaml";
        CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
        CHECK_TEXT(tskl_slice_of(files[i]), tskl_slice_of(w.config->path));
        tskl_config_free(w.config);
        w.config = NULL;
    }
}

TEST(config, says_that_a_file_it_was_told_to_read_is_missing) {
    WORLD;
    const tskl_config_request request = {.path = "none.yaml"};
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_config_load(&request, &w.config, &t->err));
    CHECK_HAS(t->err.message, "none.yaml");
}

TEST(config, does_not_read_a_file_that_others_may_write) {
    WORLD;
    const tskl_config_request request = {0};
    const char *path = tskl_test_write(t, "taskless.yaml", TSKL_S("{}"));
    CHECK(chmod(path, 0666) == 0);
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(!w.config->path && w.config->source == TSKL_SOURCE_NONE);
    CHECK(w.config->left_out.titles.count == 1);
    CHECK_TEXT(TSKL_S("taskless.yaml"), w.config->left_out.titles.items[0]);
    CHECK_HAS(w.config->left_out.mend, "chmod -R go-w /");
    CHECK(ends(tskl_slice_of(w.config->left_out.mend), "/taskless.yaml"));
    tskl_config_free(w.config);
    w.config = NULL;
    // What was named is never passed over in silence.
    const tskl_config_request named = {.path = "taskless.yaml"};
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_config_load(&named, &w.config, &t->err));
    CHECK_HAS(t->err.message, "taskless.yaml: not trusted, others may write there: chmod go-w /");
}

TEST(config, takes_the_packs_it_finds_by_name) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    add_pack(t, "builtin/core");
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 1);
    CHECK_TEXT(TSKL_S("builtin/core"), w.config->packs[0].from);
    tskl_config_free(w.config);
    mkdir(".taskless", 0700);
    add_pack(t, ".taskless/stripe");
    add_pack(t, ".taskless/openai");
    add_pack(t, ".taskless/.hidden");
    mkdir(".taskless/notes", 0700);
    tskl_test_write(t, ".taskless/pack.tgz", TSKL_S(""));
    tskl_test_write(t, ".taskless/notes.txt", TSKL_S(""));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 4);
    CHECK_TEXT(TSKL_S("builtin/core"), w.config->packs[0].from);
    CHECK_TEXT(TSKL_S(".taskless/openai"), w.config->packs[1].from);
    CHECK_TEXT(TSKL_S(".taskless/pack.tgz"), w.config->packs[2].from);
    CHECK_TEXT(TSKL_S(".taskless/stripe"), w.config->packs[3].from);
    CHECK(w.config->packs[0].shipped && !w.config->packs[1].shipped);
    CHECK(w.config->packs[0].enabled && w.config->packs[0].body_allowed);
}

TEST(config, takes_the_packs_of_the_folder_it_was_told) {
    WORLD;
    tskl_config_request request = {.directory = "packs"};
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_config_load(&request, &w.config, &t->err));
    CHECK_HAS(t->err.message, "packs");
    mkdir("packs", 0700);
    add_pack(t, "packs/stripe");
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK_TEXT(TSKL_S("packs/stripe"), w.config->packs[0].from);
    tskl_config_free(w.config);
    // A folder that is a Pack itself.
    request.directory = "packs/stripe";
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 1);
    CHECK_TEXT(TSKL_S("packs/stripe"), w.config->packs[0].from);
}

TEST(config, looks_for_no_packs_where_the_file_names_them) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    mkdir(".taskless", 0700);
    add_pack(t, "builtin/core");
    add_pack(t, ".taskless/stripe");
    tskl_test_write(t, "taskless.yaml", TSKL_S("packs: []\nshipped: false\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 0);
    tskl_config_free(w.config);
    tskl_test_write(t, "taskless.yaml", TSKL_S("packs: []\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 1);
    CHECK_TEXT(TSKL_S("builtin/core"), w.config->packs[0].from);
    tskl_config_free(w.config);
    // Without a list those of the folder alone.
    tskl_test_write(t, "taskless.yaml", TSKL_S("shipped: false\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 1);
    CHECK_TEXT(TSKL_S(".taskless/stripe"), w.config->packs[0].from);
}

TEST(config, puts_a_pack_in_the_place_of_the_shipped_one_of_its_name) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    mkdir(".taskless", 0700);
    add_pack(t, "builtin/core");
    add_pack(t, "builtin/stripe");
    add_pack(t, ".taskless/mine"); // the manifest's name counts
    tskl_test_write(t, ".taskless/mine/manifest.json", TSKL_S("{\"name\":\"stripe\"}"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 2);
    CHECK_TEXT(TSKL_S("builtin/core"), w.config->packs[0].from);
    CHECK_TEXT(TSKL_S(".taskless/mine"), w.config->packs[1].from);
    CHECK(w.config->replaced.count == 1);
    CHECK_TEXT(TSKL_S("stripe (.taskless/mine)"), w.config->replaced.items[0]);
}

// What `taskless.yaml` lists beside three Packs that come with taskless; and the order of all.
static const struct {
    const char *text, *order[5];
} listed[] = {
    {"packs: [{name: mine, from: ./mine}]",
     {"builtin/core", "builtin/openai", "builtin/stripe", "/./mine"}},
    {"packs: [{name: mine, from: ./mine}]\nshipped: true",
     {"builtin/core", "builtin/openai", "builtin/stripe", "/./mine"}},
    {"packs: [{name: mine, from: ./mine}]\nshipped: false", {"/./mine"}},
    // One of the same name stands where the list has it, once.
    {"packs: [{name: mine, from: ./mine}, {name: core}]",
     {"builtin/openai", "builtin/stripe", "/./mine", "builtin/core"}},
    {"packs: [{name: stripe, from: ./own}, {name: core, enabled: false}]",
     {"builtin/openai", "/./own", "builtin/core"}},
    // The shipped one itself, by a path of the file's own.
    {"packs: [{name: openai, from: ./builtin/../builtin/openai}]",
     {"builtin/core", "builtin/stripe", "/builtin/openai"}},
    {"packs: [{name: core}, {name: openai}]\nshipped: false", {"builtin/core", "builtin/openai"}},
    // All that is listed in a file of an older loader, which knows of none that come with it.
    {"{schema: pre1, packs: [{schema: pre1, name: stripe}]}", {""}},
    {"{schema: pre1, packs: []}", {NULL}},
};

TEST(config, keeps_the_shipped_packs_beside_those_that_a_file_lists) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    add_pack(t, "builtin/core");
    add_pack(t, "builtin/openai");
    add_pack(t, "builtin/stripe");
    for (size_t i = 0; i < TSKL_COUNT(listed); i++) {
        tskl_test_write(t, "taskless.yaml", tskl_slice_of(listed[i].text));
        CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
        size_t count = 0;
        for (; listed[i].order[count]; count++) {
            CHECK(count < w.config->pack_count);
            CHECK(ends(w.config->packs[count].from, listed[i].order[count]));
        }
        CHECK(w.config->pack_count == count);
        // That is said of another in a shipped one's place, not of itself.
        bool own = strstr(listed[i].text, "./own") != NULL;
        CHECK(w.config->replaced.count == (size_t)own);
        tskl_config_free(w.config);
        w.config = NULL;
    }
}

TEST(config, leaves_a_shipped_pack_out_where_the_file_turns_it_off) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    add_pack(t, "builtin/core");
    add_pack(t, "builtin/stripe");
    tskl_test_write(t, "taskless.yaml", TSKL_S("packs: [{name: stripe, enabled: false}]\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 2 && w.config->packs[0].enabled && !w.config->packs[1].enabled);
    CHECK(w.config->replaced.count == 0);
}

TEST(config, looks_for_packs_that_are_only_named) {
    WORLD;
    const tskl_config_request request = {.builtin_packs = "builtin"};
    mkdir("builtin", 0700);
    mkdir(".taskless", 0700);
    add_pack(t, "builtin/core");
    add_pack(t, "builtin/stripe");
    add_pack(t, ".taskless/stripe");
    tskl_test_write(t, ".taskless/slack.tgz", TSKL_S(""));
    tskl_test_write(t, "taskless.yaml",
                    TSKL_S("packs: [{name: core}, {name: stripe}, {name: slack}, {name: none}]\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 4);
    CHECK_TEXT(TSKL_S("builtin/core"), w.config->packs[0].from);
    CHECK_TEXT(TSKL_S(".taskless/stripe"), w.config->packs[1].from);
    CHECK_TEXT(TSKL_S(".taskless/slack.tgz"), w.config->packs[2].from);
    CHECK_TEXT(TSKL_S(".taskless/none"), w.config->packs[3].from);
}

TEST(config, does_not_look_into_a_folder_that_others_may_write) {
    WORLD;
    const tskl_config_request request = {0};
    CHECK(mkdir(".taskless", 0700) == 0 && chmod(".taskless", 0777) == 0);
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->pack_count == 0 && !w.config->directory);
    CHECK_TEXT(TSKL_S(".taskless"), w.config->left_out.titles.items[0]);
    CHECK_HAS(w.config->left_out.mend, "/.taskless");
}

TEST(config, collects_the_values_that_may_not_leave) {
    WORLD;
    const tskl_config_request request = {0};
    w.env.env = "packs.env";
    tskl_test_write(t, "packs.env", TSKL_S("PARTNER=p\nSTRIPE_ENV=test\nSTRIPE_KEY=k\nA_KEY=a\n"));
    tskl_test_write(t, "taskless.yaml",
                    TSKL_S("mask: {environment: [PARTNER, TSKL_UNSET]}\n"
                           "packs: [{name: a, allow: {environment: [STRIPE_ENV, STRIPE_KEY]}}]\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->secrets.count == 2);
    CHECK_TEXT(TSKL_S("p"), w.config->secrets.items[0]);
    CHECK_TEXT(TSKL_S("k"), w.config->secrets.items[1]);
}

TEST(config, makes_paths_whole) {
    WORLD;
    const tskl_config_request request = {.path = "sub/taskless.yaml"};
    mkdir("sub", 0700);
    tskl_test_write(t, "sub/taskless.yaml",
                    TSKL_S("packs: [{name: a, from: packs/a}]\noutputs: [{to: calls.ndjson}]\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->packs[0].from.ptr[0] == '/' && ends(w.config->packs[0].from, "/sub/packs/a"));
    CHECK(ends(w.config->outputs[0].to, "/sub/calls.ndjson"));
    CHECK(tskl_slice_starts(w.config->outputs[0].to, TSKL_S("file:/")));
}

TEST(config, reads_variables_for_packs_from_a_file) {
    WORLD;
    const tskl_config_request request = {0};
    w.env.env = "packs.env";
    tskl_test_write(t, "packs.env", TSKL_S("STRIPE_ENV=test\n"));
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->environment.count == 1);
    CHECK_TEXT(TSKL_S("STRIPE_ENV=test"), w.config->environment.items[0]);
    tskl_config_free(w.config);
    tskl_test_write(t, "packs.env", TSKL_S("\nnot a variable\n"));
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_config_load(&request, &w.config, &t->err));
    CHECK_HAS(t->err.message, "packs.env: line 2: expected NAME=value");
    w.env.env = "none.env";
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_config_load(&request, &w.config, &t->err));
    CHECK_HAS(t->err.message, "TASKLESS_ENV: none.env");
}

TEST(config, names_the_variable_that_is_wrong) {
    const struct {
        tskl_env env;
        const char *message;
    } rows[] = {
        {{.output = "sterr"}, "TASKLESS_OUTPUT: output \"sterr\" is none of"},
        {{.format = "json"}, "TASKLESS_FORMAT: format \"json\" is none of"},
        {{.log_level = "loud"}, "TASKLESS_LOG_LEVEL: \"loud\" is none of"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WORLD;
        const tskl_config_request request = {0};
        w.env = rows[i].env;
        CHECK_STATUS(TSKL_ERR_INVALID, tskl_config_load(&request, &w.config, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
    }
}
