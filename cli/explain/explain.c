// SPDX-License-Identifier: Apache-2.0
#include "explain/explain.h"
#include "base/alloc.h"
#include "explain/candidates.h"
#include "explain/marks.h"
#include "explain/own_words.h"
#include "output/group.h"
#include "recording/report.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { LINE_ROOM = 128 * 1024, WAIT_MS = 30 * 1000 };

struct tskl_explainer {
    tskl_mask_rules mask;
    tskl_observer *observer;
    int nowhere; // where the observer writes its records: only the callback counts
    tskl_buf line;
    tskl_candidates candidates;
};

static void take_record(void *user, tskl_slice line) {
    tskl_explainer *explainer = user;
    tskl_buf_clear(&explainer->line);
    tskl_buf_add(&explainer->line, line);
}

static tskl_status open_observer(tskl_explainer *explainer, tskl_error *err) {
    char outputs[32];
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    explainer->nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (explainer->nowhere < 0) return tskl_fail(err, TSKL_ERR_IO, "/dev/null cannot be opened");
    snprintf(outputs, sizeof outputs, "fd:%d", explainer->nowhere);
    options.outputs = outputs;
    options.client = "explain/" TSKL_VERSION;
    options.on_record = take_record;
    options.user = explainer;
    return tskl_observer_open(&options, &explainer->observer, err);
}

tskl_status tskl_explainer_open(const tskl_config *config, tskl_explainer **out, tskl_error *err) {
    tskl_explainer *explainer = *out = tskl_new(tskl_explainer);
    if (!explainer) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the Packs");
    explainer->nowhere = -1;
    explainer->mask = config->mask;
    explainer->mask.values = config->secrets.items;
    explainer->mask.value_count = config->secrets.count;
    tskl_buf_init(&explainer->line, LINE_ROOM);
    tskl_status status = tskl_candidates_fill(&explainer->candidates, config, err);
    if (status == TSKL_OK) status = open_observer(explainer, err);
    if (status == TSKL_OK) return TSKL_OK;
    tskl_explainer_close(explainer);
    *out = NULL;
    return status;
}

void tskl_explainer_close(tskl_explainer *explainer) {
    if (!explainer) return;
    tskl_observer_close(explainer->observer, 0);
    if (explainer->nowhere >= 0) close(explainer->nowhere);
    tskl_buf_deinit(&explainer->line);
    tskl_candidates_deinit(&explainer->candidates);
    tskl_free(explainer);
}

tskl_slice tskl_explainer_host(const tskl_explainer *explainer, tskl_slice pack) {
    for (size_t i = 0; i < explainer->candidates.count; i++)
        if (tskl_slice_equal(explainer->candidates.items[i].name, pack))
            return explainer->candidates.items[i].host;
    return (tskl_slice){NULL, 0};
}

// Runs the Packs over the call as if it had gone to `url`.
static tskl_status run_packs(tskl_explainer *explainer, const tskl_call *call, tskl_slice url,
                             tskl_arena *arena, tskl_explanation *out, tskl_error *err) {
    tskl_call there = *call;
    tskl_read_record *read;
    *out = (tskl_explanation){0};
    there.url = url;
    if (there.method.len == 0) there.method = TSKL_S("GET");
    tskl_buf_clear(&explainer->line);
    if (!tskl_call_report(&there, explainer->observer)) return TSKL_OK;
    TSKL_TRY(tskl_observer_flush(explainer->observer, WAIT_MS, NULL, err));
    if (!tskl_arena_copy(arena, tskl_buf_slice(&explainer->line), &out->line))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a record");
    TSKL_TRY(tskl_record_read(out->line, arena, &read, err));
    out->read = read;
    out->failed = tskl_record_failed(&read->record);
    out->timed = call->start_us > 0;
    return TSKL_OK;
}

// How much the Pack `name` says of why the call failed: 0 where it does not.
static size_t explains(const tskl_explanation *e, tskl_slice name) {
    tskl_group group;
    for (size_t at = 0; e->read && tskl_group_next(&e->read->captures, &at, &group);)
        if (tskl_slice_equal(group.items[0].pack, name))
            return tskl_group_explains(&group) ? group.count : 0;
    return 0;
}

static tskl_slice first_that_explains(const tskl_explanation *e) {
    tskl_group group;
    for (size_t at = 0; e->read && tskl_group_next(&e->read->captures, &at, &group);)
        if (tskl_group_explains(&group)) return group.items[0].pack;
    return (tskl_slice){NULL, 0};
}

static tskl_slice path_of(tskl_slice url) {
    size_t scheme = tskl_slice_search(url, TSKL_S("://"));
    if (scheme != SIZE_MAX) url = tskl_slice_from(url, scheme + 3);
    size_t slash = tskl_slice_find(url, '/');
    return slash == SIZE_MAX ? TSKL_S("/") : tskl_slice_from(url, slash);
}

