// SPDX-License-Identifier: Apache-2.0
#include "exchange/exchange.h"
#include "base/alloc.h"
#include "base/clock.h"
#include <errno.h>

enum { CONTENT_TYPE_MAX = 256, FIRST_FINAL_STATUS = 200 };

// A client that tells no time gets ours; whoever tells it, it does not run backwards.
static int64_t time_after(int64_t time_us, int64_t earliest_us) {
    if (time_us <= 0) time_us = tskl_clock_wall_us();
    return time_us > earliest_us ? time_us : earliest_us;
}

// The latest time known of the exchange.
static int64_t latest_us(const tskl_exchange *exchange) {
    const tskl_body *body = &exchange->received;
    int64_t head = exchange->first_byte_us ? exchange->first_byte_us : exchange->start_us;
    return body->arrival_count ? body->arrivals[body->arrival_count - 1].time_us : head;
}

// Whole lines only: half a header would be another header.
static tskl_slice head_within(tskl_slice lines) {
    if (lines.len <= TSKL_HEADERS_MAX) return lines;
    lines = tskl_slice_first(lines, TSKL_HEADERS_MAX);
    while (lines.len && lines.ptr[lines.len - 1] != '\n') lines.len--;
    return lines;
}

static tskl_slice put(char **at, tskl_slice part) {
    if (part.len) memcpy(*at, part.ptr, part.len);
    tskl_slice copy = {*at, part.len};
    *at += part.len;
    return copy;
}

// One piece of the arena for all of the head: this is the application's own time.
static bool copy_head(tskl_exchange *exchange, const tskl_request *request) {
    tskl_slice method = tskl_slice_first(request->method, TSKL_METHOD_MAX);
    tskl_slice url = tskl_slice_first(request->url, TSKL_URL_MAX);
    tskl_slice headers = head_within(request->headers);
    char *at = tskl_arena_take(&exchange->arena, method.len + url.len + headers.len + 1);
    if (!at) return false;
    exchange->method = put(&at, method);
    exchange->url = put(&at, url);
    exchange->request_headers = put(&at, headers);
    return true;
}

// Both structs may be those of an older caller, which are shorter: what is missing says nothing.
static bool read_recorded(const tskl_request *request, tskl_recorded *out) {
    enum { FIRST_SIZE = offsetof(tskl_recorded, attempt) };
    size_t needed = offsetof(tskl_request, recorded) + sizeof request->recorded;
    const tskl_recorded *recorded = request->size >= needed ? request->recorded : NULL;
    *out = (tskl_recorded){0};
    if (!recorded || recorded->size < FIRST_SIZE) return false;
    memcpy(out, recorded, recorded->size < sizeof *out ? FIRST_SIZE : sizeof *out);
    if (recorded->size < sizeof *out) out->flags &= ~(unsigned)TSKL_RECORDED_ATTEMPT;
    return true;
}

static void take_recorded(tskl_exchange *exchange, const tskl_request *request) {
    tskl_recorded recorded;
    if (!read_recorded(request, &recorded) || !tskl_uuid_parse(recorded.id, &exchange->id))
        exchange->id = tskl_uuid_new(exchange->start_us);
    exchange->recorded_flags = recorded.flags;
    exchange->recorded_sent = recorded.sent;
    exchange->recorded_received = recorded.received;
    if (!(recorded.flags & TSKL_RECORDED_ATTEMPT) || recorded.attempt < 2) return;
    exchange->recorded_attempt.number = recorded.attempt;
    if (!tskl_uuid_parse(recorded.first, &exchange->recorded_attempt.first)) return;
    exchange->recorded_attempt.wait_ms = (int64_t)recorded.wait_ms;
}

static void body_init(tskl_body *body, bool wanted, size_t cap) {
    *body = (tskl_body){.wanted = wanted, .shown_cap = wanted ? cap : 0};
    tskl_buf_init(&body->kept, cap);
}

static bool has_nocase(tskl_slice text, tskl_slice word) {
    for (; text.len >= word.len; text = tskl_slice_from(text, 1))
        if (tskl_slice_starts_nocase(text, word)) return true;
    return false;
}

static bool is_json_or_form(tskl_slice headers) {
    const tskl_slice name = TSKL_S("content-type:");
    while (headers.len) {
        tskl_slice line = tskl_slice_line(&headers);
        if (!tskl_slice_starts_nocase(line, name)) continue;
        line = tskl_slice_first(line, CONTENT_TYPE_MAX);
        return has_nocase(line, TSKL_S("json")) || has_nocase(line, TSKL_S("form-"));
    }
    return false;
}

