// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "base/env.h"
#include "config/consent.h"
#include "config/left_out.h"
#include "config/remarks.h"
#include "harness.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Variables of the test's own, and its own folder as the working folder and as everybody's home.
typedef struct world {
    tskl_env env;
    tskl_config *config;
    char back[PATH_MAX], home[PATH_MAX];
} world;

static bool world_begin(tskl_test *t, world *w) {
    *w = (world){0};
    tskl_env_replaced = &w->env;
    if (!getcwd(w->back, sizeof w->back) || chdir(tskl_test_folder(t)) != 0) return false;
    w->env.home = getcwd(w->home, sizeof w->home);
    return w->env.home != NULL;
}

static void world_end(world *w) {
    tskl_config_free(w->config);
    tskl_env_replaced = NULL;
    if (w->back[0] && chdir(w->back)) perror("chdir");
}

#define WORLD                                                                                      \
    CLEANUP(world_end) world w = {0};                                                              \
    CHECK(world_begin(t, &w))

static tskl_status load(tskl_test *t, world *w) {
    const tskl_config_request request = {.default_output = "stderr"};
    tskl_config_free(w->config);
    w->config = NULL;
    return tskl_config_load(&request, &w->config, &t->err);
}

static void write_pack(tskl_test *t, const char *wasm) {
    mkdir("p", 0700);
    tskl_test_write(t, "p/manifest.json", TSKL_S("{\"name\":\"p\"}"));
    tskl_test_write(t, "p/pack.wasm", tskl_slice_of(wasm));
}

#define ASKS                                                                                       \
    "packs: [{name: p, from: ./p, allow: {hosts: [a.example], environment: [A_KEY, PLAIN]}}]\n"    \
    "outputs: [{to: stderr}, {to: file:calls.ndjson}, {to: file:/tmp/x}, {to: fd:7}]\n"

static bool keep(tskl_test *t, world *w) {
    tskl_consent consent;
    char path[PATH_MAX];
    tskl_buf text;
    tskl_buf_init(&text, TSKL_CONSENT_MAX);
    const char *folder = tskl_consent_folder(t->arena);
    bool done = tskl_consent_make(w->config, &consent, &t->err) == TSKL_OK &&
                tskl_consent_write(&consent, &text);
    mkdir(".local", 0700);
    mkdir(".local/state", 0700);
    mkdir(".local/state/taskless", 0700);
    mkdir(".local/state/taskless/trust", 0700);
    snprintf(path, sizeof path, "%s/%s", folder ? folder + strlen(w->home) + 1 : "",
             done ? tskl_consent_name(consent.path).hex : "");
    if (done) tskl_test_write(t, path, tskl_buf_slice(&text));
    tskl_buf_deinit(&text);
    return done;
}

TEST(consent, keeps_back_what_a_file_that_was_found_asks_for) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    CHECK_OK(load(t, &w));
    CHECK(w.config->source == TSKL_SOURCE_FOUND && w.config->waiting == 4);
    CHECK(w.config->packs[0].enabled && w.config->packs[0].body_allowed);
    CHECK(w.config->packs[0].call_hosts.count == 0 && w.config->packs[0].environment.count == 0);
    CHECK(w.config->output_count == 2); // those that stay here
}

TEST(consent, is_not_needed_for_the_users_own_word) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    w.env.config = "taskless.yaml";
    CHECK_OK(load(t, &w));
    CHECK(w.config->source == TSKL_SOURCE_OWN && w.config->ask_count == 0);
    CHECK(w.config->packs[0].call_hosts.count == 1 && w.config->output_count == 4);
    // What `taskless run` has found does not become it on the way into the program.
    w.env.config = NULL;
    w.env.found = "taskless.yaml";
    CHECK_OK(load(t, &w));
    CHECK(w.config->source == TSKL_SOURCE_FOUND && w.config->packs[0].call_hosts.count == 0);
}

