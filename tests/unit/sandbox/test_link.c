// SPDX-License-Identifier: Apache-2.0
#include "guest.h"
#include "sandbox/engine.h"

static const char *const both[][2] = {
    {"command", "linked_command"}, {"counter", "linked_counter"}, {NULL, NULL}};

// What a hook of linked_main said, -1 where it failed.
static int64_t said(tskl_test *t, tskl_module *module, const char *hook) {
    tskl_slice output;
    int64_t number = -1;
    tskl_outcome outcome = guest_call(t, module, hook, TSKL_S(""), &output);
    if (outcome.kind != TSKL_OUTCOME_OK)
        tskl_fail(&t->err, TSKL_ERR_BUG, "%s: " TSKL_FMT, hook, TSKL_ARG(outcome.detail));
    else if (output.len == sizeof number)
        memcpy(&number, output.ptr, sizeof number);
    return number;
}

TEST(link, gives_modules_one_kernel_and_each_its_own_memory) {
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "linked_main", both);
    CHECK_SAY(module, "%s", t->err.message);
    CHECK_SAY(said(t, module, "counts") == 3, "%s", t->err.message);
    CHECK_SAY(said(t, module, "adds") == 42, "%s", t->err.message);
    CHECK_SAY(said(t, module, "asks") == 'v', "%s", t->err.message);
    CHECK_SAY(said(t, module, "clocks") == 1790000000000000000, "%s", t->err.message);
}

TEST(link, begins_each_module_once_and_a_command_for_each_call) {
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "linked_main", both);
    tskl_sandbox_host host = guest_host(t);
    tskl_instance *instance CLEANUP(guest_close) = NULL;
    CHECK_SAY(module, "%s", t->err.message);
    CHECK_OK(tskl_instance_open(module, &host, &guest_limits, &instance, &t->err));
    static const struct {
        const char *hook;
        uint64_t said;
    } rows[] = {{"begins", 11}, {"commands", 41}, {"counts", 3},      {"begins", 11},
                {"counts", 6},  {"commands", 41}, {"calls_often", 1}, {"commands", 41}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        uint64_t number = 0;
        tskl_outcome outcome =
            tskl_instance_call(instance, rows[i].hook, TSKL_S(""), t->arena, &output);
        CHECK_SAY(outcome.kind == TSKL_OUTCOME_OK, "%s: " TSKL_FMT, rows[i].hook,
                  TSKL_ARG(outcome.detail));
        memcpy(&number, output.ptr, output.len);
        CHECK_ROW(i, number == rows[i].said);
    }
}

TEST_ONCE(link, names_how_a_module_failed) {
    static const struct {
        const char *hook;
        tskl_outcome_kind kind;
        const char *detail;
    } rows[] = {
        {"traps", TSKL_OUTCOME_TRAP, "unreachable"},
        {"loops", TSKL_OUTCOME_TIME, "more than 50 ms"},
        {"loops_calling", TSKL_OUTCOME_TIME, "more than 50 ms"},
        {"recurses", TSKL_OUTCOME_STACK, "stack"},
        {"calls_from_deep", TSKL_OUTCOME_STACK, "stack"},
        {"exits", TSKL_OUTCOME_EXIT, "proc_exit(3)"},
        {"fills", TSKL_OUTCOME_MEMORY, "4 MiB is full"},
        {"fills_counter", TSKL_OUTCOME_MEMORY, "4 MiB is full"},
        {"asks_var", TSKL_OUTCOME_REFUSED, "var_get is not granted"},
    };
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "linked_main", both);
    CHECK_SAY(module, "%s", t->err.message);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice output;
        tskl_outcome outcome = guest_call(t, module, rows[i].hook, TSKL_S(""), &output);
        CHECK_SAY(outcome.kind == rows[i].kind, "%s: kind %d, \"" TSKL_FMT "\"", rows[i].hook,
                  (int)outcome.kind, TSKL_ARG(outcome.detail));
        CHECK_SAY(outcome.detail.ptr && strstr(outcome.detail.ptr, rows[i].detail),
                  "%s: \"" TSKL_FMT "\"", rows[i].hook, TSKL_ARG(outcome.detail));
        CHECK_ROW(i, said(t, module, "commands") == 41);
    }
    CHECK(said(t, module, "ends_well") == 5); // the program has ended with its command
}

TEST_ONCE(link, bounds_what_all_modules_hold_together) {
    static const char *const links[][2] = {{"grower", "links_grower"}, {NULL, NULL}};
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "links_growers", links);
    tskl_slice output;
    CHECK_SAY(module, "%s", t->err.message);
    tskl_outcome outcome = guest_call(t, module, "one_grows", TSKL_S(""), &output);
    CHECK(outcome.kind == TSKL_OUTCOME_OK);
    outcome = guest_call(t, module, "both_grow", TSKL_S(""), &output);
    CHECK_TEXT(TSKL_S("its modules have more than 4 MiB together"), outcome.detail);
    CHECK(outcome.kind == TSKL_OUTCOME_MEMORY);
}