// Where a response's body may be seen, what it may repeat has to be known.
static void learn_from_request(tskl_exchange *exchange, size_t body_cap) {
    enum { SEEN = TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM | TSKL_WANT_ERROR_BODY };
    if (!(exchange->wants & SEEN) || !is_json_or_form(exchange->request_headers)) return;
    exchange->sent.learned = true;
    exchange->sent.kept.cap = TSKL_LEARNED_CAPS * body_cap;
}

tskl_exchange *tskl_exchange_new(const tskl_request *request, unsigned wants, size_t body_cap) {
    int saved = errno;
    tskl_exchange *exchange = tskl_new(tskl_exchange);
    if (exchange && !copy_head(exchange, request)) {
        tskl_free(exchange);
        exchange = NULL;
    }
    errno = saved;
    if (!exchange) return NULL;
    exchange->wants = exchange->pack_wants = wants;
    exchange->start_us = time_after(request->time_us, 0);
    take_recorded(exchange, request);
    errno = saved;
    body_init(&exchange->sent, wants & TSKL_WANT_REQUEST_BODY, body_cap);
    body_init(&exchange->received, wants & (TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM), body_cap);
    exchange->received.shown_cap = body_cap; // an error's is wanted later
    learn_from_request(exchange, body_cap);
    return exchange;
}

void tskl_exchange_free(tskl_exchange *exchange) {
    if (!exchange) return;
    tskl_buf_deinit(&exchange->sent.kept);
    tskl_buf_deinit(&exchange->received.kept);
    tskl_arena_reset(&exchange->arena);
    tskl_free(exchange);
}

tskl_exchange *tskl_exchange_split(tskl_exchange *exchange) {
    // The application may ask for the state of what becomes a shell at any moment.
    enum { STAYS = offsetof(tskl_exchange, previous), MOVES = sizeof(tskl_exchange) - STAYS };
    tskl_exchange *content = tskl_new(tskl_exchange);
    if (!content) return NULL;
    content->owner = exchange->owner;
    memcpy((char *)content + STAYS, (char *)exchange + STAYS, MOVES);
    memset((char *)exchange + STAYS, 0, MOVES);
    return content;
}

size_t tskl_exchange_held(const tskl_exchange *exchange) {
    return sizeof *exchange + exchange->arena.held + exchange->sent.kept.room +
           exchange->received.kept.room;
}

void tskl_exchange_learn_less(tskl_exchange *exchange) {
    tskl_body *sent = &exchange->sent;
    if (!sent->learned) return;
    // What is there already costs nothing more.
    size_t least = sent->kept.len > sent->shown_cap ? sent->kept.len : sent->shown_cap;
    if (sent->kept.cap > least) sent->kept.cap = least;
}

// Keeps what fits. After a gap nothing more is kept: what follows it would not belong there.
static void keep(tskl_body *body, bool head_only, tskl_slice part) {
    body->passed += part.len;
    if (!(body->wanted || body->learned) || body->full || part.len == 0) return;
    // Bytes that were counted and not shown leave a gap as well.
    size_t room = head_only || !part.ptr ? 0 : body->kept.cap - body->kept.len;
    tskl_buf_add(&body->kept, tskl_slice_first(part, room));
    body->full = part.len > room || body->kept.failed;
    if (body->kept.len > body->shown_cap) body->unshown = body->kept.len - body->shown_cap;
    if (body->wanted) body->truncated = body->full || body->unshown > 0;
}

static tskl_arrival *new_arrival(tskl_exchange *exchange, tskl_body *body) {
    if (body->arrival_count == body->arrival_room) {
        size_t room = body->arrival_room ? body->arrival_room * 2 : 16;
        tskl_arrival *more = NULL;
        if (room <= TSKL_ARRIVALS_MAX)
            more = tskl_arena_array(&exchange->arena, tskl_arrival, room);
        if (!more) return body->arrival_count ? &body->arrivals[body->arrival_count - 1] : NULL;
        if (body->arrival_count) memcpy(more, body->arrivals, body->arrival_count * sizeof *more);
        body->arrivals = more;
        body->arrival_room = room;
    }
    return &body->arrivals[body->arrival_count++];
}

static void note_arrival(tskl_exchange *exchange, tskl_body *body, int64_t time_us) {
    size_t known = body->arrival_count ? body->arrivals[body->arrival_count - 1].upto : 0;
    if (body->kept.len == known) return;
    int64_t when = time_after(time_us, latest_us(exchange));
    tskl_arrival *arrival = new_arrival(exchange, body);
    if (arrival) *arrival = (tskl_arrival){body->kept.len, when};
}

