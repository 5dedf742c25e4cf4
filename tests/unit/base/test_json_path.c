// SPDX-License-Identifier: Apache-2.0
#include "base/json_path.h"
#include "harness.h"

static const char document[] = "{\"a\":{\"b\":[1,2,{\"c\":3}],\"x/y.z\":4},\"c\":[5,{\"c\":6}]}";

// What stands there, in order, with spaces between; the message where it is no path.
static tskl_slice found(tskl_test *t, const char *text) {
    const tskl_json *root, *items[16];
    tskl_json_path path;
    tskl_json_found list = {.items = items, .room = TSKL_COUNT(items)};
    if (tskl_json_parse(tskl_slice_of(document), t->arena, &root, &t->err) ||
        tskl_json_path_parse(tskl_slice_of(text), t->arena, &path, &t->err))
        return tskl_slice_of(t->err.message);
    tskl_json_path_find(&path, root, &list);
    const char *line = "";
    for (size_t i = 0; i < list.count && line; i++)
        line = tskl_arena_printf(t->arena, "%s%s" TSKL_FMT, line, i ? " " : "",
                                 TSKL_ARG(items[i]->raw));
    return tskl_slice_of(line);
}

TEST(json_path, finds_members_items_and_what_is_at_any_depth) {
    static const struct {
        const char *path, *found;
    } rows[] = {
        {"$.a.b[0]", "1"},
        {"$.a.b[-1].c", "3"},
        {"$.a['x/y.z']", "4"},
        {"$[\"c\"][0]", "5"},
        {"$.a.b[*]", "1 2 {\"c\":3}"},
        {"$.c.*", "5 {\"c\":6}"},
        {"$..c", "3 [5,{\"c\":6}] 6"},
        {"$.a..c", "3"},
        {"$..[0]", "1 5"},
        {"$..b..c", "3"},
        {"$.a.b.c", ""}, // an array is a step of its own
        {"$.a.b[3]", ""},
        {"$.a.b[-4]", ""},
        {"$.a[0]", ""},
        {"$.nothing.at.all", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].found), found(t, rows[i].path));
}

TEST(json_path, says_where_a_path_goes_wrong) {
    static const struct {
        const char *path, *told;
    } rows[] = {
        {"", "\"\", character 1: a path begins with $"},
        {"a.b", "\"a.b\", character 1: a path begins with $"},
        {"$a", "\"$a\", character 2: . or [ is expected"},
        {"$.", "\"$.\", character 3: a name is expected"},
        {"$.a b", "\"$.a b\", character 4: . or [ is expected"},
        {"$['a", "\"$['a\", character 4: a quoted name has no end"},
        {"$[0", "\"$[0\", character 4: ] is expected"},
        {"$[99999999999]", "\"$[99999999999]\", character 3: a number, a name in quotes or * is "
                           "expected"},
        {"$..a..b..c", "\"$..a..b..c\", character 11: two .. are the most"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CHECK_TEXT(tskl_slice_of(rows[i].told), found(t, rows[i].path));
    }
}
