// SPDX-License-Identifier: Apache-2.0
#include "capture/record.h"
#include "harness.h"

TEST(record, says_what_a_hook_came_to_in_one_word) {
    CHECK(strcmp(tskl_result_text(TSKL_RESULT_ok), "ok") == 0);
    CHECK(strcmp(tskl_result_text(TSKL_RESULT_unavailable), "unavailable") == 0);
    CHECK(strcmp(tskl_result_text((tskl_result)99), "unknown") == 0);
}
