// What a program has just been told is still on its way to the outputs when it leaves by one of
// these (a worker of Resque after each job). Each method keeps its owner, name, arity and
// visibility; no other name is added, since a program may list its methods.
// SPDX-License-Identifier: Apache-2.0
#include "leaving.h"

#include <ruby.h>
#include <stdbool.h>

typedef struct way {
    const char *name;
    bool process_has_it,
        kernel_has_it; // as a method of the module; Kernel's is one of any object too
    VALUE of_process, of_kernel, of_object; // what stood there: UnboundMethods
} way;

static way ways[] = {
    {"exit!", true, true, Qnil, Qnil, Qnil},
    {"exec", true, true, Qnil, Qnil, Qnil},
    {"daemon", true, false, Qnil, Qnil, Qnil},
};
enum { EXIT, EXEC, DAEMON, WAYS };

static void (*flush_records)(void);

static VALUE leave(VALUE original, VALUE self, int count, const VALUE *values) {
    VALUE all;
    VALUE *bound = ALLOCV_N(VALUE, all, count + 1);
    bound[0] = self;
    for (int i = 0; i < count; i++) bound[i + 1] = values[i];
    if (flush_records) flush_records();
    VALUE result = rb_funcallv_kw(original, rb_intern("bind_call"), count + 1, bound,
                                  rb_keyword_given_p() ? RB_PASS_KEYWORDS : RB_NO_KEYWORDS);
    ALLOCV_END(all);
    return result;
}

// Ruby hands a method in C nothing that says which it is: one function for each.
#define METHOD(function, which, original)                                                          \
    static VALUE function(int count, VALUE *values, VALUE self) {                                  \
        return leave(ways[which].original, self, count, values);                                   \
    }
METHOD(process_exit, EXIT, of_process)
METHOD(kernel_exit, EXIT, of_kernel)
METHOD(object_exit, EXIT, of_object)
METHOD(process_exec, EXEC, of_process)
METHOD(kernel_exec, EXEC, of_kernel)
METHOD(object_exec, EXEC, of_object)
METHOD(process_daemon, DAEMON, of_process)
#undef METHOD

static VALUE take(VALUE owner, const char *name) {
    VALUE original = rb_funcall(owner, rb_intern("instance_method"), 1, ID2SYM(rb_intern(name)));
    rb_gc_register_mark_object(original);
    return original;
}

static void remember(way *w) {
    if (w->process_has_it) w->of_process = take(rb_singleton_class(rb_mProcess), w->name);
    if (!w->kernel_has_it) return;
    w->of_kernel = take(rb_singleton_class(rb_mKernel), w->name);
    w->of_object = take(rb_mKernel, w->name);
}

static VALUE replace(VALUE ignored) {
    (void)ignored;
    for (int i = 0; i < WAYS; i++) remember(&ways[i]);
    rb_define_singleton_method(rb_mProcess, "exit!", process_exit, -1);
    rb_define_singleton_method(rb_mKernel, "exit!", kernel_exit, -1);
    rb_define_private_method(rb_mKernel, "exit!", object_exit, -1);
    rb_define_singleton_method(rb_mProcess, "exec", process_exec, -1);
    rb_define_singleton_method(rb_mKernel, "exec", kernel_exec, -1);
    rb_define_private_method(rb_mKernel, "exec", object_exec, -1);
    rb_define_singleton_method(rb_mProcess, "daemon", process_daemon, -1);
    return Qnil;
}

void tskl_leaving_watch(void (*flush)(void)) {
    static bool replaced;
    int state = 0;
    flush_records = flush;
    if (replaced) return;
    replaced = true;
    // With -w Ruby would speak of methods that are defined again.
    VALUE verbose = ruby_verbose;
    ruby_verbose = Qnil;
    rb_protect(replace, Qnil, &state);
    ruby_verbose = verbose;
    // A Ruby without one of them, or whose modules are frozen: what was replaced still works.
    if (state) rb_set_errinfo(Qnil);
}
