// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "guest.h"
#include <stdio.h>

TEST(instance, gives_back_what_a_hook_writes) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    tskl_slice output;
    CHECK(module);
    CHECK(guest_call(t, module, "echo", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("hello"), output);
    CHECK(guest_call(t, module, "echo", (tskl_slice){NULL, 0}, &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
    CHECK(guest_call(t, module, "nothing", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
}

TEST_ONCE(instance, gives_back_input_of_every_size) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    static char bytes[70000];
    CHECK(module);
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7);
    for (size_t size = 1; size < sizeof bytes; size += size < 300 ? 1 : 997) {
        tskl_slice output, input = {bytes, size};
        CHECK_ROW(size, guest_call(t, module, "echo", input, &output).kind == TSKL_OUTCOME_OK);
        CHECK_ROW(size, tskl_slice_equal(input, output));
    }
}

TEST_ONCE(instance, names_how_a_hook_failed) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"returns_three", TSKL_OUTCOME_ERROR, "it returned 3"},
        {"sets_error", TSKL_OUTCOME_ERROR, "no"},
        {"traps", TSKL_OUTCOME_TRAP, "unreachable"},
        {"divides", TSKL_OUTCOME_TRAP, "divide by zero"},
        {"reaches_outside", TSKL_OUTCOME_TRAP, "outside its memory"},
        {"reaches_just_outside", TSKL_OUTCOME_TRAP, "outside its memory"},
        {"reaches_outside_by_offset", TSKL_OUTCOME_TRAP, "outside its memory"},
        {"loops", TSKL_OUTCOME_TIME, "more than 50 ms"},
        {"recurses", TSKL_OUTCOME_STACK, "stack"},
        {"exits", TSKL_OUTCOME_EXIT, "proc_exit(7)"},
        {"grows", TSKL_OUTCOME_MEMORY, "4 MiB is full"},
        {"takes", TSKL_OUTCOME_ABI, "takes nothing"},
        {"returns_f64", TSKL_OUTCOME_ABI, "returns nothing or an i32"},
        {"absent", TSKL_OUTCOME_ABI, "does not export"},
        {"gives_too_much", TSKL_OUTCOME_OUTPUT, "3000000 bytes is over 256 KiB"},
        {"damages_blocks", TSKL_OUTCOME_ERROR, "without a message"},
        {"asks_config_with_no_handle", TSKL_OUTCOME_ABI, "999999 is not a handle"},
        {"asks_vars", TSKL_OUTCOME_REFUSED, "var_get"},
        {"asks_http", TSKL_OUTCOME_REFUSED, "http_request"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = guest_call(t, module, rows[i].hook, TSKL_S("in"), &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s: kind %d, \"" TSKL_FMT "\"", rows[i].hook,
                  (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_SAY(outcome.detail.ptr && strstr(outcome.detail.ptr, rows[i].detail),
                  "%s: \"" TSKL_FMT "\"", rows[i].hook, TSKL_ARG(outcome.detail));
        CHECK_ROW(i,
                  guest_call(t, module, "echo", TSKL_S("fine"), &output).kind == TSKL_OUTCOME_OK);
    }
}

TEST(instance, tells_the_error_that_a_hook_set_however_it_ended) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"returns_zero", TSKL_OUTCOME_ERROR, "no"},
        {"returns_one", TSKL_OUTCOME_ERROR, "no"},
        {"returns_nothing", TSKL_OUTCOME_ERROR, "no"},
        {"traps", TSKL_OUTCOME_TRAP, "no (unreachable)"},
        {"exits", TSKL_OUTCOME_EXIT, "no (it called proc_exit(2))"},
        {"exits_well", TSKL_OUTCOME_ERROR, "no"},
        {"is_refused", TSKL_OUTCOME_REFUSED, "var_get is not granted to this Pack"},
        {"loops", TSKL_OUTCOME_TIME, "it ran for more than 50 ms"},
        {"frees_its_error", TSKL_OUTCOME_TRAP, "unreachable"},
        {"clears_its_error", TSKL_OUTCOME_OK, ""},
        {"grows", TSKL_OUTCOME_OK, ""},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "ends");
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = guest_call(t, module, rows[i].hook, TSKL_S(""), &output);
        CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
        CHECK_ROW(i, outcome.kind == rows[i].kind);
    }
}

