// call: what is told of a call. Its methods may be called in any order and number: what does not
// fit does nothing, and none of them raises or runs Ruby code. SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include "framing.h"
#include "head.h"
#include "status.h"
#include "values.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FINAL = 200, HEAD_MAX = 256 * 1024 };

typedef struct tskl_call tskl_call;

struct tskl_call {
    tskl_call *next, *previous; // of those that are under way, in a ring
    tskl_exchange *exchange;    // NULL before it begins and once it is over
    char *origin;               // until it begins
    int64_t time_us;
    unsigned wants;
    bool bodiless;    // HEAD is answered without a body
    bool informed;    // a response has come, though it only informs
    bool responded;   // what comes is the response's body
    tskl_lines head;  // of the response, what has come of it
    size_t head_left; // of the bytes that are sent, how many are no body
    tskl_framing up, down;
    char code[64], message[512]; // why it will have failed if no response comes
};

static VALUE call_class = Qnil;
static tskl_observer *observer; // guarded by Ruby's lock, as the calls are

// Calls are freed on whatever thread collects garbage, which with Ractors is any: the ring has a
// lock of its own.
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static tskl_call *under_way;

static void lock_ring(void) {
    pthread_mutex_lock(&ring_lock);
}

static void unlock_ring(void) {
    pthread_mutex_unlock(&ring_lock);
}

static tskl_slice slice_of(const char *text) {
    return (tskl_slice){text, strlen(text)};
}

static void enter_ring(tskl_call *call) {
    lock_ring();
    tskl_call *last = under_way ? under_way->previous : call;
    call->next = under_way ? under_way : call;
    call->previous = last;
    last->next = call->next->previous = call;
    under_way = call;
    unlock_ring();
}

static void leave_ring(tskl_call *call) {
    lock_ring();
    call->next->previous = call->previous;
    call->previous->next = call->next;
    if (under_way == call) under_way = call->next == call ? NULL : call->next;
    unlock_ring();
}

static void end(tskl_call *call, tskl_ending how, tskl_slice code, tskl_slice message) {
    tskl_exchange *exchange = call->exchange;
    free(call->origin);
    call->origin = NULL;
    free(call->head.ptr);
    call->head = (tskl_lines){0};
    if (!exchange) return;
    leave_ring(call);
    call->exchange = NULL;
    tskl_exchange_end_take(exchange, 0, how, code, message);
}

static void end_plainly(tskl_call *call, tskl_ending how) {
    end(call, how, (tskl_slice){0}, (tskl_slice){0});
}

/** The application wants no more of it. */
static void give_up(tskl_call *call) {
    if (call->responded && call->down.complete)
        end_plainly(call, TSKL_DONE);
    else if (call->code[0])
        end(call, TSKL_FAILED, slice_of(call->code), slice_of(call->message));
    else
        end_plainly(call, TSKL_ABORTED);
}

void tskl_calls_give_up(void) {
    while (under_way) give_up(under_way);
}

void tskl_calls_observe(tskl_observer *observed) {
    observer = observed;
}

static void call_free(void *memory) {
    give_up(memory);
    free(memory);
}

static size_t call_size(const void *memory) {
    (void)memory;
    return sizeof(tskl_call);
}

static const rb_data_type_t call_type = {
    .wrap_struct_name = "taskless call",
    .function = {.dfree = call_free, .dsize = call_size},
    .flags = RUBY_TYPED_FREE_IMMEDIATELY,
};

static tskl_call *call_of(VALUE self) {
    return RTYPEDDATA_DATA(self);
}

static bool is_head(tskl_slice method) {
    return method.len == 4 && !memcmp(method.ptr, "HEAD", 4);
}

static bool is_connect(tskl_slice method) {
    return method.len == 7 && !memcmp(method.ptr, "CONNECT", 7);
}

static void begin(tskl_call *call, tskl_exchange *exchange, unsigned wants, tskl_slice method) {
    if (!exchange) return;
    call->exchange = exchange;
    call->wants = wants;
    call->bodiless = is_head(method);
    enter_ring(call);
}

static char *copy_of(tskl_slice text) {
    char *copy = malloc(text.len + 1);
    if (!copy) return NULL;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return copy;
}

VALUE tskl_call_new(tskl_exchange *exchange, unsigned wants, tskl_slice method, tskl_slice origin,
                    int64_t time_us) {
    tskl_call *call = calloc(1, sizeof *call);
    if (!call || (!exchange && !(call->origin = copy_of(origin)))) {
        tskl_exchange_end_take(exchange, 0, TSKL_ABORTED, (tskl_slice){0}, (tskl_slice){0});
        free(call);
        return Qnil;
    }
    call->time_us = time_us;
    begin(call, exchange, wants, method);
    return TypedData_Wrap_Struct(call_class, &call_type, call);
}

