// SPDX-License-Identifier: Apache-2.0
#include "guest.h"

TEST_ONCE(start, makes_a_guest_anew_that_ended_well) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "exits");
    tskl_sandbox_host host = guest_host(t);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_slice output;
    CHECK(module);
    CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
    for (int i = 0; i < 3; i++) {
        tskl_outcome pre = tskl_instance_call(instance, "pre", TSKL_S("a"), t->arena, &output);
        CHECK(pre.kind == TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("a"), output);
        tskl_outcome post = tskl_instance_call(instance, "post", TSKL_S("b"), t->arena, &output);
        CHECK(post.kind == TSKL_OUTCOME_OK); // it traps when it was called before
        CHECK_TEXT(TSKL_S("b"), output);
    }
}

TEST_ONCE(start, never_calls_a_hook_of_a_guest_that_ended_before) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "exits_at_start");
    tskl_sandbox_host host = guest_host(t);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_slice output;
    CHECK(module);
    CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
    tskl_outcome pre = tskl_instance_call(instance, "pre", TSKL_S("a"), t->arena, &output);
    CHECK(pre.kind == TSKL_OUTCOME_EXIT);
    CHECK_TEXT(TSKL_S("it called proc_exit(0)"), pre.detail);
    CHECK(tskl_instance_call(instance, "post", TSKL_S("a"), t->arena, &output).kind !=
          TSKL_OUTCOME_OK);
}

TEST_ONCE(start, refuses_more_memory_than_a_guest_may_have) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "needs_too_much");
    tskl_slice output;
    CHECK(module);
    tskl_outcome outcome = guest_call(t, module, "pre", TSKL_S(""), &output);
    CHECK(outcome.kind == TSKL_OUTCOME_MEMORY);
    CHECK_HAS(outcome.detail.ptr, "memory minimum size of 100 pages");
}

TEST_ONCE(start, tells_a_full_memory_from_a_trap) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "full_of_itself");
    tskl_slice output;
    CHECK(module);
    CHECK(guest_call(t, module, "grows", TSKL_S(""), &output).kind == TSKL_OUTCOME_MEMORY);
    CHECK(guest_call(t, module, "traps", TSKL_S(""), &output).kind == TSKL_OUTCOME_TRAP);
}
