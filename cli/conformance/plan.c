// SPDX-License-Identifier: Apache-2.0
#include "conformance/plan.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "input.h"
#include <stdio.h>

enum { KEY_ROOM = 1024 * 1024, TIMEOUT_MS = 400 };

// Every case is seen by these, in this order; what else it names comes behind them.
static const char *const always[] = {"core", "stripe", "openai", "witness"};

static const tskl_slice not_local = TSKL_LIT("needs TLS, which the project's own test has");
static const tskl_slice no_environment = TSKL_LIT("sets variables, which are the Packs' alone");

static bool is_always(tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(always); i++)
        if (tskl_slice_equal(name, tskl_slice_of(always[i]))) return true;
    return false;
}

static tskl_slice why_skipped(const tskl_case *told, const tskl_loopback *to) {
    if (told->environment && told->environment->count) return no_environment;
    bool tls =
        told->wire.fault == TSKL_FAULT_FOREIGN || tskl_slice_equal(told->wire.http, TSKL_S("2"));
    return to && tls ? not_local : told->wire.unmade;
}

// What follows the host, without a fragment: that is never sent.
static tskl_slice path_of(tskl_slice url) {
    size_t scheme = tskl_slice_search(url, TSKL_S("://"));
    if (scheme != SIZE_MAX) url = tskl_slice_from(url, scheme + 3);
    size_t at = 0;
    while (at < url.len && !strchr("/?#", url.ptr[at])) at++;
    url = tskl_slice_from(url, at);
    return tskl_slice_split(&url, '#');
}

static bool lead_to(tskl_case *told, const tskl_loopback *to, tskl_arena *arena) {
    tskl_slice path = path_of(told->call.url);
    bool refused = told->wire.fault == TSKL_FAULT_REFUSED;
    char *url = told->wire.fault == TSKL_FAULT_UNKNOWN
                    ? tskl_arena_printf(arena, "http://nowhere.invalid" TSKL_FMT, TSKL_ARG(path))
                    : tskl_arena_printf(arena, "http://127.0.0.1:%u" TSKL_FMT,
                                        refused ? to->closed_port : to->port, TSKL_ARG(path));
    told->call.url = tskl_slice_of(url);
    return url != NULL;
}

static bool names_header(tskl_slice lines, tskl_slice name) {
    while (lines.len) {
        tskl_slice line = tskl_slice_line(&lines);
        if (tskl_slice_equal_nocase(tskl_slice_split(&line, ':'), name)) return true;
    }
    return false;
}

static bool add_line(tskl_slice *lines, const char *name, tskl_slice value, tskl_arena *arena) {
    char *more = tskl_arena_printf(arena, "%s: " TSKL_FMT "\r\n", name, TSKL_ARG(value));
    size_t added = more ? strlen(more) : 0;
    char *room = more ? tskl_arena_take(arena, lines->len + added + 1) : NULL;
    if (!room) return false;
    if (lines->len) memcpy(room, lines->ptr, lines->len);
    memcpy(room + lines->len, more, added);
    *lines = tskl_slice_make(room, lines->len + added);
    return true;
}

static bool add_length(tskl_slice *lines, size_t length, tskl_arena *arena) {
    char digits[24];
    if (names_header(*lines, TSKL_S("content-length"))) return true;
    snprintf(digits, sizeof digits, "%zu", length);
    return add_line(lines, "content-length", tskl_slice_of(digits), arena);
}

static bool has_length(const tskl_case *told) {
    int status = told->call.status;
    return status >= 200 && status != 204 && status != 304 &&
           told->wire.framing == TSKL_FRAMED_BY_LENGTH && !told->wire.fault &&
           told->call.ending == TSKL_DONE && told->wire.http.ptr[0] == '1';
}

static size_t body_size(const tskl_call *call) {
    size_t size = 0;
    for (size_t i = 0; i < call->part_count; i++) size += call->parts[i].bytes.len;
    return size;
}

