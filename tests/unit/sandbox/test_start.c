// SPDX-License-Identifier: Apache-2.0
#include "guest.h"

TEST(start, makes_a_guest_anew_that_ended_well) {
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

TEST(start, never_calls_a_hook_of_a_guest_that_ended_before) {
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

TEST(start, refuses_more_memory_than_a_guest_may_have) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "needs_too_much");
    tskl_slice output;
    CHECK(module);
    tskl_outcome outcome = guest_call(t, module, "pre", TSKL_S(""), &output);
    CHECK(outcome.kind == TSKL_OUTCOME_MEMORY);
    CHECK(outcome.detail.ptr);
    CHECK_HAS(outcome.detail.ptr, "memory minimum size of 100 pages");
}

TEST(start, tells_a_full_memory_from_a_trap) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "full_of_itself");
    tskl_slice output;
    CHECK(module);
    CHECK(guest_call(t, module, "grows", TSKL_S(""), &output).kind == TSKL_OUTCOME_MEMORY);
    CHECK(guest_call(t, module, "traps", TSKL_S(""), &output).kind == TSKL_OUTCOME_TRAP);
}

TEST(start, begins_a_guest_in_one_way_and_once) {
    static const struct {
        const char *name, *ran;
    } rows[] = {
        {"begins_constructors", "it returned 1"},
        {"begins_initialize", "it returned 2"},
        {"begins_haskell", "it returned 23"},
        {"begins_haskell_alone", "it returned 3"},
        {"begins_other_types", ""},
        {"begins_command", ""},
        {"starts_with_wasi", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_module *module CLEANUP(guest_free) = guest_load(t, rows[i].name);
        tskl_sandbox_host host = guest_host(t);
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        tskl_slice output;
        CHECK_SAY(module, "%s: %s", rows[i].name, t->err.message);
        CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
        tskl_outcome pre = tskl_instance_call(instance, "pre", TSKL_S(""), t->arena, &output);
        CHECK_TEXT(tskl_slice_of(rows[i].ran), pre.detail);
        // Where it returned 0 it goes on, and has not begun again.
        if (pre.kind != TSKL_OUTCOME_OK) continue;
        pre = tskl_instance_call(instance, "pre", TSKL_S(""), t->arena, &output);
        CHECK_ROW(i, pre.kind == TSKL_OUTCOME_OK);
    }
}

TEST(start, leaves_nothing_of_a_command_that_ran) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "begins_command");
    tskl_sandbox_host host = guest_host(t);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    tskl_slice output;
    CHECK(module);
    CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
    for (int i = 0; i < 3; i++) {
        tskl_outcome ran = tskl_instance_call(instance, "_start", TSKL_S(""), t->arena, &output);
        CHECK(ran.kind == TSKL_OUTCOME_OK);
        CHECK(tskl_instance_call(instance, "pre", TSKL_S(""), t->arena, &output).kind ==
              TSKL_OUTCOME_OK);
    }
}
