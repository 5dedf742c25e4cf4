// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "output/format.h"
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
        "{\"url\":\"https://a.example/x?y\",\"status\":503,\"ending\":\"done\"}",
        "not a record",
    };
    CLEANUP(tskl_tally_deinit) tskl_tally tally = {0};
    char room[512];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    for (size_t i = 0; i < TSKL_COUNT(lines); i++) tskl_tally_add(&tally, tskl_slice_of(lines[i]));
    tskl_tally_summary(&tally, &text);
    CHECK_TEXT(TSKL_S("7 calls, 5 failed: stripe card_declined 2, ECONNREFUSED 1, "
                      "a.example status 503 1, slack auth 1"),
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

TEST(record_reader, reads_all_that_is_written) {
    static const char *const lines[] = {
        "{\"v\":1,\"id\":\"0199f0c2-0000-7000-8000-000000000001\",\"time\":\"2026-11-23T02:15:04.123Z\","
        "\"method\":\"POST\",\"url\":\"https://a.example:8443/x?key=***\",\"status\":402,\"ending\":"
        "\"done\",\"duration_ms\":184.2,\"first_byte_ms\":180.9,\"sent\":212,\"received\":614,"
        "\"truncated\":[\"response\"],\"attempt\":2,\"first\":\"0199f0c2-0000-7000-8000-000000000000\","
        "\"wait_ms\":1500,\"trace\":{\"id\":\"0123456789abcdef0123456789abcdef\",\"span\":"
        "\"0123456789abcdef\"},\"captures\":{\"core/status\":402,\"a/b.c\":\"d\\n\",\"a/list\":[1,2]},"
        "\"packs\":[{\"name\":\"a\",\"version\":\"1.0.0\",\"hook\":\"post\",\"result\":\"trap\","
        "\"detail\":\"unreachable\",\"us\":38}],\"withheld\":1,\"sample\":0.1,\"varying\":true,"
        "\"client\":\"node/24.1.0\",\"pid\":4711}\n",
        "{\"v\":1,\"id\":\"0199f0c2-0000-7000-8000-000000000002\",\"time\":\"2026-11-23T02:15:04.123Z\","
        "\"method\":\"GET\",\"url\":\"http://b/\",\"ending\":\"failed\",\"error\":{\"kind\":\"connect\","
        "\"code\":\"ECONNREFUSED\",\"message\":\"no\"},\"duration_ms\":1,\"sent\":0,\"received\":0}\n",
    };
    for (size_t i = 0; i < TSKL_COUNT(lines); i++) {
        tskl_read_record *read;
        char room[4096];
        tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        CHECK_OK(tskl_record_read(tskl_slice_of(lines[i]), t->arena, &read, &t->err));
        tskl_format_ndjson(&text, &read->record);
        CHECK_TEXT(tskl_slice_of(lines[i]), tskl_buf_slice(&text));
    }
}