// What a call has on the wire besides what its case tells.
static bool complete(tskl_story *story, tskl_arena *arena) {
    tskl_call *call = &story->told.call;
    if (!add_line(&call->request_headers, "x-case", story->mark, arena)) return false;
    if (call->request_body.len && story->told.wire.http.ptr[0] == '1' &&
        !add_length(&call->request_headers, call->request_body.len, arena))
        return false;
    return !has_length(&story->told) || add_length(&call->response_headers, body_size(call), arena);
}

static tskl_status read_story(tskl_plan *plan, const tskl_case_file *file, const tskl_loopback *to,
                              tskl_error *err) {
    tskl_story *story = &plan->stories[plan->count++];
    tskl_slice text, stem = tskl_case_name(file->path);
    TSKL_TRY(tskl_input_file(file->path, TSKL_CASE_FILE_MAX, &plan->arena, &text, err));
    TSKL_TRY(tskl_case_read(file->path, text, &plan->arena, &story->told, err));
    // A folder of stories is no Pack, whatever it is called.
    bool of_pack = tskl_pack_list_find(&plan->packs, file->home) != NULL;
    char *name = of_pack ? tskl_arena_printf(&plan->arena, TSKL_FMT "/" TSKL_FMT,
                                             TSKL_ARG(file->home), TSKL_ARG(stem))
                         : tskl_arena_cstr(&plan->arena, stem);
    story->path = file->path;
    story->name = story->mark = tskl_slice_of(name);
    story->then = SIZE_MAX;
    story->skipped = why_skipped(&story->told, to);
    bool made = name && (!to || lead_to(&story->told, to, &plan->arena));
    return made ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for a case");
}

// A client that follows a redirect takes the first call's headers along.
static tskl_status join(tskl_plan *plan, tskl_story *story, tskl_error *err) {
    if (story->told.wire.then.len == 0) return TSKL_OK;
    for (size_t i = 0; i < plan->count; i++) {
        tskl_story *next = &plan->stories[i];
        if (!tskl_slice_equal(next->name, story->told.wire.then)) continue;
        story->then = i;
        next->follows = true;
        next->mark = story->name;
        return TSKL_OK;
    }
    return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: there is no case \"" TSKL_FMT "\"", story->path,
                     TSKL_ARG(story->told.wire.then));
}

static void add_key_part(tskl_buf *key, const tskl_json *value) {
    if (value) tskl_json_add_value(key, value);
    tskl_buf_byte(key, '\n');
}

// A network is whole for some stories and broken for others: tries of the one are none of the
// other.
static const char *network_of(const tskl_case *told) {
    switch (told->wire.fault) {
    case TSKL_FAULT_REFUSED: return "refused\n";
    case TSKL_FAULT_UNKNOWN: return "unknown\n";
    case TSKL_FAULT_RESET:
    case TSKL_FAULT_HANG_UP: return "reset\n";
    default: return "\n";
    }
}

// Equal for stories that one run of a program does for.
static bool make_key(const tskl_case *told, tskl_arena *arena, tskl_slice *out) {
    tskl_buf key;
    tskl_buf_init(&key, KEY_ROOM);
    tskl_buf_add(&key, tskl_slice_of(network_of(told)));
    add_key_part(&key, told->configuration);
    add_key_part(&key, told->hosts);
    add_key_part(&key, told->allow);
    for (size_t i = 0; i < told->packs.count; i++)
        if (!is_always(told->packs.items[i]))
            tskl_buf_printf(&key, TSKL_FMT "\n", TSKL_ARG(told->packs.items[i]));
    bool made = !key.failed && tskl_arena_copy(arena, tskl_buf_slice(&key), out);
    tskl_buf_deinit(&key);
    return made;
}

static tskl_status group_stories(tskl_plan *plan, tskl_error *err) {
    tskl_slice *keys = tskl_arena_array(&plan->arena, tskl_slice, plan->count + 1);
    for (size_t i = 0; keys && i < plan->count; i++) {
        if (!make_key(&plan->stories[i].told, &plan->arena, &keys[i]))
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
        size_t other = 0;
        while (!tskl_slice_equal(keys[other], keys[i])) other++;
        plan->stories[i].group = other == i ? plan->groups++ : plan->stories[other].group;
    }
    return keys ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
}

