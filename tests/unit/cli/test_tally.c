// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "output/group.h"
#include "recording/record_reader.h"
#include "recording/tally.h"

TEST(tally, counts_failures_by_their_best_name) {
    static const char *const lines[] = {
        "{\"status\":200,\"ending\":\"done\",\"captures\":{\"stripe/ok\":true}}",
        "{\"status\":402,\"ending\":\"done\",\"captures\":{\"core/error\":\"x\","
        "\"stripe/class\":\"declined\",\"stripe/error.code\":\"card_declined\"}}",
        "{\"status\":402,\"ending\":\"done\",\"captures\":{\"stripe/error.code\":"
        "\"card_declined\"}}",
        "{\"status\":200,\"ending\":\"done\",\"captures\":{\"slack/ok\":false,\"slack/class\":"
        "\"auth\"}}",
        "{\"ending\":\"failed\",\"error\":{\"kind\":\"connect\",\"code\":\"ECONNREFUSED\"}}",
        "{\"status\":503,\"ending\":\"done\"}",
        "not a record",
    };
    CLEANUP(tskl_tally_deinit) tskl_tally tally = {0};
    char room[512];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    for (size_t i = 0; i < TSKL_COUNT(lines); i++) tskl_tally_add(&tally, tskl_slice_of(lines[i]));
    tskl_tally_summary(&tally, &text);
    CHECK_TEXT(TSKL_S("7 calls, 5 failed: stripe card_declined 2, ECONNREFUSED 1, slack auth 1, "
                      "status 503 1"),
               tskl_buf_slice(&text));
}

TEST(tally, shows_the_five_most_frequent) {
    CLEANUP(tskl_tally_deinit) tskl_tally tally = {0};
    char room[512];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    for (int status = 400; status < 407; status++) {
        char *line = tskl_arena_printf(t->arena, "{\"status\":%d,\"ending\":\"done\"}", status);
        CHECK(line);
        for (int n = 400; n <= status; n++) tskl_tally_add(&tally, tskl_slice_of(line));
    }
    tskl_tally_summary(&tally, &text);
    CHECK_TEXT(TSKL_S("28 calls, 28 failed: status 406 7, status 405 6, status 404 5, "
                      "status 403 4, status 402 3 and 2 other reasons"),
               tskl_buf_slice(&text));
}

TEST(record_reader, reads_what_outputs_render) {
    tskl_read_record *read;
    CHECK_OK(tskl_record_read(
        TSKL_S("{\"v\":1,\"method\":\"GET\",\"url\":\"https://a/\",\"status\":402,\"ending\":"
               "\"aborted\",\"captures\":{\"a/b.c\":1,\"a/d\":true},\"packs\":[{\"name\":\"a\","
               "\"version\":\"1\"}]}"),
        t->arena, &read, &t->err));
    CHECK(read->exchange.status == 402 && read->exchange.ending == TSKL_ABORTED);
    CHECK(read->captures.count == 2 && read->record.run_count == 1);
    CHECK_TEXT(TSKL_S("b.c"), read->captures.items[0].name);
    CHECK_TEXT(TSKL_S("true"), read->captures.items[1].text);
    CHECK(tskl_record_failed(&read->record));
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_record_read(TSKL_S("{"), t->arena, &read, &t->err));
}