void tskl_exchange_add_sent(tskl_exchange *exchange, int64_t time_us, tskl_slice part) {
    (void)time_us; // the request is one event: its parts have no times of their own
    int saved = errno;
    keep(&exchange->sent, exchange->head_only, part);
    errno = saved;
}

// The answer is one whose body nobody sees.
static void forget_learned(tskl_exchange *exchange) {
    tskl_body *sent = &exchange->sent;
    if (!sent->learned || sent->wanted || exchange->received.wanted) return;
    sent->learned = false;
    sent->unshown = 0;
    tskl_buf_deinit(&sent->kept);
}

void tskl_exchange_set_response(tskl_exchange *exchange, int64_t time_us, int status,
                                tskl_slice headers) {
    int saved = errno;
    headers = head_within(headers);
    // A server may send any number of informational responses: they share one piece of the arena.
    if (headers.len > exchange->response_headers_room) {
        size_t room = headers.len * 2;
        char *more = tskl_arena_take(&exchange->arena, room);
        exchange->response_headers = (tskl_slice){more, 0};
        exchange->response_headers_room = more ? room : 0;
    }
    char *at = (char *)exchange->response_headers.ptr;
    exchange->response_headers =
        put(&at, tskl_slice_first(headers, exchange->response_headers_room));
    exchange->status = status;
    if (status >= 400 && exchange->wants & TSKL_WANT_ERROR_BODY) {
        exchange->wants |= TSKL_WANT_RESPONSE_BODY;
        exchange->pack_wants |= TSKL_WANT_RESPONSE_BODY;
        exchange->received.wanted = true;
    }
    if (status >= FIRST_FINAL_STATUS) forget_learned(exchange);
    exchange->first_byte_us = time_after(time_us, exchange->start_us);
    errno = saved;
}

void tskl_exchange_add_received(tskl_exchange *exchange, int64_t time_us, tskl_slice part) {
    int saved = errno;
    tskl_body *body = &exchange->received;
    keep(body, exchange->head_only, part);
    if (exchange->wants & TSKL_WANT_STREAM) note_arrival(exchange, body, time_us);
    errno = saved;
}

static void forget_body(tskl_body *body, bool truncated_before) {
    size_t cap = body->kept.cap;
    tskl_buf_deinit(&body->kept);
    tskl_buf_init(&body->kept, cap);
    body->wanted = false;
    body->truncated = truncated_before;
    body->arrival_count = 0;
}

void tskl_exchange_narrow(tskl_exchange *exchange, unsigned wants, unsigned pack_wants) {
    if (exchange->status >= 400 && wants & TSKL_WANT_ERROR_BODY) {
        wants |= TSKL_WANT_RESPONSE_BODY;
        pack_wants |= TSKL_WANT_RESPONSE_BODY;
    }
    exchange->wants = wants;
    exchange->pack_wants = pack_wants;
    if (!(wants & TSKL_WANT_REQUEST_BODY))
        forget_body(&exchange->sent, exchange->recorded_flags & TSKL_RECORDED_REQUEST_TRUNCATED);
    if (!(wants & (TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM)))
        forget_body(&exchange->received,
                    exchange->recorded_flags & TSKL_RECORDED_RESPONSE_TRUNCATED);
    if (!(wants & TSKL_WANT_STREAM)) exchange->received.arrival_count = 0;
}

static tskl_slice copied(tskl_exchange *exchange, tskl_slice text, size_t max) {
    tskl_slice copy;
    tskl_arena_copy(&exchange->arena, tskl_slice_first(text, max), &copy);
    return copy;
}

// A recording may hold less of a body than went by, and holds it decoded.
static void restore(tskl_body *body, uint64_t passed, bool truncated) {
    if (passed) body->passed = passed;
    if (truncated) body->truncated = true;
}

void tskl_exchange_end(tskl_exchange *exchange, int64_t time_us, tskl_ending how, tskl_slice code,
                       tskl_slice message) {
    int saved = errno;
    exchange->ending = how;
    exchange->end_us = time_after(time_us, latest_us(exchange));
    restore(&exchange->sent, exchange->recorded_sent,
            exchange->recorded_flags & TSKL_RECORDED_REQUEST_TRUNCATED);
    restore(&exchange->received, exchange->recorded_received,
            exchange->recorded_flags & TSKL_RECORDED_RESPONSE_TRUNCATED);
    if (exchange->recorded_flags & TSKL_RECORDED_NOTHING_RECEIVED) exchange->received.passed = 0;
    if (how == TSKL_FAILED) {
        exchange->error_code = copied(exchange, code, TSKL_ERROR_CODE_MAX);
        exchange->error_message = copied(exchange, message, TSKL_ERROR_MESSAGE_MAX);
    }
    errno = saved;
}