static const tskl_json *body_of(const tskl_call *call, tskl_arena *arena) {
    const tskl_json *body;
    if (call->part_count == 0 ||
        tskl_json_parse(call->parts[0].bytes, arena, &body, NULL) != TSKL_OK)
        return NULL;
    return body;
}

static void note_possible(tskl_explanation *e, tskl_slice name, tskl_arena *arena) {
    e->could_be =
        tskl_slice_of(tskl_arena_printf(arena, TSKL_FMT "%s" TSKL_FMT, TSKL_ARG(e->could_be),
                                        e->could_be.len ? ", " : "", TSKL_ARG(name)));
}

// Tries each service in turn. Only the answer's own marks make it that service's: many services
// answer in one shape, and a wrong guess is worse than none.
static tskl_status guess(tskl_explainer *explainer, const tskl_call *call, tskl_arena *arena,
                         tskl_explanation *out, tskl_error *err) {
    const tskl_json *body = body_of(call, arena);
    tskl_slice path = path_of(call->url);
    size_t best = 0;
    for (size_t i = 0; i < explainer->candidates.count; i++) {
        const tskl_candidate *c = &explainer->candidates.items[i];
        tskl_explanation tried;
        size_t marks = tskl_marks_count(&c->marks, call, body);
        const char *url = tskl_arena_printf(arena, "https://" TSKL_FMT TSKL_FMT, TSKL_ARG(c->host),
                                            TSKL_ARG(path));
        if (!url) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a URL");
        TSKL_TRY(run_packs(explainer, call, tskl_slice_of(url), arena, &tried, err));
        size_t score = explains(&tried, c->name);
        if (score && marks == 0) note_possible(out, c->name, arena);
        score = score && marks ? marks * 1000 + score : 0;
        if (score <= best) continue;
        best = score;
        tried.service = c->name;
        tried.guessed = true;
        *out = tried;
    }
    return TSKL_OK;
}

// Puts a capture behind the last one of its Pack. False: no memory.
static bool insert(tskl_captures *captures, tskl_capture capture, tskl_arena *arena) {
    tskl_capture *items = tskl_arena_array(arena, tskl_capture, captures->count + 1);
    size_t end = captures->count;
    if (!items) return false;
    while (end > 0 && !tskl_slice_equal(captures->items[end - 1].pack, capture.pack)) end--;
    memcpy(items, captures->items, end * sizeof *items);
    memcpy(items + end + 1, captures->items + end, (captures->count - end) * sizeof *items);
    items[end] = capture;
    captures->items = items;
    captures->count++;
    return true;
}

// Packs leave messages out unless told otherwise, as they may hold what customers typed. Here the
// person has the answer on the screen: its own words may be shown, but for the secrets in them, as
// what is shown is pasted on.
static tskl_status add_message(const tskl_explainer *explainer, const tskl_call *call,
                               tskl_arena *arena, tskl_explanation *e, tskl_error *err) {
    static const tskl_slice name = {"error.message", 13};
    tskl_captures *captures = &e->read->captures;
    tskl_capture message = {e->service, name, TSKL_JSON_STRING, {NULL, 0}};
    for (size_t i = 0; i < captures->count; i++)
        if (tskl_slice_equal(captures->items[i].pack, e->service) &&
            tskl_slice_equal(captures->items[i].name, name))
            return TSKL_OK;
    TSKL_TRY(tskl_own_words(call, &explainer->mask, arena, &message.text, err));
    if (message.text.len == 0 || insert(captures, message, arena)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (explaining a call)");
}

static tskl_status find_service(tskl_explainer *explainer, const tskl_call *call, tskl_arena *arena,
                                tskl_explanation *out, tskl_error *err) {
    // A name that no Pack can be for.
    tskl_slice url = call->url.len ? call->url : TSKL_S("https://unknown.invalid/");
    TSKL_TRY(run_packs(explainer, call, url, arena, out, err));
    if (!out->read) return TSKL_OK;
    tskl_slice shown = call->url.len ? out->read->view.url : call->url;
    out->service = first_that_explains(out);
    bool fine = call->url.len && !out->failed;
    tskl_status status = TSKL_OK;
    if (out->service.len == 0 && !fine) status = guess(explainer, call, arena, out, err);
    out->url = shown;
    return status;
}

tskl_status tskl_explain(tskl_explainer *explainer, const tskl_call *call, tskl_arena *arena,
                         tskl_explanation *out, tskl_error *err) {
    TSKL_TRY(find_service(explainer, call, arena, out, err));
    return out->service.len ? add_message(explainer, call, arena, out, err) : TSKL_OK;
}

void tskl_explain_record(const tskl_item *item, tskl_explanation *out) {
    *out = (tskl_explanation){.read = item->record, .line = item->line};
    out->url = item->record->view.url;
    out->service = first_that_explains(out);
    out->failed = tskl_record_failed(&item->record->record);
    out->timed = item->record->exchange.start_us > 0;
}
