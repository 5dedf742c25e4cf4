// SPDX-License-Identifier: Apache-2.0
#include "case/case_writer.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "case/case.h"
#include "case/json_pretty.h"
#include "exchange/url.h"
#include <stdio.h>

enum { NAME_MAX_BYTES = 60, PATH_SHOWN = 80 };

/** Whose text shows how the call ended. */
static const char *const endings[] = {
    [TSKL_DONE] = "done", [TSKL_ABORTED] = "aborted", [TSKL_FAILED] = "failed"};

static void add_text(tskl_buf *json, const char *name, tskl_slice text) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, text);
}

// What the wire needed to carry a body that stands here as it was meant.
static bool is_of_wire(tskl_slice name) {
    static const char *const names[] = {"content-length", "content-encoding", "transfer-encoding",
                                        "connection",     "keep-alive",       "host"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        if (tskl_slice_equal_nocase(name, tskl_slice_of(names[i]))) return true;
    return false;
}

// The next header that is kept; false at the end.
static bool next_header(tskl_slice *lines, tskl_slice *name, tskl_slice *value) {
    while (lines->len) {
        *value = tskl_slice_line(lines);
        *name = tskl_slice_split(value, ':');
        *value = tskl_slice_trim(*value);
        if (name->len && !is_of_wire(*name)) return true;
    }
    return false;
}

static bool has_name_twice(tskl_slice lines) {
    tskl_slice name, value, other, ignored;
    while (next_header(&lines, &name, &value))
        for (tskl_slice rest = lines; next_header(&rest, &other, &ignored);)
            if (tskl_slice_equal_nocase(name, other)) return true;
    return false;
}

static void add_headers(tskl_buf *json, tskl_slice lines) {
    tskl_slice name, value, rest = lines;
    bool list = has_name_twice(lines);
    if (!next_header(&rest, &name, &value)) return;
    tskl_json_add_key(json, TSKL_S("headers"));
    tskl_buf_byte(json, list ? '[' : '{');
    while (next_header(&lines, &name, &value)) {
        tskl_json_add_comma(json);
        if (list) tskl_buf_byte(json, '[');
        tskl_json_add_string(json, name);
        tskl_buf_byte(json, list ? ',' : ':');
        tskl_json_add_string(json, value);
        if (list) tskl_buf_byte(json, ']');
    }
    tskl_buf_byte(json, list ? ']' : '}');
}

// A string, or its bytes as base64 where it is no text.
static void add_bytes(tskl_buf *json, tskl_slice bytes) {
    if (tskl_utf8_valid(bytes)) {
        tskl_json_add_string(json, bytes);
        return;
    }
    tskl_buf_add(json, TSKL_S("{\"base64\":\""));
    tskl_base64_add(json, bytes);
    tskl_buf_add(json, TSKL_S("\"}"));
}

// An object that a reader of cases takes for itself, and not for something that it names.
static bool reads_as_itself(const tskl_json *value) {
    bool container = value->kind == TSKL_JSON_OBJECT || value->kind == TSKL_JSON_ARRAY;
    if (value->kind != TSKL_JSON_OBJECT || value->count != 1) return container;
    return !tskl_json_get(value, TSKL_S("base64")) && !tskl_json_get(value, TSKL_S("chunks"));
}

// Numbers are written anew in their shortest form: "2.50" would become another body.
static bool keeps_numbers(const tskl_json *value) {
    char room[64];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    if (value->kind == TSKL_JSON_NUMBER) {
        tskl_json_add_value(&text, value);
        return !text.failed && tskl_slice_equal(tskl_buf_slice(&text), value->text);
    }
    for (const tskl_json *member = value->first; member; member = member->next)
        if (!keeps_numbers(member)) return false;
    return true;
}

static void add_body(tskl_buf *json, tskl_slice body, tskl_arena *arena) {
    const tskl_json *value;
    tskl_json_add_key(json, TSKL_S("body"));
    if (tskl_json_parse(body, arena, &value, NULL) == TSKL_OK && reads_as_itself(value) &&
        tskl_place_refuse_twice(value, arena, NULL) == TSKL_OK && keeps_numbers(value))
        tskl_json_add_value(json, value);
    else
        add_bytes(json, body);
}

static void add_chunks(tskl_buf *json, const tskl_call *call) {
    tskl_json_add_key(json, TSKL_S("body"));
    tskl_buf_add(json, TSKL_S("{\"chunks\":["));
    for (size_t i = 0; i < call->part_count; i++) {
        tskl_json_add_comma(json);
        add_bytes(json, call->parts[i].bytes);
    }
    tskl_buf_add(json, TSKL_S("]}"));
}

static void add_ms(tskl_buf *json, const char *name, int64_t time_us) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_u64(json, (uint64_t)time_us / 1000);
    if (time_us % 1000) tskl_buf_printf(json, ".%03u", (unsigned)(time_us % 1000));
}

