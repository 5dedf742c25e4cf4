// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "harness.h"

TEST(uuid, sorts_by_time_and_differs_at_one_time) {
    tskl_uuid earlier = tskl_uuid_new(1795400104123000), same = tskl_uuid_new(1795400104123000);
    tskl_uuid later = tskl_uuid_new(1795400104124000);
    CHECK(strcmp(earlier.text, later.text) < 0 && strcmp(same.text, later.text) < 0);
    CHECK(strcmp(earlier.text, same.text) != 0);
}

TEST(uuid, is_of_version_7_and_says_its_time) {
    tskl_uuid id = tskl_uuid_new(0x0199f0c2abcd * INT64_C(1000));
    CHECK(strncmp(id.text, "0199f0c2-abcd-7", 15) == 0);
    CHECK(strchr("89ab", id.text[19]));
    tskl_uuid before = tskl_uuid_new(-1);
    CHECK(strncmp(before.text, "00000000-0000-7", 15) == 0);
}

TEST(uuid, takes_any_version_and_case_of_text) {
    tskl_uuid id;
    CHECK(tskl_uuid_parse(TSKL_S("0199F0C2-ABCD-4000-8000-0123456789AB"), &id));
    CHECK(strcmp(id.text, "0199f0c2-abcd-4000-8000-0123456789ab") == 0);
    CHECK(tskl_uuid_parse(tskl_slice_of(tskl_uuid_new(5).text), &id));
}

TEST(uuid, refuses_what_is_none) {
    static const char *const rows[] = {
        "",
        "0199f0c2-abcd-4000-8000-0123456789a",
        "0199f0c2-abcd-4000-8000-0123456789abc",
        "0199f0c2xabcd-4000-8000-0123456789ab",
        "0199f0c2-abcd-4000-8000-0123456789ag",
        "-199f0c2-abcd-4000-8000-0123456789ab",
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_uuid id = {"x"};
        CHECK_ROW(i, !tskl_uuid_parse(tskl_slice_of(rows[i]), &id) && id.text[0] == 0);
    }
}