static void await(tskl_plan *plan, size_t story, size_t nth) {
    plan->awaited[plan->awaited_count++] = (tskl_awaited){.story = story, .nth = nth};
}

static void await_all(tskl_plan *plan, size_t group) {
    for (size_t i = 0; i < plan->count; i++) {
        const tskl_story *story = &plan->stories[i];
        if (story->group != group || story->follows || story->skipped.len) continue;
        for (uint32_t n = 0; n < story->told.wire.times; n++) await(plan, i, n);
        size_t nth = story->told.wire.times;
        for (size_t at = story->then; at != SIZE_MAX && nth < 100; at = plan->stories[at].then)
            await(plan, at, nth++);
    }
}

static size_t count_records(const tskl_plan *plan) {
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++) count += plan->stories[i].told.wire.times + 100;
    return count;
}

tskl_status tskl_plan_read(tskl_plan *plan, const tskl_case_files *files, const tskl_loopback *to,
                           tskl_error *err) {
    plan->stories = tskl_arena_array(&plan->arena, tskl_story, files->count + 1);
    if (!plan->stories) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
    for (size_t i = 0; i < files->count; i++) TSKL_TRY(read_story(plan, &files->items[i], to, err));
    for (size_t i = 0; i < plan->count; i++) TSKL_TRY(join(plan, &plan->stories[i], err));
    for (size_t i = 0; i < plan->count; i++)
        if (!complete(&plan->stories[i], &plan->arena))
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
    TSKL_TRY(group_stories(plan, err));
    plan->awaited = tskl_arena_array(&plan->arena, tskl_awaited, count_records(plan) + 1);
    if (!plan->awaited) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the cases");
    for (size_t group = 0; group < plan->groups; group++) await_all(plan, group);
    return TSKL_OK;
}

void tskl_plan_deinit(tskl_plan *plan) {
    tskl_pack_list_deinit(&plan->packs);
    tskl_arena_reset(&plan->arena);
    *plan = (tskl_plan){0};
}

static void add_member(tskl_buf *json, const char *name, const tskl_json *by_pack,
                       tskl_slice pack) {
    const tskl_json *said = tskl_json_get(by_pack, pack);
    if (!said) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_value(json, said);
}

// How long a call takes is no part of what it comes to: core is told not to say.
static void add_configuration(tskl_buf *json, const tskl_json *by_pack, tskl_slice pack) {
    const tskl_json *said = tskl_json_get(by_pack, pack);
    tskl_json_add_key(json, TSKL_S("configuration"));
    tskl_buf_byte(json, '{');
    for (const tskl_json *value = said ? said->first : NULL; value; value = value->next) {
        tskl_json_add_key(json, value->key);
        tskl_json_add_value(json, value);
    }
    if (tskl_slice_equal(pack, TSKL_S("core")) &&
        !tskl_json_get(said, TSKL_S("enableDurationMs"))) {
        tskl_json_add_key(json, TSKL_S("enableDurationMs"));
        tskl_buf_add(json, TSKL_S("false"));
    }
    tskl_buf_byte(json, '}');
}

static tskl_status add_pack(const tskl_plan *plan, const tskl_story *story, tskl_slice name,
                            tskl_buf *json, tskl_error *err) {
    const tskl_known_pack *known = tskl_pack_list_find(&plan->packs, name);
    if (!known)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: there is no Pack \"" TSKL_FMT "\"",
                         story->path, TSKL_ARG(name));
    tskl_json_add_comma(json);
    tskl_buf_add(json, TSKL_S("{\"name\":"));
    tskl_json_add_string(json, name);
    tskl_json_add_key(json, TSKL_S("from"));
    tskl_json_add_string(json, known->from);
    // The services are on the loopback: their Packs are for every call there.
    if (tskl_slice_starts(story->told.call.url, TSKL_S("http://")) &&
        !tskl_json_get(story->told.hosts, name)) {
        tskl_json_add_key(json, TSKL_S("hosts"));
        tskl_buf_add(json, TSKL_S("[\"*\"]"));
    }
    add_member(json, "hosts", story->told.hosts, name);
    add_member(json, "allow", story->told.allow, name);
    add_configuration(json, story->told.configuration, name);
    tskl_buf_byte(json, '}');
    return TSKL_OK;
}

