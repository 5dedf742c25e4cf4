// SPDX-License-Identifier: Apache-2.0
#include "recording/record_reader.h"
#include "base/clock.h"
#include "exchange/url.h"
#include "output/group.h"
#include "recording/har_fields.h"

static tskl_slice text_of(const tskl_json *object, const char *name) {
    return tskl_json_get_string(object, tskl_slice_of(name));
}

static tskl_ending ending_of(tskl_slice text) {
    if (tskl_slice_equal(text, TSKL_S("aborted"))) return TSKL_ABORTED;
    return tskl_slice_equal(text, TSKL_S("failed")) ? TSKL_FAILED : TSKL_DONE;
}

static const tskl_json *member(const tskl_read_record *r, const char *name) {
    return tskl_json_get(r->tree, tskl_slice_of(name));
}

static uint64_t count_of(const tskl_json *value) {
    int64_t count;
    return tskl_json_to_i64(value, &count) && count > 0 ? (uint64_t)count : 0;
}

static int64_t us_of(const tskl_json *ms) {
    double number;
    bool known = tskl_json_to_double(ms, &number) && number > 0;
    if (known && number > TSKL_HAR_LONGEST_MS) number = TSKL_HAR_LONGEST_MS;
    return known ? (int64_t)(number * 1000 + 0.5) : 0;
}

static void read_times(tskl_read_record *r) {
    char time[64];
    tskl_exchange *exchange = &r->exchange;
    if (tskl_slice_to_cstr(text_of(r->tree, "time"), time, sizeof time))
        (void)tskl_clock_from_iso(time, &exchange->start_us);
    exchange->end_us = exchange->start_us + us_of(member(r, "duration_ms"));
    if (exchange->status)
        exchange->first_byte_us = exchange->start_us + us_of(member(r, "first_byte_ms"));
}

static bool lists(const tskl_json *list, const char *word) {
    for (const tskl_json *item = list ? list->first : NULL; item; item = item->next)
        if (tskl_slice_equal(item->text, tskl_slice_of(word))) return true;
    return false;
}

static void read_sizes(tskl_read_record *r) {
    const tskl_json *truncated = member(r, "truncated");
    r->view.request.passed = count_of(member(r, "sent"));
    r->view.response.passed = count_of(member(r, "received"));
    r->view.request.truncated = lists(truncated, "request");
    r->view.response.truncated = lists(truncated, "response");
    // Only a body that some Pack wanted is said to be cut.
    r->exchange.pack_wants = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY;
}

static void read_url(tskl_view *view) {
    tskl_url url = tskl_url_parse(view->url);
    view->scheme = url.scheme;
    view->host = url.host;
    view->port = url.port;
    view->path = url.path.len ? url.path : TSKL_S("/");
}

static void read_call(tskl_read_record *r) {
    int64_t status;
    const tskl_json *error = member(r, "error"), *trace = member(r, "trace");
    if (tskl_json_to_i64(member(r, "status"), &status) && status > 0 && status < 1000)
        r->exchange.status = (int)status;
    r->exchange.ending = ending_of(text_of(r->tree, "ending"));
    (void)tskl_uuid_parse(text_of(r->tree, "id"), &r->exchange.id);
    r->view = (tskl_view){.exchange = &r->exchange,
                          .method = text_of(r->tree, "method"),
                          .url = text_of(r->tree, "url"),
                          .error_kind = text_of(error, "kind"),
                          .error_code = text_of(error, "code"),
                          .error_message = text_of(error, "message"),
                          .trace_id = text_of(trace, "id"),
                          .span_id = text_of(trace, "span")};
    read_times(r);
    read_sizes(r);
    read_url(&r->view);
}

static void read_rest(tskl_read_record *r) {
    tskl_record *record = &r->record;
    double sample;
    record->sample = tskl_json_to_double(member(r, "sample"), &sample) && sample > 0 ? sample : 1;
    record->varying = tskl_json_is_true(member(r, "varying"));
    record->attempt = (uint32_t)count_of(member(r, "attempt"));
    record->first = text_of(r->tree, "first");
    record->wait_ms = (int64_t)count_of(member(r, "wait_ms"));
    record->client = text_of(r->tree, "client");
    record->pid = (int64_t)count_of(member(r, "pid"));
    r->captures.withheld = (size_t)count_of(member(r, "withheld"));
}

static bool read_captures(tskl_read_record *r, tskl_arena *arena) {
    const tskl_json *captures = member(r, "captures");
    if (!captures || captures->kind != TSKL_JSON_OBJECT) return true;
    r->captures.items = tskl_arena_array(arena, tskl_capture, captures->count);
    if (!r->captures.items) return false;
    for (const tskl_json *value = captures->first; value; value = value->next) {
        tskl_slice name = value->key, pack = tskl_slice_split(&name, '/');
        r->captures.items[r->captures.count++] =
            (tskl_capture){.pack = pack, .name = name, .kind = value->kind, .text = value->text};
    }
    return true;
}

static tskl_result result_of(tskl_slice text) {
    for (int i = TSKL_RESULT_ok; i <= TSKL_RESULT_unavailable; i++)
        if (tskl_slice_equal(text, tskl_slice_of(tskl_result_text((tskl_result)i))))
            return (tskl_result)i;
    return TSKL_RESULT_ok;
}

// One of the words that are there; else NULL.
static const char *hook_of(tskl_slice text) {
    static const char *const hooks[] = {"pre", "chunk", "post"};
    for (size_t i = 0; i < TSKL_COUNT(hooks); i++)
        if (tskl_slice_equal(text, tskl_slice_of(hooks[i]))) return hooks[i];
    return NULL;
}

static bool read_runs(tskl_read_record *r, tskl_arena *arena) {
    const tskl_json *packs = member(r, "packs");
    if (!packs || packs->kind != TSKL_JSON_ARRAY) return true;
    tskl_pack_run *runs = tskl_arena_array(arena, tskl_pack_run, packs->count);
    if (!runs) return false;
    for (const tskl_json *pack = packs->first; pack; pack = pack->next)
        runs[r->record.run_count++] =
            (tskl_pack_run){.name = text_of(pack, "name"),
                            .version = text_of(pack, "version"),
                            .hook = hook_of(text_of(pack, "hook")),
                            .result = result_of(text_of(pack, "result")),
                            .detail = text_of(pack, "detail"),
                            .us = (int64_t)count_of(tskl_json_get(pack, TSKL_S("us")))};
    r->record.runs = runs;
    return true;
}

bool tskl_record_is(const tskl_json *value) {
    int64_t version;
    return tskl_json_to_i64(tskl_json_get(value, TSKL_S("v")), &version) &&
           text_of(value, "ending").len > 0 && text_of(value, "url").len > 0;
}

tskl_status tskl_record_from(const tskl_json *tree, tskl_arena *arena, tskl_read_record **out,
                             tskl_error *err) {
    *out = NULL;
    tskl_read_record *r = tskl_arena_new(arena, tskl_read_record);
    if (!r) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading a record)");
    r->tree = tree;
    read_call(r);
    read_rest(r);
    r->view.arena = arena;
    r->record.view = &r->view;
    r->record.captures = &r->captures;
    if (!read_captures(r, arena) || !read_runs(r, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading a record)");
    *out = r;
    return TSKL_OK;
}

tskl_status tskl_record_read(tskl_slice line, tskl_arena *arena, tskl_read_record **out,
                             tskl_error *err) {
    const tskl_json *tree;
    *out = NULL;
    TSKL_TRY(tskl_json_parse(line, arena, &tree, err));
    return tskl_record_from(tree, arena, out, err);
}
