// call: what is told of a call. Its methods may be called in any order and number: what does not
// fit does nothing, and none of them raises or runs Ruby code. SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include "values.h"
#include "wire.h"
#include <stdlib.h>
#include <string.h>

typedef struct tskl_call {
    char *origin; // until it begins
    int64_t time_us;
    tskl_wire wire;
} tskl_call;

static VALUE call_class = Qnil;
static tskl_observer *observer; // guarded by Ruby's lock, as the calls are

void tskl_calls_observe(tskl_observer *observed) {
    observer = observed;
}

static void call_free(void *memory) {
    tskl_call *call = memory;
    tskl_wire_give_up(&call->wire);
    free(call->origin);
    free(call);
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

static tskl_wire *wire_of(VALUE self) {
    return &call_of(self)->wire;
}

VALUE tskl_call_new(const tskl_request *request) {
    tskl_call *call = calloc(1, sizeof *call);
    if (!call) return Qnil;
    tskl_wire_begin(&call->wire, observer, request);
    if (call->wire.exchange) return TypedData_Wrap_Struct(call_class, &call_type, call);
    free(call);
    return Qnil;
}

VALUE tskl_call_expect(tskl_slice origin, int64_t time_us) {
    tskl_call *call = calloc(1, sizeof *call);
    if (!call || !(call->origin = strndup(origin.ptr, origin.len))) {
        free(call);
        return Qnil;
    }
    call->time_us = time_us;
    return TypedData_Wrap_Struct(call_class, &call_type, call);
}

static void begin_by(tskl_call *call, tskl_sent_request *sent) {
    sent->request.time_us = call->time_us;
    free(call->origin);
    call->origin = NULL;
    tskl_wire_begin_sent(&call->wire, observer, sent);
    free(sent->url);
}

static tskl_slice origin_of(const tskl_call *call) {
    return (tskl_slice){call->origin, strlen(call->origin)};
}

// A tunnel through a proxy is no call; the call's own head comes after it.
static bool is_tunnel(tskl_slice text) {
    return text.len > 8 && !memcmp(text.ptr, "CONNECT ", 8);
}

static VALUE first_of(VALUE parts) {
    if (!RB_TYPE_P(parts, T_ARRAY)) return parts;
    return RARRAY_LEN(parts) > 0 ? RARRAY_AREF(parts, 0) : Qnil;
}

/** sending(parts): what goes out next, a string or several; the call's head if it has not begun. */
static VALUE call_sending(VALUE self, VALUE parts) {
    tskl_call *call = call_of(self);
    tskl_sent_request sent;
    if (!call->origin) return Qnil;
    tskl_slice text = tskl_value_slice(first_of(parts));
    if (text.len > 0 && !is_tunnel(text) && tskl_sent_request_read(origin_of(call), text, &sent))
        begin_by(call, &sent);
    RB_GC_GUARD(parts);
    return Qnil;
}

/** unsent(method, target, headers): a call that has not begun does, though nothing goes out. */
static VALUE call_unsent(VALUE self, VALUE method, VALUE target, VALUE headers) {
    tskl_call *call = call_of(self);
    tskl_lines lines;
    tskl_sent_request sent;
    if (!call->origin || tskl_value_slice(target).len == 0) return Qnil;
    if (!tskl_lines_read(headers, &lines)) lines.len = 0;
    const tskl_head head = {.method = tskl_value_slice(method),
                            .target = tskl_value_slice(target),
                            .headers = tskl_lines_slice(&lines)};
    if (tskl_sent_request_make(origin_of(call), &head, &sent)) begin_by(call, &sent);
    free(lines.ptr);
    RB_GC_GUARD(method);
    RB_GC_GUARD(target);
    RB_GC_GUARD(headers);
    return Qnil;
}

/** sent(parts): of the request as it went out, its head first if the call began by one. */
static VALUE call_sent(VALUE self, VALUE parts) {
    bool several = RB_TYPE_P(parts, T_ARRAY);
    for (long i = 0; i < (several ? RARRAY_LEN(parts) : 1); i++)
        tskl_wire_sent(wire_of(self), tskl_value_slice(several ? RARRAY_AREF(parts, i) : parts));
    RB_GC_GUARD(parts);
    return Qnil;
}

/** received(part[, from]): of the response, as it came; without its first `from` bytes. */
static VALUE call_received(int count, VALUE *values, VALUE self) {
    VALUE part = count > 0 ? values[0] : Qnil;
    tskl_slice data = tskl_value_slice(part);
    size_t from = count > 1 ? (size_t)tskl_value_number(values[1]) : 0;
    if (from < data.len)
        tskl_wire_arrived(wire_of(self), (tskl_slice){data.ptr + from, data.len - from});
    RB_GC_GUARD(part);
    return Qnil;
}

/** eof(): nothing more comes. */
static VALUE call_eof(VALUE self) {
    tskl_wire_eof(wire_of(self));
    return Qnil;
}

/** close(): the application wants no more. */
static VALUE call_close(VALUE self) {
    tskl_wire_give_up(wire_of(self));
    return Qnil;
}

/** fail(code, message, now): without `now` an answer may still come. An empty code: given up. */
static VALUE call_fail(VALUE self, VALUE code, VALUE message, VALUE now) {
    tskl_wire_fail(wire_of(self), tskl_value_slice(code), tskl_value_slice(message));
    RB_GC_GUARD(code);
    RB_GC_GUARD(message);
    if (RTEST(now)) tskl_wire_give_up(wire_of(self));
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
}