static void add_times(tskl_buf *json, const tskl_call *call) {
    if (call->start_us <= 0) return;
    tskl_json_add_key(json, TSKL_S("time"));
    tskl_buf_byte(json, '{');
    add_ms(json, "start", call->start_us);
    if (call->status) add_ms(json, "first_byte", call->first_byte_us);
    add_ms(json, "end", call->end_us);
    tskl_buf_byte(json, '}');
}

static void add_request(tskl_buf *json, const tskl_call *call, tskl_arena *arena) {
    tskl_json_add_key(json, TSKL_S("request"));
    tskl_buf_byte(json, '{');
    add_text(json, "method", call->method);
    add_text(json, "url", call->url);
    add_headers(json, call->request_headers);
    if (call->request_body.len) add_body(json, call->request_body, arena);
    tskl_buf_byte(json, '}');
}

static void add_response(tskl_buf *json, const tskl_call *call, tskl_arena *arena) {
    if (!call->status) return;
    tskl_json_add_key(json, TSKL_S("response"));
    tskl_buf_printf(json, "{\"status\":%d", call->status);
    add_headers(json, call->response_headers);
    if (call->part_count == 1) add_body(json, call->parts[0].bytes, arena);
    if (call->part_count > 1) add_chunks(json, call);
    tskl_buf_byte(json, '}');
}

static void add_end(tskl_buf *json, const tskl_call *call) {
    if (call->ending != TSKL_DONE) add_text(json, "ending", tskl_slice_of(endings[call->ending]));
    if (call->error_code.len + call->error_message.len == 0) return;
    tskl_json_add_key(json, TSKL_S("error"));
    tskl_buf_byte(json, '{');
    add_text(json, "code", call->error_code);
    add_text(json, "message", call->error_message);
    tskl_buf_byte(json, '}');
}

static tskl_slice path_of(const tskl_call *call) {
    tskl_slice path = tskl_url_parse(call->url).path;
    return path.len ? path : TSKL_S("/");
}

static void add_about(tskl_buf *json, const tskl_call *call, tskl_arena *arena) {
    const char *came =
        call->status ? tskl_arena_printf(arena, "status %d", call->status) : "no answer";
    const char *about = tskl_arena_printf(
        arena, "Recorded: " TSKL_FMT " " TSKL_FMT ", %s. Say here why, and what helps.",
        TSKL_ARG(call->method), TSKL_ARG(tskl_slice_first(path_of(call), PATH_SHOWN)),
        came ? came : "");
    add_text(json, "about", tskl_slice_of(about));
}

tskl_status tskl_case_write(const tskl_call *call, const tskl_json *captures, tskl_buf *out,
                            tskl_error *err) {
    tskl_arena arena = {0};
    tskl_buf json;
    const tskl_json *tree;
    tskl_buf_init(&json, TSKL_CASE_FILE_MAX);
    tskl_buf_byte(&json, '{');
    add_about(&json, call, &arena);
    add_times(&json, call);
    add_request(&json, call, &arena);
    add_response(&json, call, &arena);
    add_end(&json, call);
    tskl_buf_add(&json, TSKL_S(",\"expect\":{\"captures\":"));
    if (captures)
        tskl_json_add_value(&json, captures);
    else
        tskl_buf_add(&json, TSKL_S("{}"));
    tskl_buf_add(&json, TSKL_S("}}"));
    tskl_status status = json.failed ? tskl_fail(err, TSKL_ERR_LIMIT, "too large for a case")
                                     : tskl_json_parse(tskl_buf_slice(&json), &arena, &tree, err);
    if (status == TSKL_OK) tskl_json_add_pretty(out, tree);
    if (status == TSKL_OK && out->failed)
        status = tskl_fail(err, TSKL_ERR_LIMIT, "too large for a case");
    tskl_buf_deinit(&json);
    tskl_arena_reset(&arena);
    return status;
}

// Letters and digits, in lower case; whatever stands between them is one "_".
static void add_word(tskl_buf *name, tskl_slice text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (kept && name->len < NAME_MAX_BYTES)
            tskl_buf_byte(name, c);
        else if (name->len && name->ptr[name->len - 1] != '_')
            tskl_buf_byte(name, '_');
    }
}

const char *tskl_case_name_of(const tskl_call *call, tskl_arena *arena) {
    tskl_buf name;
    char status[16];
    tskl_buf_init(&name, 2 * NAME_MAX_BYTES);
    snprintf(status, sizeof status, "_%d", call->status);
    add_word(&name, call->method);
    add_word(&name, path_of(call));
    if (name.len && name.ptr[name.len - 1] == '_') tskl_buf_truncate(&name, name.len - 1);
    if (call->status)
        tskl_buf_add(&name, tskl_slice_of(status));
    else
        tskl_buf_add(&name, TSKL_S("_failed"));
    const char *made = name.failed ? NULL : tskl_arena_cstr(arena, tskl_buf_slice(&name));
    tskl_buf_deinit(&name);
    return made;
}
