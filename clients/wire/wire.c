// SPDX-License-Identifier: Apache-2.0
#include "wire.h"

#include "status.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEAD_MAX = 256 * 1024, SWITCHING_PROTOCOLS = 101, FIRST_FINAL = 200 };

// A call may come to its end on any thread, where a runtime collects its garbage on several.
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_seen = PTHREAD_ONCE_INIT;
static tskl_wire *under_way;

static void lock_ring(void) {
    pthread_mutex_lock(&ring_lock);
}

static void unlock_ring(void) {
    pthread_mutex_unlock(&ring_lock);
}

// Another thread may hold it at the moment of a fork.
static void see_forks(void) {
    pthread_atfork(lock_ring, unlock_ring, unlock_ring);
}

static void enter_ring(tskl_wire *wire) {
    pthread_once(&fork_seen, see_forks);
    lock_ring();
    tskl_wire *last = under_way ? under_way->previous : wire;
    wire->next = under_way ? under_way : wire;
    wire->previous = last;
    last->next = wire->next->previous = wire;
    under_way = wire;
    unlock_ring();
}

static void leave_ring(tskl_wire *wire) {
    lock_ring();
    wire->next->previous = wire->previous;
    wire->previous->next = wire->next;
    if (under_way == wire) under_way = wire->next == wire ? NULL : wire->next;
    unlock_ring();
}

static tskl_slice slice_of(const char *text) {
    return (tskl_slice){text, strlen(text)};
}

static void end(tskl_wire *wire, tskl_ending how, const char *code, const char *message) {
    tskl_exchange *exchange = wire->exchange;
    free(wire->head.ptr);
    wire->head = (tskl_lines){0};
    if (!exchange) return;
    leave_ring(wire);
    wire->exchange = NULL;
    int64_t time_us = how == TSKL_DONE ? 0 : wire->stopped_us;
    tskl_exchange_end_take(exchange, time_us, how, slice_of(code), slice_of(message));
}

void tskl_wire_give_up(tskl_wire *wire) {
    if (wire->answered && wire->down.complete)
        end(wire, TSKL_DONE, "", "");
    else if (wire->code[0])
        end(wire, TSKL_FAILED, wire->code, wire->message);
    else
        end(wire, TSKL_ABORTED, "", "");
}

void tskl_wires_give_up(void) {
    while (under_way) tskl_wire_give_up(under_way);
}

void tskl_wire_begin(tskl_wire *wire, tskl_observer *observer, const tskl_request *request) {
    if (!observer || wire->exchange) return;
    wire->exchange = tskl_exchange_begin(observer, request, &wire->wants);
    wire->bodiless = request->method.len == 4 && !memcmp(request->method.ptr, "HEAD", 4);
    if (wire->exchange) enter_ring(wire);
}

void tskl_wire_begin_sent(tskl_wire *wire, tskl_observer *observer, const tskl_sent_request *sent) {
    if (wire->exchange) return;
    wire->head_left = sent->head_length;
    if (tskl_framing_is_chunked(sent->request.headers)) wire->up.kind = TSKL_FRAMING_CHUNKED;
    tskl_wire_begin(wire, observer, &sent->request);
}

typedef void tell_fn(tskl_exchange *exchange, int64_t time_us, tskl_slice part);

// What nobody wants to see is counted.
static void tell(tskl_wire *wire, tskl_framing *framing, tskl_slice data, bool wanted,
                 tell_fn *told) {
    tskl_slice part;
    while (tskl_framing_take(framing, &data, &part))
        told(wire->exchange, 0, wanted ? part : (tskl_slice){NULL, part.len});
}

void tskl_wire_sent(tskl_wire *wire, tskl_slice data) {
    size_t head = wire->head_left < data.len ? wire->head_left : data.len;
    if (!wire->exchange || data.len == 0) return;
    wire->head_left -= head;
    data = (tskl_slice){data.ptr + head, data.len - head};
    tell(wire, &wire->up, data, wire->wants & TSKL_WANT_REQUEST_BODY, tskl_exchange_sent);
}

static void go_on(tskl_wire *wire) {
    wire->code[0] = 0;
    wire->stopped_us = 0;
}

void tskl_wire_response(tskl_wire *wire, int status, tskl_slice headers, bool raw) {
    if (!wire->exchange) return;
    tskl_exchange_response(wire->exchange, 0, status, headers);
    wire->informed = wire->answered = true;
    wire->down = tskl_framing_of_response(status, headers, raw, wire->bodiless);
    go_on(wire); // whatever went wrong with the request, there is an answer
    if (wire->down.complete) end(wire, TSKL_DONE, "", "");
}

void tskl_wire_received(tskl_wire *wire, tskl_slice data) {
    if (!wire->exchange || !wire->answered) return;
    if (data.len > 0) go_on(wire);
    tell(wire, &wire->down, data, wire->wants & TSKL_WANT_RESPONSE_BODY, tskl_exchange_received);
    if (wire->down.complete) end(wire, TSKL_DONE, "", "");
}

static void inform(tskl_wire *wire, int status, tskl_slice headers) {
    tskl_exchange_response(wire->exchange, 0, status, headers);
    wire->informed = true;
}

static void respond_by_head(tskl_wire *wire) {
    int status;
    tskl_lines head = wire->head;
    tskl_slice headers;
    wire->head = (tskl_lines){0};
    if (tskl_status_read(tskl_lines_slice(&head), &status, &headers)) {
        if (status >= FIRST_FINAL || status == SWITCHING_PROTOCOLS)
            tskl_wire_response(wire, status, headers, true);
        else
            inform(wire, status, headers);
    }
    free(head.ptr);
}

/** Takes one line of a head off the front of `data`, or what has come of it. */
static void take_line(tskl_wire *wire, tskl_slice *data) {
    const char *newline = memchr(data->ptr, '\n', data->len);
    size_t length = newline ? (size_t)(newline - data->ptr) + 1 : data->len;
    bool fits = wire->head.len + length <= HEAD_MAX &&
                tskl_lines_add(&wire->head, (tskl_slice){data->ptr, length});
    *data = (tskl_slice){data->ptr + length, data->len - length};
    if (!fits || !newline) return;
    // Blank lines before the status line are passed over.
    if (wire->head.len <= 2 && wire->head.ptr[0] != 'H')
        wire->head.len = 0;
    else if (tskl_head_is_whole(tskl_lines_slice(&wire->head)))
        respond_by_head(wire);
}

void tskl_wire_arrived(tskl_wire *wire, tskl_slice data) {
    while (wire->exchange && !wire->answered && data.len > 0) take_line(wire, &data);
    tskl_wire_received(wire, data);
}

void tskl_wire_eof(tskl_wire *wire) {
    bool whole = wire->down.complete || wire->down.kind == TSKL_FRAMING_NONE;
    if (wire->informed && (whole || !wire->answered))
        end(wire, TSKL_DONE, "", "");
    else
        end(wire, TSKL_FAILED, "ECONNRESET", "the connection ended before the body did");
}

static void copy_text(char *to, size_t size, tskl_slice text) {
    snprintf(to, size, "%.*s", text.len < size ? (int)text.len : (int)size - 1,
             text.len ? text.ptr : "");
}

static int64_t now_us(void) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

void tskl_wire_fail(tskl_wire *wire, tskl_slice code, tskl_slice message) {
    if (wire->exchange) wire->stopped_us = now_us();
    copy_text(wire->code, sizeof wire->code, code);
    copy_text(wire->message, sizeof wire->message, message);
}
