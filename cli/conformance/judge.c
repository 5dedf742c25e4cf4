// SPDX-License-Identifier: Apache-2.0
#include "conformance/judge.h"

enum { LINE_ROOM = 1024 * 1024 };

/** A line of the client, and whose record it is. */
typedef struct found {
    tskl_slice line, mark;
} found;

static tskl_status read_found(tskl_plan *plan, tskl_slice records, found **out, size_t *count,
                              tskl_error *err) {
    *count = 0;
    *out = tskl_arena_array(&plan->arena, found, tskl_slice_count(records, '\n') + 2);
    if (!*out) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the records");
    while (records.len) {
        const tskl_json *record;
        found *one = &(*out)[*count];
        one->line = tskl_slice_line(&records);
        // What cannot be read is nobody's, and so it is missing.
        if (tskl_json_parse(one->line, &plan->arena, &record, NULL) != TSKL_OK) continue;
        one->mark =
            tskl_json_get_string(tskl_json_get(record, TSKL_S("captures")), TSKL_S("witness/case"));
        // A call that no Pack looks at is known by its URL.
        if (one->mark.len == 0) one->mark = tskl_json_get_string(record, TSKL_S("url"));
        (*count)++;
    }
    return TSKL_OK;
}

static bool is_of(const found *one, const tskl_story *story) {
    return tskl_slice_equal(one->mark, story->mark) ||
           tskl_slice_equal(one->mark, story->told.call.url);
}

static tskl_slice find(const found *all, size_t count, const tskl_story *story, size_t nth) {
    for (size_t i = 0; i < count; i++)
        if (is_of(&all[i], story) && nth-- == 0) return all[i].line;
    return (tskl_slice){NULL, 0};
}

static void replace(tskl_buf *line, tskl_slice from, tskl_slice what, const char *with) {
    tskl_buf_clear(line);
    while (what.len > 2 && from.len) {
        size_t at = tskl_slice_search(from, what);
        if (at == SIZE_MAX) break;
        tskl_buf_add(line, tskl_slice_first(from, at));
        tskl_buf_add(line, tskl_slice_of(with));
        from = tskl_slice_from(from, at + what.len);
    }
    tskl_buf_add(line, from);
}

/** The error of a record, if there is one; texts are as written, with their quotes. */
typedef struct said {
    tskl_slice kind, code, message;
} said;

static tskl_status read_said(tskl_slice line, tskl_arena *arena, said *out, tskl_error *err) {
    const tskl_json *record;
    TSKL_TRY(tskl_json_parse(line, arena, &record, err));
    const tskl_json *error = tskl_json_get(record, TSKL_S("error"));
    const tskl_json *code = tskl_json_get(error, TSKL_S("code"));
    const tskl_json *message = tskl_json_get(error, TSKL_S("message"));
    *out = (said){.kind = tskl_json_get_string(error, TSKL_S("kind"))};
    if (code) out->code = code->raw;
    if (message) out->message = message->raw;
    return TSKL_OK;
}

// What every client calls by the same name; other codes are its runtime's own.
static bool is_of_system(tskl_slice code) {
    static const char *const codes[] = {"\"ECONNREFUSED\"", "\"ECONNRESET\"", "\"ENOTFOUND\"",
                                        "\"ETIMEDOUT\""};
    for (size_t i = 0; i < TSKL_COUNT(codes); i++)
        if (tskl_slice_equal(code, tskl_slice_of(codes[i]))) return true;
    return false;
}

static bool replace_in(tskl_slice *line, tskl_slice what, const char *with, tskl_arena *arena) {
    tskl_buf text;
    tskl_buf_init(&text, LINE_ROOM);
    replace(&text, *line, what, with);
    bool made = !text.failed && tskl_arena_copy(arena, tskl_buf_slice(&text), line);
    tskl_buf_deinit(&text);
    return made;
}

static bool is_never_sent(tskl_slice kind) {
    return tskl_slice_equal(kind, TSKL_S("dns")) || tskl_slice_equal(kind, TSKL_S("connect")) ||
           tskl_slice_equal(kind, TSKL_S("tls"));
}

// Not every library knows of a request that was never sent how long it would have been.
static bool leave_out_length(tskl_slice *line, tskl_arena *arena) {
    static const tskl_slice name = TSKL_LIT("content-length: ");
    size_t at = tskl_slice_search(*line, name);
    if (at == SIZE_MAX) return true;
    tskl_slice length = tskl_slice_from(*line, at);
    size_t end = tskl_slice_search(length, TSKL_S("; "));
    return end == SIZE_MAX || end > name.len + 20 ||
           replace_in(line, tskl_slice_first(length, end + 2), "", arena);
}

