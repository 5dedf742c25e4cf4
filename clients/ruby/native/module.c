// module: what the Ruby side may call. Nothing here raises: what goes wrong comes back as text, or
// leaves a call unobserved. SPDX-License-Identifier: Apache-2.0
#include "call.h"
#include "leaving.h"
#include "values.h"
#include "wire.h"

#include <ruby/ractor.h>
#include <ruby/thread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// One for the process; guarded by Ruby's lock.
static tskl_observer *observer;
static rb_ractor_local_key_t main_ractor;
static VALUE classes = Qnil; // the names of those that are waited for
static VALUE waiting = Qnil; // who waits for them

static VALUE problem(const tskl_error *err, tskl_status status) {
    const char *text = err->message[0] ? err->message : tskl_status_text(status);
    return rb_utf8_str_new_cstr(text);
}

// Where the process leaves without more ado, this is how long it may wait for what has ended.
enum { LEAVING_MS = 50 };

// With Ruby's lock: whoever leaves by exit! wants no other thread to run any more.
static void flush_before_leaving(void) {
    if (observer) (void)tskl_observer_flush(observer, LEAVING_MS, NULL, NULL);
}

/** warn(line): says it where taskless's own messages go. */
static VALUE warn_line(VALUE self, VALUE line) {
    (void)self;
    tskl_warn(tskl_value_slice(line));
    RB_GC_GUARD(line);
    return Qnil;
}

// What waits does so without Ruby's lock.
typedef struct opening {
    tskl_observer_options options;
    tskl_observer *opened;
    tskl_status status;
    tskl_error err;
} opening;

static void *open_unlocked(void *memory) {
    opening *o = memory;
    o->status = tskl_observer_open(&o->options, &o->opened, &o->err);
    return NULL;
}

/** open(directory, config, outputs, client): nil, or why it failed. */
static VALUE open_observer(VALUE self, VALUE directory, VALUE config, VALUE outputs, VALUE client) {
    (void)self;
    opening o = {.options = TSKL_OBSERVER_OPTIONS_INIT};
    o.options.directory = tskl_value_text(directory);
    o.options.config_path = tskl_value_text(config);
    o.options.outputs = tskl_value_text(outputs);
    o.options.client = tskl_value_text(client);
    if (observer) return Qnil;
    rb_thread_call_without_gvl(open_unlocked, &o, NULL, NULL);
    RB_GC_GUARD(directory);
    RB_GC_GUARD(config);
    RB_GC_GUARD(outputs);
    RB_GC_GUARD(client);
    if (o.status != TSKL_OK) return problem(&o.err, o.status);
    // Another thread may have opened one meanwhile: then that one stays.
    if (observer)
        tskl_observer_close(o.opened, 0);
    else
        tskl_calls_observe(observer = o.opened);
    tskl_leaving_watch(flush_before_leaving);
    return Qnil;
}

typedef struct closing {
    tskl_observer *observer;
    uint32_t timeout_ms;
    size_t pending;
} closing;

static void *close_unlocked(void *memory) {
    closing *c = memory;
    if (tskl_observer_flush(c->observer, c->timeout_ms, &c->pending, NULL) == TSKL_OK)
        c->pending = 0;
    tskl_observer_close(c->observer, 0);
    return NULL;
}

/** close(timeout_ms): how many calls are left unwritten. */
static VALUE close_observer(VALUE self, VALUE timeout_ms) {
    (void)self;
    closing c = {.observer = observer, .timeout_ms = (uint32_t)tskl_value_number(timeout_ms)};
    if (!observer) return INT2FIX(0);
    // From here on no call begins.
    tskl_calls_observe(observer = NULL);
    tskl_wires_give_up();
    rb_thread_call_without_gvl(close_unlocked, &c, NULL, NULL);
    return SIZET2NUM(c.pending);
}

/** add(manifest, wasm, configuration): nil, or why it failed. */
static VALUE add_pack(VALUE self, VALUE manifest, VALUE wasm, VALUE configuration) {
    (void)self;
    tskl_error err = {0};
    if (!observer) return rb_utf8_str_new_cstr("taskless is not loaded");
    if (!RB_TYPE_P(wasm, T_STRING)) return rb_utf8_str_new_cstr("wasm: not a string of bytes");
    // With Ruby's lock: the strings stay as they are, and the observer open.
    tskl_status status =
        tskl_observer_add(observer, tskl_value_slice(manifest), tskl_value_slice(wasm),
                          tskl_value_slice(configuration), &err);
    RB_GC_GUARD(manifest);
    RB_GC_GUARD(wasm);
    RB_GC_GUARD(configuration);
    return status == TSKL_OK ? Qnil : problem(&err, status);
}

