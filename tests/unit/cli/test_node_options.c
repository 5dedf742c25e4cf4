// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "node_options.h"

TEST(node_options, load_the_client_first_and_keep_the_rest_as_it_was_written) {
    static const struct {
        const char *old, *path, *expected;
    } rows[] = {
        {NULL, "/a/r.js", "--require=/a/r.js"},
        {"", "/a/r.js", "--require=/a/r.js"},
        {"--no-warnings", "/a/r.js", "--require=/a/r.js --no-warnings"},
        {NULL, "/a b/r.js", "--require=\"/a b/r.js\""},
        {NULL, "/a \"b\\c/r.js", "--require=\"/a \\\"b\\\\c/r.js\""},
        // Once is enough, in either form.
        {"--require=/a/r.js --x", "/a/r.js", "--require=/a/r.js --x"},
        {"--x --require /a/r.js", "/a/r.js", "--require=/a/r.js --x"},
        // What the user requires is elsewhere; all else is left, quotes and order and all.
        {"--require ./pre.cjs --title=\"a  b\"", "/a/r.js", "--require=/a/r.js --title=\"a  b\""},
        {"-r ./one.cjs --import ./two.mjs --require=\"./th ree.cjs\" --loader ./l.mjs", "/a/r.js",
         "--require=/a/r.js --import ./two.mjs --loader ./l.mjs"},
        // A word with a quote in its middle is one word.
        {"--title=x\"--require y\"", "/a/r.js", "--require=/a/r.js --title=x\"--require y\""},
        // What Node.js refuses stays for it to refuse.
        {"--require", "/a/r.js", "--require=/a/r.js --require"},
        {"--require --x", "/a/r.js", "--require=/a/r.js --require --x"},
        {"--title=\"open", "/a/r.js", "--require=/a/r.js --title=\"open"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *got = tskl_node_options(rows[i].old, rows[i].path, t->arena);
        CHECK(got);
        CHECK_TEXT(tskl_slice_of(rows[i].expected), tskl_slice_of(got));
    }
}

TEST(node_options, give_what_the_user_requires_in_its_order) {
    static const struct {
        const char *before, *old, *expected;
    } rows[] = {
        {NULL, NULL, ""},
        {NULL, "--no-warnings --import ./x.mjs", ""},
        {NULL, "--require=/a/r.js", ""},
        {NULL, "--require ./pre.cjs", "[\"./pre.cjs\"]"},
        {NULL, "-r \"./a b.cjs\" --require=\"c\\\\d\\\"e\"", "[\"./a b.cjs\",\"c\\\\d\\\"e\"]"},
        {NULL, "--require ts-node/register -r ./two.cjs -r /a/r.js",
         "[\"ts-node/register\",\"./two.cjs\"]"},
        // Under a second `taskless run` what a script has added comes behind.
        {"[\"./one.cjs\"]", "--require=/a/r.js", "[\"./one.cjs\"]"},
        {"[\"./one.cjs\"]", "--require=/a/r.js -r ./two.cjs", "[\"./one.cjs\",\"./two.cjs\"]"},
        {"", "-r ./two.cjs", "[\"./two.cjs\"]"},
        // It is not text, and stays in NODE_OPTIONS.
        {NULL, "-r ./\xff.cjs", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const char *got = tskl_node_required(rows[i].before, rows[i].old, "/a/r.js", t->arena);
        CHECK(got);
        CHECK_TEXT(tskl_slice_of(rows[i].expected), tskl_slice_of(got));
    }
}