static const tskl_story *first_of(const tskl_plan *plan, size_t group) {
    size_t i = 0;
    while (plan->stories[i].group != group) i++;
    return &plan->stories[i];
}

tskl_status tskl_plan_configure(const tskl_plan *plan, size_t group, const char *records,
                                tskl_buf *json, tskl_error *err) {
    const tskl_story *story = first_of(plan, group);
    tskl_buf_printf(
        json,
        "{\"version\":1,\"shipped\":false,\"outputs\":[{\"to\":\"file:%s\",\"format\":\"stable\"}],"
        "\"packs\":[",
        records);
    for (size_t i = 0; i < TSKL_COUNT(always); i++)
        TSKL_TRY(add_pack(plan, story, tskl_slice_of(always[i]), json, err));
    for (size_t i = 0; i < story->told.packs.count; i++)
        if (!is_always(story->told.packs.items[i]))
            TSKL_TRY(add_pack(plan, story, story->told.packs.items[i], json, err));
    tskl_buf_add(json, TSKL_S("]}\n"));
    return json->failed ? tskl_fail(err, TSKL_ERR_NOMEM, "no room for a configuration") : TSKL_OK;
}

static void add_headers(tskl_buf *line, tskl_slice headers) {
    tskl_json_add_key(line, TSKL_S("headers"));
    tskl_buf_byte(line, '[');
    while (headers.len) {
        tskl_slice value = tskl_slice_line(&headers), name = tskl_slice_split(&value, ':');
        // Every client adds it by itself, and some refuse to be told.
        if (tskl_slice_equal_nocase(name, TSKL_S("content-length"))) continue;
        tskl_json_add_comma(line);
        tskl_buf_byte(line, '[');
        tskl_json_add_string(line, name);
        tskl_json_add_comma(line);
        tskl_json_add_string(line, tskl_slice_trim(value));
        tskl_buf_byte(line, ']');
    }
    tskl_buf_byte(line, ']');
}

static void add_text(tskl_buf *line, const char *name, tskl_slice text) {
    tskl_json_add_key(line, tskl_slice_of(name));
    tskl_json_add_string(line, text);
}

static void add_call(const tskl_story *story, tskl_buf *line) {
    const tskl_call *call = &story->told.call;
    bool given_up = call->ending == TSKL_ABORTED;
    tskl_buf_byte(line, '{');
    add_text(line, "case", story->name);
    add_text(line, "method", call->method);
    add_text(line, "url", call->url);
    add_headers(line, call->request_headers);
    tskl_json_add_key(line, TSKL_S("body"));
    tskl_buf_byte(line, '"');
    tskl_base64_add(line, call->request_body);
    tskl_buf_byte(line, '"');
    add_text(line, "http",
             tskl_slice_equal(story->told.wire.http, TSKL_S("2")) ? TSKL_S("2") : TSKL_S("1.1"));
    bool waiting = given_up && !call->status;
    tskl_buf_printf(
        line, ",\"follow\":%s,\"give_up_after\":%zu,\"timeout_ms\":%d,\"give_up_ms\":%d}\n",
        story->then != SIZE_MAX ? "true" : "false", given_up ? body_size(call) : 0,
        story->told.wire.fault == TSKL_FAULT_SILENT ? TIMEOUT_MS : 0, waiting ? TIMEOUT_MS : 0);
}

void tskl_plan_add_calls(const tskl_plan *plan, size_t group, tskl_buf *lines) {
    for (size_t i = 0; i < plan->count; i++) {
        const tskl_story *story = &plan->stories[i];
        if (story->group != group || story->follows || story->skipped.len) continue;
        for (uint32_t n = 0; n < story->told.wire.times; n++) add_call(story, lines);
    }
}