TEST(consent, holds_until_one_of_its_files_changes) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    tskl_test_write(t, "packs.env", TSKL_S("A_KEY=a\n"));
    w.env.env = "packs.env";
    CHECK_OK(load(t, &w));
    CHECK(keep(t, &w));
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 0 && w.config->output_count == 4);
    CHECK(w.config->packs[0].call_hosts.count == 1 && w.config->packs[0].environment.count == 2);
    CHECK(w.config->packs[0].agreed.hex[0]);
    // Another value for the Pack.
    tskl_test_write(t, "packs.env", TSKL_S("A_KEY=b\n"));
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 1 && w.config->consent_broken);
    CHECK(w.config->packs[0].call_hosts.count == 1 && w.config->packs[0].environment.count == 0);
    tskl_test_write(t, "packs.env", TSKL_S("A_KEY=a\n"));
    // Another byte of its code.
    write_pack(t, "2");
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 2 && w.config->packs[0].call_hosts.count == 0);
    CHECK(w.config->output_count == 4); // the file is as it was
    write_pack(t, "1");
    // Settings that come with it.
    tskl_test_write(t, "p/config.json", TSKL_S("{}"));
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 2);
    CHECK(unlink("p/config.json") == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 0);
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS "# x\n"));
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 4 && w.config->consent_broken);
}

TEST(consent, is_not_there_for_a_file_of_the_same_content_elsewhere) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    CHECK_OK(load(t, &w));
    CHECK(keep(t, &w));
    mkdir("other", 0700);
    tskl_test_write(t, "other/taskless.yaml", TSKL_S(ASKS));
    CHECK(rename("p", "other/p") == 0 && chdir("other") == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 4 && !w.config->consent_broken);
}

TEST(consent, gives_no_hosts_and_secrets_where_a_command_never_does) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    CHECK_OK(load(t, &w));
    CHECK(keep(t, &w));
    w.env.consent = "never";
    CHECK_OK(load(t, &w));
    CHECK(w.config->packs[0].call_hosts.count == 0 && w.config->packs[0].environment.count == 0);
    CHECK(w.config->waiting == 0 && w.config->output_count == 4);
    CHECK(w.config->withheld_count == 2);
    const char *line = tskl_remark_withheld(w.config, t->arena);
    CHECK(line);
    CHECK_HAS(line, "(calls to a.example, variable A_KEY)");
    CHECK_HAS(line, "`taskless run`");
}

TEST(consent, gives_no_hosts_and_secrets_there_whichever_file_it_is) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    w.env.consent = "never";
    // What waits is not what a live run would give.
    CHECK_OK(load(t, &w));
    CHECK(w.config->withheld_count == 0 && !tskl_remark_withheld(w.config, t->arena));
    w.env.config = "taskless.yaml";
    CHECK_OK(load(t, &w));
    CHECK(w.config->source == TSKL_SOURCE_OWN && w.config->waiting == 0);
    CHECK(w.config->packs[0].call_hosts.count == 0 && w.config->packs[0].environment.count == 0);
    CHECK(w.config->withheld_count == 2 && w.config->output_count == 4);
    // The user's own folder.
    w.env.config = NULL;
    CHECK(mkdir(".config", 0700) == 0 && mkdir(".config/taskless", 0700) == 0);
    CHECK(rename("taskless.yaml", ".config/taskless/taskless.yaml") == 0);
    CHECK(rename("p", ".config/taskless/p") == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->source == TSKL_SOURCE_OWN && w.config->withheld_count == 2);
    CHECK(w.config->packs[0].call_hosts.count == 0 && w.config->packs[0].environment.count == 0);
    // A Pack that asks for nothing has nothing withheld.
    tskl_test_write(t, ".config/taskless/taskless.yaml",
                    TSKL_S("packs: [{name: p, from: ./p, allow: {environment: [PLAIN]}}]\n"));
    CHECK_OK(load(t, &w));
    CHECK(w.config->withheld_count == 0 && w.config->packs[0].environment.count == 1);
}

TEST(consent, leaves_a_file_that_code_names_to_that_code) {
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    w.env.consent = "never";
    const tskl_config_request request = {.path = "taskless.yaml", .default_output = "stderr"};
    CHECK_OK(tskl_config_load(&request, &w.config, &t->err));
    CHECK(w.config->packs[0].call_hosts.count == 1 && w.config->packs[0].environment.count == 2);
}

