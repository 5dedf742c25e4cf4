// SPDX-License-Identifier: Apache-2.0
#include "case/compare.h"
#include "base/json_writer.h"
#include "case/claims.h"

enum { VALUE_ROOM = 256 * 1024 };

/** A record or its captures as a list of names and values. */
typedef struct rows {
    tskl_difference *items; // the value in `expected`
    size_t count, room;
    tskl_arena *arena;
    bool failed;
} rows;

// What two runs need not agree on: DESIGN calls the rest the stable record.
static bool is_left_out(tskl_slice name) {
    static const char *const names[] = {"id",    "time",    "duration_ms", "first_byte_ms",
                                        "first", "wait_ms", "client",      "pid"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        if (tskl_slice_equal(name, tskl_slice_of(names[i]))) return true;
    return false;
}

static void add_stable_pack(tskl_buf *json, const tskl_json *pack) {
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
    for (const tskl_json *member = pack->first; member; member = member->next) {
        if (tskl_slice_equal(member->key, TSKL_S("us"))) continue;
        tskl_json_add_key(json, member->key);
        tskl_json_add_value(json, member);
    }
    tskl_buf_byte(json, '}');
}

static void add_stable_packs(tskl_buf *json, const tskl_json *packs) {
    tskl_buf_byte(json, '[');
    for (const tskl_json *pack = packs->first; pack; pack = pack->next) add_stable_pack(json, pack);
    tskl_buf_byte(json, ']');
}

static tskl_slice value_text(const tskl_json *value, tskl_arena *arena) {
    tskl_buf json;
    tskl_slice text = {NULL, 0};
    tskl_buf_init(&json, VALUE_ROOM);
    if (tskl_slice_equal(value->key, TSKL_S("packs")) && value->kind == TSKL_JSON_ARRAY)
        add_stable_packs(&json, value);
    else
        tskl_json_add_value(&json, value);
    if (!json.failed) (void)tskl_arena_copy(arena, tskl_buf_slice(&json), &text);
    tskl_buf_deinit(&json);
    return text;
}

static void add_row(rows *list, const tskl_json *value) {
    if (list->count == list->room) return;
    tskl_slice text = value_text(value, list->arena);
    list->failed = list->failed || text.len == 0;
    list->items[list->count++] = (tskl_difference){.name = value->key, .expected = text};
}

static void add_members(rows *list, const tskl_json *object) {
    for (const tskl_json *member = object ? object->first : NULL; member; member = member->next)
        add_row(list, member);
}

static void add_record(rows *list, const tskl_json *record) {
    for (const tskl_json *member = record->first; member; member = member->next) {
        if (is_left_out(member->key)) continue;
        if (tskl_slice_equal(member->key, TSKL_S("captures")))
            add_members(list, member);
        else
            add_row(list, member);
    }
}

// Where only captures are expected, a Pack that failed may not hide behind the others.
static void add_failed_runs(rows *list, const tskl_json *record) {
    const tskl_json *packs = tskl_json_get(record, TSKL_S("packs"));
    for (const tskl_json *pack = packs ? packs->first : NULL; pack; pack = pack->next) {
        if (!tskl_json_get(pack, TSKL_S("result")) || list->count == list->room) continue;
        add_row(list, pack);
        list->items[list->count - 1].name = TSKL_S("packs");
    }
}

static size_t count_of(const tskl_json *object) {
    const tskl_json *captures = tskl_json_get(object, TSKL_S("captures"));
    const tskl_json *packs = tskl_json_get(object, TSKL_S("packs"));
    return (object ? object->count : 0) + (captures ? captures->count : 0) +
           (packs ? packs->count : 0);
}

static bool make_rows(rows *list, size_t room, tskl_arena *arena) {
    *list = (rows){
        .items = tskl_arena_array(arena, tskl_difference, room), .room = room, .arena = arena};
    return list->items != NULL;
}

static tskl_difference *find(const rows *list, tskl_slice name) {
    for (size_t i = 0; i < list->count; i++)
        if (tskl_slice_equal(list->items[i].name, name)) return &list->items[i];
    return NULL;
}

static void add_difference(tskl_differences *out, tskl_slice name, tskl_slice expected,
                           tskl_slice got) {
    out->items[out->count++] = (tskl_difference){name, expected, got};
}

// The first place where the same names stand in another order.
static void compare_order(const rows *expected, const rows *got, tskl_differences *out) {
    for (size_t i = 0; i < expected->count; i++) {
        tskl_slice wanted = expected->items[i].name, found = got->items[i].name;
        if (tskl_slice_equal(wanted, found)) continue;
        add_difference(out, TSKL_S("order"), wanted, found);
        return;
    }
}

static void compare_rows(const rows *expected, const rows *got, tskl_differences *out) {
    for (size_t i = 0; i < expected->count; i++) {
        const tskl_difference *row = &expected->items[i], *other = find(got, row->name);
        tskl_slice found = other ? other->expected : (tskl_slice){NULL, 0};
        if (!tskl_slice_equal(row->expected, found))
            add_difference(out, row->name, row->expected, found);
    }
    for (size_t i = 0; i < got->count; i++)
        if (!find(expected, got->items[i].name))
            add_difference(out, got->items[i].name, (tskl_slice){NULL, 0}, got->items[i].expected);
    if (out->count == 0) compare_order(expected, got, out);
}

static tskl_status compare_claims(const tskl_json *claims, const tskl_json *record,
                                  tskl_arena *arena, tskl_differences *out, tskl_error *err) {
    for (const tskl_json *claim = claims ? claims->first : NULL; claim; claim = claim->next) {
        tskl_slice got;
        bool failed;
        bool holds = tskl_claim_holds(claim, record, arena, &got, &failed);
        if (failed) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a comparison");
        if (!holds) add_difference(out, claim->key, value_text(claim, arena), got);
    }
    return TSKL_OK;
}

tskl_status tskl_compare(const tskl_case *story, tskl_slice line, tskl_arena *arena,
                         tskl_differences *out, tskl_error *err) {
    const tskl_json *record, *wanted = story->record ? story->record : story->captures;
    rows expected, got;
    *out = (tskl_differences){0};
    TSKL_TRY(tskl_json_parse(line, arena, &record, err));
    size_t most = count_of(wanted) + count_of(record);
    size_t claims = story->paths ? story->paths->count : 0;
    out->items = tskl_arena_array(arena, tskl_difference, most + claims + 1);
    if (!out->items || !make_rows(&expected, most, arena) || !make_rows(&got, most, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a comparison");
    if (story->record) {
        add_record(&expected, wanted);
        add_record(&got, record);
    } else {
        add_members(&expected, wanted);
        if (wanted) add_members(&got, tskl_json_get(record, TSKL_S("captures")));
        if (wanted || !tskl_claims_name_packs(story->paths)) add_failed_runs(&got, record);
    }
    if (expected.failed || got.failed)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a comparison");
    compare_rows(&expected, &got, out);
    return compare_claims(story->paths, record, arena, out, err);
}
