// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"
#include "harness.h"

TEST(status, carries_a_message_and_itself) {
    tskl_error err;
    CHECK(tskl_fail(&err, TSKL_ERR_LIMIT, "%d of %d", 3, 2) == TSKL_ERR_LIMIT);
    CHECK(err.status == TSKL_ERR_LIMIT && strcmp(err.message, "3 of 2") == 0);
    CHECK(tskl_fail(NULL, TSKL_ERR_IO, "nobody asks") == TSKL_ERR_IO);
}

TEST(status, gains_a_prefix_going_up) {
    tskl_error err;
    tskl_fail(&err, TSKL_ERR_SYNTAX, "line 3: no name");
    CHECK(tskl_context(&err, TSKL_ERR_INVALID, "pack %s", "stripe") == TSKL_ERR_INVALID);
    CHECK(err.status == TSKL_ERR_INVALID);
    CHECK(strcmp(err.message, "pack stripe: line 3: no name") == 0);
    CHECK(tskl_context(NULL, TSKL_ERR_IO, "x") == TSKL_ERR_IO);
}

TEST(status, shows_where_a_message_was_cut) {
    char text[400];
    tskl_error err;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    tskl_fail(&err, TSKL_ERR_IO, "%s", text);
    CHECK(strlen(err.message) == sizeof err.message - 1);
    CHECK(strcmp(err.message + sizeof err.message - 5, "x...") == 0);
}

TEST(status, keeps_the_cause_whole_and_shortens_what_stands_before_it) {
    char path[400];
    tskl_error err;
    memset(path, '/', sizeof path);
    memcpy(path + sizeof path - 6, "/file", 6);
    tskl_fail(&err, TSKL_ERR_UNTRUSTED, "others may write there: chmod go-w /srv/app");
    tskl_context(&err, TSKL_ERR_UNTRUSTED, "%s", path);
    CHECK(strlen(err.message) == sizeof err.message - 1);
    CHECK(strncmp(err.message, ".../", 4) == 0);
    CHECK_HAS(err.message, "/file: others may write there: chmod go-w /srv/app");
    tskl_context(&err, TSKL_ERR_UNTRUSTED, "no room for this");
    CHECK(strncmp(err.message, ".../", 4) == 0);
}

TEST(status, has_a_text_for_each) {
    CHECK(strcmp(tskl_status_text(TSKL_OK), "done") == 0);
    CHECK(strcmp(tskl_status_text(TSKL_ERR_BUG), "a fault in taskless itself") == 0);
    CHECK(strcmp(tskl_status_text((tskl_status)99), "unknown status") == 0);
}