TEST(consent, judges_an_output_by_where_it_ends) {
    static const struct {
        const char *to;
        bool waits;
    } rows[] = {
        {"stdout", false},           {"file:calls.ndjson", false},
        {"har:./logs/a.har", false}, {"file:../x", true},
        {"file:logs/../../x", true}, {"file:out/x", true},
        {"file:.git/config", true},  {"file:.bashrc", true},
        {"har:none/x.har", true},    {"fd:3", true},
        {"file:/etc/x", true},       {"file:in/x", false},
    };
    WORLD;
    mkdir("repo", 0700);
    mkdir("repo/logs", 0700);
    mkdir("repo/.git", 0700);
    CHECK(symlink("/tmp", "repo/out") == 0 && symlink("logs", "repo/in") == 0);
    CHECK(chdir("repo") == 0);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *text = tskl_arena_printf(t->arena, "outputs: [{to: \"%s\"}]\n", rows[i].to);
        tskl_test_write(t, "repo/taskless.yaml", tskl_slice_of(text));
        CHECK_OK(load(t, &w));
        CHECK_ROW(i, (w.config->waiting == 1) == rows[i].waits);
        CHECK_ROW(i, w.config->output_count == 1); // the usual one in its place
    }
}

TEST(consent, is_asked_before_the_log_goes_to_a_descriptor_of_the_programs) {
    static const struct {
        const char *to;
        int fd;
        bool waits;
    } rows[] = {{"stderr", 2, false}, {"stdout", 1, false}, {"fd:1", 1, false},
                {"fd:3", 3, true},    {"fd:9", 9, true},    {"fd:40", 40, true}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WORLD;
        const char *text = tskl_arena_printf(t->arena, "log: {to: \"%s\"}\n", rows[i].to);
        tskl_test_write(t, "taskless.yaml", tskl_slice_of(text));
        tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO); // nothing was open at that number
        tskl_status found = load(t, &w);
        bool asked = w.config && w.config->waiting == 1 && w.config->asks[0].kind == TSKL_ASK_LOG;
        int meanwhile = w.config ? w.config->log_to.fd : -1;
        bool kept = w.config && keep(t, &w);
        tskl_status agreed = load(t, &w);
        tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
        CHECK_OK(found);
        CHECK(kept);
        CHECK_OK(agreed);
        CHECK_ROW(i, asked == rows[i].waits);
        CHECK_ROW(i, meanwhile == (rows[i].waits ? STDERR_FILENO : rows[i].fd));
        CHECK_ROW(i, w.config->waiting == 0 && w.config->log_to.fd == rows[i].fd);
    }
}

TEST(consent, is_asked_before_a_pack_is_fetched) {
    WORLD;
    tskl_test_write(t, "taskless.yaml",
                    TSKL_S("packs:\n"
                           "  - name: p\n"
                           "    from: https://packs.example.com/p.tgz\n"
                           "    digest: sha256:00000000000000000000000000000000"
                           "00000000000000000000000000000000\n"));
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 1 && w.config->asks[0].kind == TSKL_ASK_FETCH);
    CHECK(w.config->packs[0].waits && !w.config->packs[0].enabled);
    CHECK(keep(t, &w));
    CHECK_OK(load(t, &w));
    CHECK(!w.config->packs[0].waits && w.config->packs[0].enabled);
}

TEST(consent, is_kept_where_the_variables_say) {
    static const struct {
        const char *home, *xdg, *folder;
    } rows[] = {
        {"/h", NULL, "/h/.local/state/taskless/trust"},
        {"/h", "/s", "/s/taskless/trust"},
        {"/h", "s", "/h/.local/state/taskless/trust"}, // a relative one is passed over
        {NULL, "s", NULL},
        {"h", NULL, NULL},
        {NULL, NULL, NULL},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        WORLD;
        w.env.home = rows[i].home;
        w.env.xdg_state_home = rows[i].xdg;
        const char *folder = tskl_consent_folder(t->arena);
        if (rows[i].folder) CHECK(folder);
        CHECK_ROW(i, tskl_slice_equal(tskl_slice_of(folder), tskl_slice_of(rows[i].folder)));
    }
}

TEST(consent, reads_back_what_it_wrote_and_nothing_else) {
    static const char *const bad[] = {"", "taskless-consent 2\n", "taskless-consent 1\n",
                                      "taskless-consent 1\nfile 00\npath /a\n",
                                      "taskless-consent 1\npath /a\n"};
    tskl_consent in = {.path = TSKL_S("/a b/taskless.yaml"), .file = tskl_sha256_of(TSKL_S("x"))};
    tskl_consent out;
    char room[1024];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    CHECK(tskl_consent_write(&in, &text));
    CHECK_OK(tskl_consent_parse(tskl_buf_slice(&text), t->arena, &out, &t->err));
    CHECK_TEXT(in.path, out.path);
    CHECK(tskl_sha256_equal(&in.file, &out.file) && !out.dotenv.hex[0] && out.pack_count == 0);
    for (size_t i = 0; i < TSKL_COUNT(bad); i++)
        CHECK_STATUS(TSKL_ERR_SYNTAX,
                     tskl_consent_parse(tskl_slice_of(bad[i]), t->arena, &out, &t->err));
}