static char *add_slice(char *to, tskl_slice slice) {
    if (slice.len > 0) memcpy(to, slice.ptr, slice.len);
    return to + slice.len;
}

/** Joins the origin, in which the head's host line stands in for the host, and the head's target.
 *  Free the result. */
static char *make_url(tskl_slice origin, const tskl_head *head, tskl_slice *out) {
    const char *scheme_end = memmem(origin.ptr, origin.len, "//", 2);
    tskl_slice host = head->host, path = head->target;
    if (scheme_end && host.len > 0)
        origin.len = (size_t)(scheme_end + 2 - origin.ptr);
    else
        host = (tskl_slice){0};
    if (tskl_head_is_absolute(path)) origin = host = (tskl_slice){0};
    // OPTIONS * asks about the server as a whole, which has no path.
    else if (path.ptr[0] != '/')
        path = (tskl_slice){"/", 1};
    char *url = malloc(origin.len + host.len + path.len);
    if (!url) return NULL;
    char *last = add_slice(add_slice(add_slice(url, origin), host), path);
    *out = (tskl_slice){url, (size_t)(last - url)};
    return url;
}

/** Of what is sent first, how much is head. */
static tskl_slice head_part(tskl_slice text) {
    const char *blank = text.len ? memmem(text.ptr, text.len, "\r\n\r\n", 4) : NULL;
    return blank ? (tskl_slice){text.ptr, (size_t)(blank - text.ptr) + 4} : text;
}

static void begin_by(tskl_call *call, const tskl_head *head) {
    unsigned wants = 0;
    tskl_request request = {.size = sizeof request,
                            .time_us = call->time_us,
                            .method = head->method,
                            .headers = head->headers};
    char *url = observer ? make_url(slice_of(call->origin), head, &request.url) : NULL;
    free(call->origin);
    call->origin = NULL;
    tskl_exchange *exchange = url ? tskl_exchange_begin(observer, &request, &wants) : NULL;
    if (url) begin(call, exchange, wants, head->method);
    free(url);
}

static void begin_by_text(tskl_call *call, tskl_slice text) {
    tskl_head head;
    // A tunnel through a proxy is no call; the call's own head comes after it.
    if (!tskl_head_read(text, &head) || is_connect(head.method)) return;
    begin_by(call, &head);
    call->head_left = text.len;
    if (tskl_framing_is_chunked(head.headers)) call->up.kind = TSKL_FRAMING_CHUNKED;
}

static VALUE first_of(VALUE parts) {
    if (!RB_TYPE_P(parts, T_ARRAY)) return parts;
    return RARRAY_LEN(parts) > 0 ? RARRAY_AREF(parts, 0) : Qnil;
}

/** sending(parts): what goes out next, a string or several; the call's head if it has not begun. */
static VALUE call_sending(VALUE self, VALUE parts) {
    tskl_call *call = call_of(self);
    if (!call->origin) return Qnil;
    tskl_slice text = tskl_value_slice(first_of(parts));
    if (text.len > 0) begin_by_text(call, head_part(text));
    RB_GC_GUARD(parts);
    return Qnil;
}

/** unsent(method, target, headers): a call that has not begun does, though nothing goes out. */
static VALUE call_unsent(VALUE self, VALUE method, VALUE target, VALUE headers) {
    tskl_call *call = call_of(self);
    tskl_lines lines;
    if (!call->origin || tskl_value_slice(target).len == 0) return Qnil;
    if (!tskl_lines_read(headers, &lines)) lines.len = 0;
    tskl_head head = {.method = tskl_value_slice(method),
                      .target = tskl_value_slice(target),
                      .headers = {lines.ptr, lines.len}};
    begin_by(call, &head);
    free(lines.ptr);
    RB_GC_GUARD(method);
    RB_GC_GUARD(target);
    RB_GC_GUARD(headers);
    return Qnil;
}

typedef void (*tell_fn)(tskl_exchange *exchange, int64_t time_us, tskl_slice part);

static void tell(tskl_call *call, tskl_framing *framing, tskl_slice data, bool wanted,
                 tell_fn told) {
    tskl_slice part;
    while (tskl_framing_take(framing, &data, &part))
        told(call->exchange, 0, wanted ? part : (tskl_slice){NULL, part.len});
}

static void tell_sent(tskl_call *call, tskl_slice data) {
    size_t head = call->head_left < data.len ? call->head_left : data.len;
    call->head_left -= head;
    if (head == data.len) return;
    data = (tskl_slice){data.ptr + head, data.len - head};
    tell(call, &call->up, data, call->wants & TSKL_WANT_REQUEST_BODY, tskl_exchange_sent);
}

/** sent(parts): of the request as it went out, its head first if the call began by one. */
static VALUE call_sent(VALUE self, VALUE parts) {
    tskl_call *call = call_of(self);
    bool several = RB_TYPE_P(parts, T_ARRAY);
    for (long i = 0; call->exchange && i < (several ? RARRAY_LEN(parts) : 1); i++)
        tell_sent(call, tskl_value_slice(several ? RARRAY_AREF(parts, i) : parts));
    RB_GC_GUARD(parts);
    return Qnil;
}