// Each client has words of its own for what went wrong, which Packs may repeat.
static tskl_status without_words(tskl_slice line, const said *own, const said *other,
                                 tskl_arena *arena, tskl_slice *out, tskl_error *err) {
    bool own_code = tskl_slice_equal(own->kind, other->kind) &&
                    !(is_of_system(own->code) && is_of_system(other->code));
    *out = line;
    if (replace_in(out, own->message, "\"(its words)\"", arena) &&
        (!own_code || replace_in(out, own->code, "\"(its code)\"", arena)) &&
        (!is_never_sent(own->kind) || leave_out_length(out, arena)))
        return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a record");
}

// The record as a whole is what differs.
static tskl_status differ(tskl_check_result *result, tskl_slice expected, tskl_slice got,
                          tskl_arena *arena, tskl_error *err) {
    tskl_difference *one = tskl_arena_new(arena, tskl_difference);
    if (!one) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a comparison");
    *one = (tskl_difference){TSKL_S("record"), expected, got};
    result->differences = (tskl_differences){one, 1};
    return TSKL_OK;
}

static tskl_status compare(const tskl_awaited *awaited, tskl_slice line, tskl_arena *arena,
                           tskl_check_result *result, tskl_error *err) {
    tskl_slice expected, got;
    tskl_case as_expected = {0};
    if (line.len == 0) return differ(result, TSKL_S("\"one\""), TSKL_S(""), arena, err);
    said told, heard;
    TSKL_TRY(read_said(awaited->line, arena, &told, err));
    TSKL_TRY(read_said(line, arena, &heard, err));
    TSKL_TRY(without_words(awaited->line, &told, &heard, arena, &expected, err));
    TSKL_TRY(without_words(line, &heard, &told, arena, &got, err));
    TSKL_TRY(tskl_json_parse(expected, arena, &as_expected.record, err));
    TSKL_TRY(tskl_compare(&as_expected, got, arena, &result->differences, err));
    if (result->differences.count == 0 && !tskl_slice_equal(expected, got))
        return differ(result, expected, got, arena, err);
    return TSKL_OK;
}

static tskl_status judge(const tskl_plan *plan, const tskl_awaited *awaited, const found *all,
                         size_t count, tskl_check_report *report, tskl_error *err) {
    const tskl_story *story = &plan->stories[awaited->story];
    tskl_arena arena = {0};
    tskl_check_result result = {
        .path = story->path, .name = story->name, .about = story->told.about};
    tskl_slice line = find(all, count, story, awaited->nth);
    tskl_status status = compare(awaited, line, &arena, &result, err);
    if (status == TSKL_OK) tskl_check_report_add(report, &result);
    tskl_arena_reset(&arena);
    return status;
}

static bool is_awaited(const tskl_plan *plan, size_t group, const found *one) {
    for (size_t i = 0; i < plan->awaited_count; i++) {
        const tskl_story *story = &plan->stories[plan->awaited[i].story];
        if (story->group == group && is_of(one, story)) return true;
    }
    return false;
}

static size_t count_awaited(const tskl_plan *plan, size_t group) {
    size_t count = 0;
    for (size_t i = 0; i < plan->awaited_count; i++)
        count += plan->stories[plan->awaited[i].story].group == group;
    return count;
}

// A call seen twice, or one that nobody asked for.
static void add_too_many(const tskl_plan *plan, size_t group, const found *all, size_t count,
                         tskl_check_report *report) {
    size_t awaited = count_awaited(plan, group), known = 0;
    for (size_t i = 0; i < count; i++) known += is_awaited(plan, group, &all[i]);
    if (count <= awaited && known == count) return;
    tskl_check_result result = {.path = "all of them", .name = TSKL_S("records")};
    tskl_difference more = {TSKL_S("record"), TSKL_S(""), TSKL_S("\"of no case's call\"")};
    if (known == count) more.got = TSKL_S("\"of a call that was seen twice\"");
    result.differences = (tskl_differences){&more, 1};
    tskl_check_report_add(report, &result);
}

tskl_status tskl_judge_group(tskl_plan *plan, size_t group, tskl_slice records,
                             tskl_check_report *report, tskl_error *err) {
    found *all;
    size_t count;
    TSKL_TRY(read_found(plan, records, &all, &count, err));
    for (size_t i = 0; i < plan->awaited_count; i++)
        if (plan->stories[plan->awaited[i].story].group == group)
            TSKL_TRY(judge(plan, &plan->awaited[i], all, count, report, err));
    add_too_many(plan, group, all, count, report);
    return TSKL_OK;
}
