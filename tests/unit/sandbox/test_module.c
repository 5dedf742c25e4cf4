// SPDX-License-Identifier: Apache-2.0
#include "guest.h"

TEST(module, calls_no_hook_with_types_that_c_has_no_number_for) {
    tskl_module *module CLEANUP(guest_free) = guest_load(t, "vectors");
    tskl_slice output;
    CHECK_SAY(module, "%s", t->err.message);
    CHECK(guest_call(t, module, "pre", TSKL_S(""), &output).kind == TSKL_OUTCOME_ABI);
    CHECK(guest_call(t, module, "post", TSKL_S(""), &output).kind == TSKL_OUTCOME_ABI);
    CHECK(guest_call(t, module, "good", TSKL_S(""), &output).kind == TSKL_OUTCOME_OK);
}

TEST(module, names_an_import_of_another_type) {
    CHECK(!guest_load(t, "imports_vectors"));
    CHECK_HAS(t->err.message, "it imports \"store_u64\" from \"extism:host/env\"");
}