/** In another Ractor nothing is observed: calls are the main one's. */
static bool observes(void) {
    return observer && RTEST(rb_ractor_local_storage_value(main_ractor));
}

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/** expect(tls, host, port): a call to that place, which begins now and whose head is not known yet;
 *  or nil. */
static VALUE expect(VALUE self, VALUE tls, VALUE host, VALUE port) {
    (void)self;
    char origin[320];
    tskl_slice name = tskl_value_slice(host);
    int64_t number = tskl_value_number(port), usual = RTEST(tls) ? 443 : 80;
    if (!observes() || name.len == 0) return Qnil;
    bool bare = memchr(name.ptr, ':', name.len) && name.ptr[0] != '[';
    int length = snprintf(origin, sizeof origin, "%s://%s%.*s%s", RTEST(tls) ? "https" : "http",
                          bare ? "[" : "", (int)(name.len < 256 ? name.len : 256), name.ptr,
                          bare ? "]" : "");
    if (number > 0 && number != usual)
        length += snprintf(origin + length, sizeof origin - (size_t)length, ":%d", (int)number);
    RB_GC_GUARD(host);
    return tskl_call_expect((tskl_slice){origin, (size_t)length}, now_us());
}

/** begin(method, url, headers): a call, told in parts; or nil. */
static VALUE begin(VALUE self, VALUE method, VALUE url, VALUE headers) {
    (void)self;
    tskl_lines lines;
    if (!observes() || !tskl_lines_read(headers, &lines)) return Qnil;
    const tskl_request request = {.size = sizeof request,
                                  .method = tskl_value_slice(method),
                                  .url = tskl_value_slice(url),
                                  .headers = tskl_lines_slice(&lines)};
    VALUE call = tskl_call_new(&request);
    free(lines.ptr);
    RB_GC_GUARD(method);
    RB_GC_GUARD(url);
    RB_GC_GUARD(headers);
    return call;
}

// Stands in for Object.inherited. It calls what it stands in for first, and for any class but a few
// nothing more.
static VALUE inherited(VALUE self, VALUE kind) {
    (void)self;
    VALUE result = rb_call_super(1, &kind);
    if (!RTEST(rb_ractor_local_storage_value(main_ractor))) return result;
    VALUE name = NIL_P(waiting) ? Qnil : rb_mod_name(kind);
    if (RB_TYPE_P(name, T_STRING) && !NIL_P(rb_hash_lookup(classes, name)))
        rb_funcall(waiting, rb_intern("came"), 1, kind);
    return result;
}

/** wait_for(names, who): who.came(kind) is called for each class of these names, a hash's keys,
 * that is made from here on, when it is still empty. `who` is nil: no more. */
static VALUE wait_for(VALUE self, VALUE names, VALUE who) {
    (void)self;
    static bool defined;
    classes = names;
    waiting = who;
    if (!defined && !NIL_P(who)) {
        defined = true;
        rb_define_private_method(rb_singleton_class(rb_cObject), "inherited", inherited, 1);
    }
    return Qnil;
}

// Ruby looks for it by this name.
__attribute__((visibility("default"))) void Init_taskless_native(void) {
    rb_ext_ractor_safe(true);
    main_ractor = rb_ractor_local_storage_value_newkey();
    rb_ractor_local_storage_value_set(main_ractor, Qtrue);
    rb_gc_register_address(&classes);
    rb_gc_register_address(&waiting);
    VALUE module = rb_define_module_under(rb_define_module("Taskless"), "Native");
    tskl_calls_define(module);
    rb_define_const(module, "VERSION", rb_obj_freeze(rb_utf8_str_new_cstr(tskl_version())));
    rb_define_singleton_method(module, "open", open_observer, 4);
    rb_define_singleton_method(module, "warn", warn_line, 1);
    rb_define_singleton_method(module, "close", close_observer, 1);
    rb_define_singleton_method(module, "add", add_pack, 3);
    rb_define_singleton_method(module, "expect", expect, 3);
    rb_define_singleton_method(module, "begin", begin, 3);
    rb_define_singleton_method(module, "wait_for", wait_for, 2);
}