TEST(consent, counts_only_from_a_file_that_nobody_else_may_write) {
    char path[PATH_MAX];
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    CHECK_OK(load(t, &w));
    CHECK(keep(t, &w));
    snprintf(path, sizeof path, ".local/state/taskless");
    CHECK(chmod(path, 0777) == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 4);
    CHECK(chmod(path, 0700) == 0);
    // A link to where others may write is as good as such a folder.
    mkdir("open", 0700);
    CHECK(chmod("open", 0777) == 0 && rename(path, "open/taskless") == 0);
    CHECK(symlink("../../open/taskless", path) == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 4);
    CHECK(chmod("open", 0700) == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->waiting == 0);
}

TEST(remarks, say_in_one_line_what_waits_and_both_ways_out) {
    const char *lines[TSKL_REMARKS_MAX];
    WORLD;
    write_pack(t, "1");
    tskl_test_write(t, "taskless.yaml", TSKL_S(ASKS));
    CHECK_OK(load(t, &w));
    CHECK(tskl_remarks(w.config, t->arena, lines) == 1);
    CHECK_HAS(lines[0], "taskless.yaml was found here");
    CHECK_HAS(lines[0], "calls to a.example, variable A_KEY, output file:/tmp/x, output fd:7");
    CHECK_HAS(lines[0], "`taskless trust`");
    CHECK_HAS(lines[0], tskl_arena_printf(t->arena, "TASKLESS_CONFIG=%s/taskless.yaml", w.home));
}

TEST(remarks, name_one_command_that_mends_all_that_is_left_out) {
    const char *lines[TSKL_REMARKS_MAX];
    WORLD;
    mkdir("it's here", 0700);
    mkdir("it's here/.taskless", 0700);
    CHECK(chdir("it's here") == 0);
    tskl_test_write(t, "it's here/taskless.yaml", TSKL_S("version: 1\n"));
    mkdir(".taskless/a", 0700);
    tskl_test_write(t, "it's here/.taskless/a/manifest.json", TSKL_S("{\"name\":\"a\"}"));
    mkdir(".taskless/b", 0700);
    tskl_test_write(t, "it's here/.taskless/b/manifest.json", TSKL_S("{\"name\":\"b\"}"));
    CHECK(chmod("taskless.yaml", 0666) == 0 && chmod(".taskless/a", 0777) == 0);
    CHECK(chmod(".taskless/b/manifest.json", 0666) == 0);
    CHECK_OK(load(t, &w));
    CHECK(tskl_remarks(w.config, t->arena, lines) == 1);
    CHECK_HAS(lines[0],
              "taskless.yaml, Pack a, Pack b are left out, since others may write them: ");
    CHECK_HAS(lines[0], "chmod -R go-w '");
    CHECK(tskl_slice_ends(tskl_slice_of(lines[0]), TSKL_S("/it'\\''s here'")));
}

TEST(remarks, cut_no_command_however_long_a_path_is) {
    const char *lines[TSKL_REMARKS_MAX];
    char name[200];
    WORLD;
    memset(name, 'd', sizeof name - 1);
    name[sizeof name - 1] = 0;
    for (size_t i = 0; i < 6; i++) CHECK(mkdir(name, 0700) == 0 && chdir(name) == 0);
    FILE *file = fopen("taskless.yaml", "w");
    CHECK(file);
    fputs("version: 1\n", file);
    fclose(file);
    CHECK(chmod("taskless.yaml", 0666) == 0);
    CHECK_OK(load(t, &w));
    CHECK(w.config->left_out.mend);
    CHECK(tskl_remarks(w.config, t->arena, lines) == 1);
    CHECK(!strstr(lines[0], "chmod") && strlen(lines[0]) < TSKL_REMARK_BYTES);
    CHECK_HAS(lines[0], "`taskless doctor`");
}

TEST(remarks, quote_a_path_for_the_shell) {
    CHECK_TEXT(TSKL_S("/a/b-c"), tskl_slice_of(tskl_shell_word("/a/b-c", t->arena)));
    const char *word = tskl_shell_word("/a b;'c", t->arena);
    CHECK(word);
    CHECK_TEXT(TSKL_S("'/a b;'\\''c'"), tskl_slice_of(word));
}