TEST(instance, answers_memory_that_it_does_not_give_with_minus_one) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "grows_to_the_limit");
    tskl_slice output;
    CHECK(module);
    tskl_outcome outcome = guest_call(t, module, "pre", TSKL_S(""), &output);
    CHECK_TEXT(TSKL_S(""), outcome.detail);
}

TEST(instance, calls_functions_of_its_own_as_hooks) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"pre", TSKL_OUTCOME_OK, ""},
        {"chunk", TSKL_OUTCOME_ERROR, "it returned 2"},
        {"post", TSKL_OUTCOME_OK, ""},
        {"reset", TSKL_OUTCOME_OK, ""},
        {"length", TSKL_OUTCOME_ABI, "a hook takes nothing and returns nothing or an i32"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks_of_host");
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = guest_call(t, module, rows[i].hook, TSKL_S("in"), &output);
        CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
        CHECK_ROW(i, outcome.kind == rows[i].kind && output.len == 0);
    }
}

TEST(instance, does_not_believe_forged_lengths) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    tskl_slice output;
    CHECK(module);
    CHECK(guest_call(t, module, "forges_length", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("hello"), output);
    CHECK(guest_call(t, module, "points_outside", TSKL_S("hello"), &output).kind ==
          TSKL_OUTCOME_OK);
    CHECK(output.len == 0);
    static const char zeros[8];
    CHECK(guest_call(t, module, "reads_past_input", TSKL_S("hello"), &output).kind ==
          TSKL_OUTCOME_OK);
    CHECK(output.len == 8 && memcmp(output.ptr, zeros, 8) == 0);
    CHECK(guest_call(t, module, "frees_forged_room", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8 && memcmp(output.ptr, zeros, 8) == 0);
    CHECK(guest_call(t, module, "allocates_wildly", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8 && memcmp(output.ptr, zeros, 8) == 0);
}

TEST(instance, gives_configuration_log_clock_and_chance) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    tskl_slice output, again;
    CHECK(module);
    CHECK(guest_call(t, module, "asks_config", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("value of k"), output);
    CHECK(guest_call(t, module, "logs", TSKL_S("a line"), &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("a line"), guest_logged);
    CHECK(guest_call(t, module, "random", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(guest_call(t, module, "random", TSKL_S("x"), &again).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(output, again);
    uint64_t now;
    CHECK(guest_call(t, module, "clock", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    memcpy(&now, output.ptr, sizeof now);
    CHECK(now == 1790000000000000000u);
    CHECK(guest_call(t, module, "exits_well", TSKL_S("x"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(output.len == 8);
}

TEST(instance, keeps_state_within_an_exchange_and_none_between) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    CHECK(module);
    for (int exchange = 0; exchange < 2; exchange++) {
        tskl_sandbox_host host = guest_host(t);
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
        for (uint64_t n = 1; n <= 3; n++) {
            tskl_slice output;
            uint64_t got = 0;
            tskl_outcome outcome =
                tskl_instance_call(instance, "count", TSKL_S(""), t->arena, &output);
            CHECK(outcome.kind == TSKL_OUTCOME_OK && output.len == 8);
            memcpy(&got, output.ptr, sizeof got);
            CHECK(got == n);
        }
    }
}

TEST_ONCE(instance, serves_100_000_exchanges_and_frees_them_all) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "hooks");
    CHECK(module);
    int64_t start = tskl_clock_steady_us();
    enum { CALLS = 100000 };
    tskl_arena arena = {0};
    for (int i = 0; i < CALLS; i++) {
        tskl_sandbox_host host = guest_host(t);
        tskl_instance *instance CLEANUP(guest_close) = NULL;
        tskl_slice output;
        CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
        CHECK(tskl_instance_call(instance, "echo", TSKL_S("0123456789"), &arena, &output).kind ==
              TSKL_OUTCOME_OK);
    }
    fprintf(stderr, "%.2f us a fresh instance and call\n",
            (double)(tskl_clock_steady_us() - start) / CALLS);
}
