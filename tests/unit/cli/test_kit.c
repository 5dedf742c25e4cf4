// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "kit/kit.h"
#include "kit/kit_tools.h"
#include "kit/kit_words.h"
#include <sys/stat.h>

#define KIT(way)                                                                                   \
    "{\"title\":\"D\",\"names\":[\"d\",\"dlang\"],\"markers\":[\"pack.d\"],\"budget_kib\":9,\n"    \
    "\"ways\":[" way "]}"
#define TOOL "{\"name\":\"dc\",\"find\":[\"dc\"],\"debian\":\"apt-get install dc\"}"

static const char *folder_with(tskl_test *t, const char *text) {
    tskl_test_write(t, "kit.json", tskl_slice_of(text));
    return tskl_test_folder(t);
}

TEST(kit, is_read_with_its_ways_tools_and_steps) {
    tskl_kit kit;
    const char *folder = folder_with(
        t, KIT("{\"name\":\"dc\",\"tools\":[" TOOL "],\"steps\":[{\"say\":\"compiling\","
               "\"run\":[\"@dc@\",\"@sources@\"],\"environment\":{\"A\":\"b\","
               "\"C\":null}},{\"copy\":[\"@work@/x\",\"@out@\"]}]}"));
    CHECK_OK(tskl_kit_read(folder, t->arena, &kit, &t->err));
    CHECK_TEXT(TSKL_S("D"), kit.title);
    CHECK(kit.names.count == 2 && kit.budget_kib == 9 && kit.way_count == 1);
    CHECK(kit.ways[0].tool_count == 1 && kit.ways[0].step_count == 2);
    CHECK_TEXT(TSKL_S("compiling"), kit.ways[0].steps[0].say);
    CHECK(kit.ways[0].steps[0].environment->count == 2);
    CHECK_TEXT(TSKL_S("@out@"), kit.ways[0].steps[1].copy.items[1]);
}

TEST(kit, says_where_it_is_wrong) {
    static const struct {
        const char *text, *told;
    } rows[] = {
        {"{\"title\":\"D\"}", "'names' is missing"},
        {KIT(""), "needs a name and a way"},
        {KIT("{\"name\":\"dc\",\"steps\":[{}]}"),
         "kit.json:2: ways[0].steps[0]: takes run or copy"},
        {KIT("{\"name\":\"dc\",\"steps\":[{\"run\":[\"x\"]}]}"), "steps[0]: has no say"},
        {KIT("{\"name\":\"dc\",\"steps\":[{\"copy\":[\"x\"]}]}"), "copy takes two paths"},
        {KIT("{\"name\":\"dc\",\"steps\":[{\"say\":\"a\",\"run\":[\"x\"],\"environment\":{\"A\":1}}]}"),
         "environment.A: expected a string or null, not a number"},
        {KIT("{\"name\":\"dc\",\"tools\":[{\"name\":\"dc\",\"find\":[\"dc\"]}],\"steps\":[]}"),
         "ways[0].tools[0]: 'debian' is missing"},
        {KIT("{\"name\":\"dc\",\"stepps\":[]}"), "unknown key 'stepps', did you mean 'steps'?"},
        {KIT("{\"name\":\"dc\",\"name\":\"x\",\"steps\":[]}"), "name"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_kit kit;
        const char *folder = folder_with(t, rows[i].text);
        CHECK_ROW(i, tskl_kit_read(folder, t->arena, &kit, &t->err) != TSKL_OK);
        CHECK_HAS(t->err.message, rows[i].told);
    }
}

TEST(kit, words_stand_for_what_they_are_set_to) {
    static const struct {
        const char *text, *made;
    } rows[] = {
        {"", ""},
        {"-I@kit@/kit", "-I/k/kit"},
        {"@project@@kit@", "/p/k"},
        {"npm install binaryen@132.0.0", "npm install binaryen@132.0.0"},
        {"a@b.example, @ and @@", "a@b.example, @ and @@"},
        {"@1@", "@1@"},
        {"@nobody@", "@nobody@ is no placeholder"},
    };
    tskl_kit_words words = {0};
    CHECK(tskl_kit_words_set(&words, TSKL_S("kit"), "/before"));
    CHECK(tskl_kit_words_set(&words, TSKL_S("kit"), "/k"));
    CHECK(tskl_kit_words_set(&words, TSKL_S("project"), "/p"));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *made;
        tskl_status status =
            tskl_kit_words_expand(&words, tskl_slice_of(rows[i].text), t->arena, &made, &t->err);
        CHECK_TEXT(tskl_slice_of(rows[i].made), tskl_slice_of(status ? t->err.message : made));
    }
}

TEST(kit, versions_are_compared_number_by_number) {
    static const struct {
        const char *answer, *least;
        bool enough;
    } rows[] = {
        {"Debian clang version 22.1.0 (++2026)", "15", true},
        {"clang version 14.0.6", "15", false},
        {"go version go1.26.8 linux/amd64", "1.24", true},
        {"go version go1.9 linux/amd64", "1.24", false},
        {"wasm-opt version 132 (version_132)", "120", true},
        {"v18.19.0", "18.19.1", false},
        {"1.2", "1.2.0", true},
        {"10", "9.9.9", true},
        {"no number", "1", false},
        {"", "1", false},
        {"99999999999999999999999", "1", false}, // nobody's version
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_kit_version_is_enough(tskl_slice_of(rows[i].answer),
                                                tskl_slice_of(rows[i].least)) == rows[i].enough);
}

TEST(kit, tools_are_found_by_name_or_path_and_passed_over_when_too_old) {
    tskl_kit_tool tools[] = {{.name = TSKL_S("tool"), .debian = TSKL_S("x")}};
    tskl_kit_way way = {.tools = tools, .tool_count = 1};
    tskl_kit_words words = {0};
    tskl_slice find[] = {TSKL_S("@project@/nothing"), TSKL_S("@project@/file"), TSKL_S("sh")};
    const char *file = tskl_test_write(t, "file", TSKL_S("text"));
    CHECK(tskl_kit_words_set(&words, TSKL_S("project"), tskl_test_folder(t)));
    tools[0].find = (tskl_texts){find, 3};
    CHECK_OK(tskl_kit_tools_find(&way, &words, t->arena, &t->err));
    CHECK(words.count == 2);
    CHECK_TEXT(tskl_slice_of(file), tskl_slice_of(words.items[1].value));

    words.count = 1;
    tools[0].find = (tskl_texts){find, 1};
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_kit_tools_find(&way, &words, t->arena, &t->err));
    CHECK(words.count == 1);
}