static void respond(tskl_call *call, int status, tskl_slice headers) {
    tskl_exchange_response(call->exchange, 0, status, headers);
    call->informed = true;
    if (status < FIRST_FINAL) return;
    call->responded = true;
    call->down = tskl_framing_of_response(status, headers, true, call->bodiless);
    call->code[0] = 0; // whatever went wrong with the request, there is an answer
}

static void respond_by_head(tskl_call *call) {
    int status;
    tskl_slice text = {call->head.ptr, call->head.len}, headers;
    if (tskl_status_read(text, &status, &headers)) respond(call, status, headers);
    call->head.len = 0;
}

/** Takes what is head off the front of `data`, with which a response begins. */
static void take_head(tskl_call *call, tskl_slice *data) {
    while (data->len > 0 && !call->responded) {
        const char *newline = memchr(data->ptr, '\n', data->len);
        size_t length = newline ? (size_t)(newline - data->ptr) + 1 : data->len;
        bool fits = call->head.len + length <= HEAD_MAX &&
                    tskl_lines_add(&call->head, (tskl_slice){data->ptr, length});
        *data = (tskl_slice){data->ptr + length, data->len - length};
        // Blank lines before the status line are passed over.
        if (newline && call->head.len <= 2 && call->head.ptr[0] != 'H') call->head.len = 0;
        if (fits && newline && call->head.len > 0 &&
            tskl_head_is_whole((tskl_slice){call->head.ptr, call->head.len}))
            respond_by_head(call);
    }
}

/** received(part[, from]): of the response, as it came; without its first `from` bytes. */
static VALUE call_received(int count, VALUE *values, VALUE self) {
    tskl_call *call = call_of(self);
    VALUE part = count > 0 ? values[0] : Qnil;
    tskl_slice data = tskl_value_slice(part);
    size_t from = count > 1 ? (size_t)tskl_value_number(values[1]) : 0;
    if (!call->exchange || from > data.len) return Qnil;
    data = (tskl_slice){data.ptr + from, data.len - from};
    if (!call->responded) take_head(call, &data);
    tell(call, &call->down, data, call->wants & TSKL_WANT_RESPONSE_BODY, tskl_exchange_received);
    RB_GC_GUARD(part);
    if (call->down.complete) end_plainly(call, TSKL_DONE);
    return Qnil;
}

/** eof(): nothing more comes. */
static VALUE call_eof(VALUE self) {
    tskl_call *call = call_of(self);
    bool whole = call->down.complete || call->down.kind == TSKL_FRAMING_NONE;
    if (call->informed && (whole || !call->responded))
        end_plainly(call, TSKL_DONE);
    else
        end(call, TSKL_FAILED, slice_of("ECONNRESET"),
            slice_of("the connection ended before the body did"));
    return Qnil;
}

/** close(): the application wants no more. */
static VALUE call_close(VALUE self) {
    give_up(call_of(self));
    return Qnil;
}

static void copy_text(char *to, size_t size, tskl_slice text) {
    snprintf(to, size, "%.*s", text.len < size ? (int)text.len : (int)size - 1,
             text.len ? text.ptr : "");
}

/** fail(code, message, now): without `now` an answer may still come. An empty code: given up. */
static VALUE call_fail(VALUE self, VALUE code, VALUE message, VALUE now) {
    tskl_call *call = call_of(self);
    copy_text(call->code, sizeof call->code, tskl_value_slice(code));
    copy_text(call->message, sizeof call->message, tskl_value_slice(message));
    RB_GC_GUARD(code);
    RB_GC_GUARD(message);
    if (RTEST(now)) give_up(call);
    return Qnil;
}

/** expected?: its request is not known yet. */
static VALUE call_is_expected(VALUE self) {
    return call_of(self)->origin ? Qtrue : Qfalse;
}

void tskl_calls_define(VALUE module) {
    rb_gc_register_mark_object(call_class = rb_define_class_under(module, "Call", rb_cObject));
    rb_undef_alloc_func(call_class);
    rb_define_method(call_class, "sending", call_sending, 1);
    rb_define_method(call_class, "unsent", call_unsent, 3);
    rb_define_method(call_class, "sent", call_sent, 1);
    rb_define_method(call_class, "received", call_received, -1);
    rb_define_method(call_class, "eof", call_eof, 0);
    rb_define_method(call_class, "close", call_close, 0);
    rb_define_method(call_class, "fail", call_fail, 3);
    rb_define_method(call_class, "expected?", call_is_expected, 0);
    // Another Ractor may hold it at the moment of a fork.
    pthread_atfork(lock_ring, unlock_ring, unlock_ring);
}
