// SPDX-License-Identifier: Apache-2.0
#include "guest.h"
#include "pipeline/vars.h"

// The store that the pipeline has behind these two functions.
static tskl_vars *vars;
static tskl_buf value_got = {.cap = TSKL_VARS_MAX};

static tskl_status var_get(void *user, tskl_slice key, tskl_slice *value) {
    (void)user;
    tskl_status status = tskl_vars_get(vars, key, &value_got);
    *value = tskl_buf_slice(&value_got);
    return status;
}

static tskl_status var_set(void *user, tskl_slice key, tskl_slice value, bool remove) {
    (void)user;
    if (!remove) return tskl_vars_set(vars, key, value);
    tskl_vars_remove(vars, key);
    return TSKL_OK;
}

static void free_vars(tskl_vars **store) {
    tskl_vars_free(*store);
    tskl_buf_deinit(&value_got);
    tskl_buf_init(&value_got, TSKL_VARS_MAX);
}

static tskl_outcome ask(tskl_test *t, tskl_module *module, const char *hook, tskl_slice input,
                        tskl_slice *output) {
    tskl_sandbox_host host = guest_host(t);
    host.var_get = var_get;
    host.var_set = var_set;
    return guest_call_host(t, module, &host, hook, input, output);
}

TEST(variables, are_set_found_and_removed) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "variables");
    tskl_vars *store CLEANUP(free_vars) = NULL;
    tskl_slice output, none = {NULL, 0};
    uint64_t number = 9;
    CHECK(module);
    CHECK_OK(tskl_vars_new(&store, &t->err));
    vars = store;
    CHECK(ask(t, module, "gets", none, &output).kind == TSKL_OUTCOME_OK && output.len == 0);
    CHECK(ask(t, module, "sets", TSKL_S("some\0bytes\xff"), &output).kind == TSKL_OUTCOME_OK);
    CHECK(ask(t, module, "gets", none, &output).kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("some\0bytes\xff"), output);
    CHECK(ask(t, module, "removes", none, &output).kind == TSKL_OUTCOME_OK);
    CHECK(ask(t, module, "removes", none, &output).kind == TSKL_OUTCOME_OK);
    CHECK(ask(t, module, "gets", none, &output).kind == TSKL_OUTCOME_OK && output.len == 0);
    // An empty input has the handle 0, which removes, and names no variable: nothing is wrong.
    CHECK(ask(t, module, "sets_what_has_no_name", none, &output).kind == TSKL_OUTCOME_OK);
    memcpy(&number, output.ptr, output.len);
    CHECK(output.len == 8 && number == 0);
    CHECK(ask(t, module, "sets_what_has_no_name", TSKL_S("abc"), &output).kind == TSKL_OUTCOME_OK);
    memcpy(&number, output.ptr, output.len);
    CHECK(number == 3);
    CHECK(ask(t, module, "keeps_no_handle", none, &output).kind == TSKL_OUTCOME_OK);
    memcpy(&number, output.ptr, output.len);
    CHECK(number == 0);
}

TEST(variables, end_a_hook_that_uses_them_badly) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"forges_key", TSKL_OUTCOME_ABI, "var_get: 99999 is not a handle"},
        {"forges_value", TSKL_OUTCOME_ABI, "var_set: 18446744073709551615 is not a handle"},
        {"sets_no_text", TSKL_OUTCOME_ABI, "var_set: a key is not UTF-8"},
        {"gets_no_text", TSKL_OUTCOME_ABI, "var_get: a key is not UTF-8"},
        {"fills", TSKL_OUTCOME_ERROR, "var_set: the variables are full"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "variables");
    tskl_vars *store CLEANUP(free_vars) = NULL;
    CHECK(module);
    CHECK_OK(tskl_vars_new(&store, &t->err));
    vars = store;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = ask(t, module, rows[i].hook, TSKL_S(""), &output);
        CHECK_ROW(i, outcome.kind == rows[i].kind);
        CHECK_TEXT(tskl_slice_of(rows[i].detail), outcome.detail);
    }
}

TEST(variables, are_refused_where_they_are_not_granted) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "variables");
    static const char *const hooks[] = {"gets", "sets", "removes", "forges_key"};
    CHECK(module);
    for (size_t i = 0; i < TSKL_COUNT(hooks); i++) {
        tskl_slice output;
        CHECK_ROW(i, guest_call(t, module, hooks[i], TSKL_S("x"), &output).kind ==
                         TSKL_OUTCOME_REFUSED);
    }
}