TEST(link, shares_a_memory_between_modules_that_are_no_commands) {
    static const char *const links[][2] = {{"counter", "linked_counter"}, {NULL, NULL}};
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "links_memory", links);
    tskl_slice output;
    CHECK_SAY(module, "%s", t->err.message);
    CHECK(guest_call(t, module, "pre", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
    tskl_module *larger CLEANUP(guest_free) = guest_link(t, "links_larger_memory", links);
    CHECK_SAY(larger, "%s", t->err.message);
    tskl_outcome outcome = guest_call(t, larger, "pre", TSKL_S(""), &output);
    CHECK(outcome.kind == TSKL_OUTCOME_ABI);
    CHECK(outcome.detail.ptr);
    CHECK_HAS(outcome.detail.ptr, "incompatible import type for `counter::memory`");
}

TEST(link, names_what_cannot_be_linked) {
    static const struct {
        const char *own, *links[4][2], *says;
    } rows[] = {
        {"links_missing",
         {{"counter", "linked_counter"}},
         "it imports \"previous\" from \"counter\", which does not export it"},
        {"links_wrong_type",
         {{"counter", "linked_counter"}},
         "it imports \"next\" from \"counter\", which does not export it (or not with this type)"},
        {"links_missing", {{NULL}}, "from \"counter\", which a Pack is not given"},
        {"links_command_memory",
         {{"command", "linked_command"}, {"counter", "linked_counter"}},
         "it imports \"memory\" from \"command\""},
        {"links_reference", {{"command", "reference_command"}}, "\"takes\" from \"command\""},
        {"linked_counter",
         {{"a", "links_circle_a"}, {"b", "links_circle_b"}},
         "its modules import in a circle: \"a\" from \"b\""},
        {"linked_counter", {{"b", "links_circle_a"}}, "in a circle: \"b\" from \"b\""},
        {"linked_counter",
         {{"other", "links_main"}},
         "module \"other\": it imports \"f\" from \"main\", which a Pack is not given"},
        {"linked_counter", {{"main", "linked_counter"}}, "no module may be called \"main\""},
        {"linked_counter",
         {{"extism:host/env", "linked_counter"}},
         "no module may be called \"extism:host/env\""},
        {"linked_counter", {{"", "linked_counter"}}, "a module's name has 1 to 64 bytes"},
        {"linked_counter",
         {{"a", "linked_counter"}, {"a", "linked_counter"}},
         "two modules are called \"a\""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_module *module CLEANUP(guest_free) = guest_link(t, rows[i].own, rows[i].links);
        CHECK_ROW(i, !module);
        CHECK_HAS(t->err.message, rows[i].says);
    }
}

TEST(link, takes_as_many_modules_as_a_pack_may_have) {
    static const char *const links[][2] = {
        {"1", "linked_counter"}, {"2", "linked_counter"}, {"3", "linked_counter"},
        {"4", "linked_counter"}, {"5", "linked_counter"}, {"6", "linked_counter"},
        {"7", "linked_counter"}, {"8", "linked_counter"}, {NULL, NULL}};
    static const char name[] = "a name that is one byte longer than a name of a module may be....";
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "hooks", links + 1);
    tskl_slice output;
    CHECK_SAY(module, "%s", t->err.message);
    for (int i = 0; i < 20; i++) {
        CHECK(guest_call(t, module, "echo", TSKL_S("hello"), &output).kind == TSKL_OUTCOME_OK);
        CHECK_TEXT(TSKL_S("hello"), output);
    }
    CHECK(!guest_link(t, "hooks", links));
    CHECK_HAS(t->err.message, "it has 9 modules, and may have 8");
    const char *const too_long[][2] = {{name, "linked_counter"}, {NULL, NULL}};
    CHECK(!guest_link(t, "hooks", too_long));
    CHECK_HAS(t->err.message, "a module's name has 1 to 64 bytes");
}

TEST(link, says_that_there_is_no_room_for_so_many) {
    tskl_places *places = &guest_engine()->places;
    tskl_module *module CLEANUP(guest_free) = guest_link(t, "linked_main", both);
    tskl_module *alone CLEANUP(guest_free) = guest_load(t, "hooks");
    tskl_slice output;
    CHECK_SAY(module && alone, "%s", t->err.message);
    uint32_t all = places->all;
    places->all = 2; // as where there is little address space
    tskl_outcome outcome = guest_call(t, module, "begins", TSKL_S(""), &output);
    tskl_outcome other = guest_call(t, alone, "echo", TSKL_S("x"), &output);
    places->all = all;
    CHECK(outcome.kind == TSKL_OUTCOME_ROOM && other.kind == TSKL_OUTCOME_OK);
    CHECK_TEXT(TSKL_S("there is no room for so many modules: see ulimit -v"), outcome.detail);
    CHECK(said(t, module, "begins") == 11);
}

static void release_part(tskl_part **part) {
    tskl_part_release(*part);
    *part = NULL;
}
#define PART CLEANUP(release_part) tskl_part

TEST(link, loads_what_several_packs_use_once) {
    tskl_sha256 digest = tskl_sha256_of(TSKL_S("linked_counter"));
    CHECK(!tskl_part_find(guest_engine(), &digest));
    PART *part = guest_part(t, "linked_counter", &digest);
    PART *again = guest_part(t, "linked_counter", &digest);
    PART *found = tskl_part_find(guest_engine(), &digest);
    PART *own = guest_part(t, "links_memory", NULL);
    tskl_module *module CLEANUP(guest_free) = NULL;
    tskl_link link = {TSKL_S("counter"), part};
    tskl_slice output;
    CHECK(own && part && again == part && found == part);
    CHECK_OK(tskl_module_link(own, &link, 1, &module, &t->err));
    release_part(&own);
    release_part(&part);
    release_part(&again);
    release_part(&found);
    CHECK(guest_call(t, module, "pre", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
    tskl_module_free(module);
    module = NULL;
    CHECK(!tskl_part_find(guest_engine(), &digest));
}
