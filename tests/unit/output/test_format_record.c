// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "output/format.h"
#include "output/parts.h"
#include "output/story.h"

TEST(record, has_its_members_in_order_and_leaves_absent_ones_out) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    tskl_format_ndjson(&line, &s->record);
    CHECK_TEXT(TSKL_S("{\"v\":1,\"id\":\"0199f0c2-0000-7000-8000-000000000001\","
                      "\"time\":\"2026-11-23T02:15:04.123Z\",\"method\":\"POST\","
                      "\"url\":\"https://api.stripe.com/v1/charges?key=***\",\"status\":200,"
                      "\"ending\":\"done\",\"duration_ms\":184.2,\"first_byte_ms\":180.9,"
                      "\"sent\":212,\"received\":614,\"client\":\"node/24.1.0\",\"pid\":4711}\n"),
               tskl_buf_slice(&line));
}

static void fill_every_member(story *s) {
    s->exchange.status = 402;
    s->view.response.truncated = true;
    s->view.trace_id = TSKL_S("4bf92f3577b34da6a3ce929d0e0e4736");
    s->view.span_id = TSKL_S("00f067aa0ba902b7");
    story_value(s, "core", "status", "402");
    story_text(s, "stripe", "error.code", "card_declined");
    story_value(s, "stripe", "ok", "false");
    story_run(s, "core", TSKL_RESULT_ok);
    story_run(s, "stripe", TSKL_RESULT_trap);
    s->captures.withheld = 1;
    s->record.attempt = 2;
    s->record.first = TSKL_S("0199f0c2-0000-7000-8000-000000000000");
    s->record.wait_ms = 1500;
    s->record.sample = 0.1;
    s->record.varying = true;
}

TEST(record, says_all_that_is_known) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    fill_every_member(s);
    tskl_format_ndjson(&line, &s->record);
    CHECK_TEXT(
        TSKL_S("{\"v\":1,\"id\":\"0199f0c2-0000-7000-8000-000000000001\","
               "\"time\":\"2026-11-23T02:15:04.123Z\",\"method\":\"POST\","
               "\"url\":\"https://api.stripe.com/v1/charges?key=***\",\"status\":402,"
               "\"ending\":\"done\",\"duration_ms\":184.2,\"first_byte_ms\":180.9,\"sent\":212,"
               "\"received\":614,\"truncated\":[\"response\"],\"attempt\":2,"
               "\"first\":\"0199f0c2-0000-7000-8000-000000000000\",\"wait_ms\":1500,"
               "\"trace\":{\"id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
               "\"span\":\"00f067aa0ba902b7\"},\"captures\":{\"core/status\":402,"
               "\"stripe/error.code\":\"card_declined\",\"stripe/ok\":false},"
               "\"packs\":[{\"name\":\"core\",\"version\":\"1.0.0\",\"us\":38},"
               "{\"name\":\"stripe\",\"version\":\"1.0.0\",\"hook\":\"post\",\"result\":\"trap\","
               "\"detail\":\"unreachable\",\"us\":38}],\"withheld\":1,\"sample\":0.1,"
               "\"varying\":true,\"client\":\"node/24.1.0\",\"pid\":4711}\n"),
        tskl_buf_slice(&line));
}

TEST(record, is_stable_without_ids_times_and_whoever_reported_it) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    fill_every_member(s);
    tskl_format_stable(&line, &s->record);
    CHECK_TEXT(TSKL_S("{\"v\":1,\"method\":\"POST\","
                      "\"url\":\"https://api.stripe.com/v1/charges?key=***\",\"status\":402,"
                      "\"ending\":\"done\",\"sent\":212,\"received\":614,"
                      "\"truncated\":[\"response\"],\"attempt\":2,"
                      "\"trace\":{\"id\":\"4bf92f3577b34da6a3ce929d0e0e4736\","
                      "\"span\":\"00f067aa0ba902b7\"},\"captures\":{\"core/status\":402,"
                      "\"stripe/error.code\":\"card_declined\",\"stripe/ok\":false},"
                      "\"packs\":[{\"name\":\"core\",\"version\":\"1.0.0\"},"
                      "{\"name\":\"stripe\",\"version\":\"1.0.0\",\"hook\":\"post\","
                      "\"result\":\"trap\",\"detail\":\"unreachable\"}],\"withheld\":1,"
                      "\"sample\":0.1,\"varying\":true}\n"),
               tskl_buf_slice(&line));
}

TEST(record, is_the_same_when_only_a_recording_wants_the_bodies) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    s->view.request.truncated = s->view.response.truncated = true;
    s->exchange.pack_wants = TSKL_WANT_RESPONSE_BODY;
    tskl_format_stable(&line, &s->record);
    CHECK_TEXT(TSKL_S("{\"v\":1,\"method\":\"POST\","
                      "\"url\":\"https://api.stripe.com/v1/charges?key=***\",\"status\":200,"
                      "\"ending\":\"done\",\"sent\":212,\"received\":614,"
                      "\"truncated\":[\"response\"]}\n"),
               tskl_buf_slice(&line));
}

TEST(record, has_an_error_only_without_a_response) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_refused(t);
    CHECK(s);
    tskl_format_ndjson(&line, &s->record);
    CHECK(!line.failed);
    CHECK_HAS(tskl_buf_cstr(&line),
              "\"url\":\"https://api.stripe.com/v1/charges?key=***\",\"ending\":\"failed\","
              "\"error\":{\"kind\":\"connect\",\"code\":\"ECONNREFUSED\","
              "\"message\":\"connect ECONNREFUSED 127.0.0.1:443\"},\"duration_ms\":184.2,"
              "\"sent\":212,\"received\":0,");
    tskl_buf_clear(&line);
    s->exchange.status = 200;
    tskl_format_stable(&line, &s->record);
    CHECK(!line.failed && !strstr(tskl_buf_cstr(&line), "error"));
}

TEST(record, writes_milliseconds_as_short_as_they_are) {
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "0"},    {1, "0.001"},        {10, "0.01"},        {100, "0.1"},
        {1000, "1"}, {184200, "184.2"},   {1010, "1.01"},      {1001, "1.001"},
        {-5, "0"},   {999999, "999.999"}, {90000000, "90000"},
    };
    tskl_buf CLEANUP(tskl_buf_deinit) text;
    tskl_buf_init(&text, 64);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_buf_clear(&text);
        tskl_add_ms(&text, rows[i].us);
        CHECK_ROW(i, tskl_slice_equal(tskl_buf_slice(&text), tskl_slice_of(rows[i].text)));
    }
}

TEST(record, escapes_whatever_could_act_on_a_reader) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    s->view.method = TSKL_S("GET\r\n{\"v\":1}");
    story_text(s, "evil", "a\"b\n", "\x1b[2J\x7f\xc2\x9b\xe2\x80\xa8\xff/end");
    tskl_format_ndjson(&line, &s->record);
    CHECK(!line.failed);
    const char *text = tskl_buf_cstr(&line);
    CHECK_HAS(text, "\"method\":\"GET\\r\\n{\\\"v\\\":1}\"");
    CHECK_HAS(text, "{\"evil/a\\\"b\\n\":\"\\u001b[2J\\u007f\\u009b\\u2028\xef\xbf\xbd/end\"}");
    CHECK(strchr(text, '\n') == text + line.len - 1);
}

TEST(record, cuts_a_long_text_and_says_so) {
    static const struct {
        const char *text;
        size_t max;
        const char *shown;
    } rows[] = {
        {"abc", 3, "\"abc\""},
        {"abcdefghij", 8, "\"abcde\xe2\x80\xa6\""},
        {"ab\xc3\xa9\xc3\xa9\xc3\xa9", 6, "\"ab\xe2\x80\xa6\""},
        {"\x01\x02\x03\x04", 12, "\"\xe2\x80\xa6\""},
        {"\x01\x02\x03\x04\x05\x06\x07\x08", 40, "\"\\u0001\\u0002\\u0003\xe2\x80\xa6\""},
        {"", 8, "\"\""},
    };
    tskl_buf CLEANUP(tskl_buf_deinit) text;
    tskl_buf_init(&text, 256);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_buf_clear(&text);
        tskl_add_bounded(&text, tskl_slice_of(rows[i].text), rows[i].max);
        CHECK_SAY(tskl_slice_equal(tskl_buf_slice(&text), tskl_slice_of(rows[i].shown)),
                  "row %zu: " TSKL_FMT, i, TSKL_ARG(tskl_buf_slice(&text)));
    }
}

// `count` captures of `len` bytes each, all of them `c`.
static bool add_long_captures(tskl_test *t, story *s, size_t count, size_t len, char c) {
    char *value = tskl_arena_zeroed(t->arena, len + 1, 1);
    if (!value) return false;
    memset(value, c, len);
    for (size_t i = 0; i < count; i++) {
        const char *name = tskl_arena_printf(t->arena, "n%zu", i);
        if (!name) return false;
        story_text(s, "big", name, value);
    }
    return true;
}

TEST(record, stays_within_64_kib_by_leaving_captures_out_from_the_end) {
    static const struct {
        size_t count, len;
        char c;
    } rows[] = {{200, 2048, 'x'}, {200, 2048, '\x01'}, {31, 2048, 'x'},  {32, 2032, 'x'},
                {33, 1960, 'x'},  {250, 250, 'x'},     {8, 2048, '\x1b'}};
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_json *root;
        int64_t withheld = 0;
        story *s = story_new(t);
        CHECK(s && add_long_captures(t, s, rows[i].count, rows[i].len, rows[i].c));
        s->captures.withheld = 2;
        tskl_buf_clear(&line);
        tskl_format_ndjson(&line, &s->record);
        CHECK_ROW(i, !line.failed && line.len <= TSKL_RECORD_LINE_MAX);
        CHECK_OK(tskl_json_parse(tskl_buf_slice(&line), t->arena, &root, &t->err));
        const tskl_json *captures = tskl_json_get(root, TSKL_S("captures"));
        CHECK_ROW(i, tskl_json_to_i64(tskl_json_get(root, TSKL_S("withheld")), &withheld));
        CHECK_ROW(i, captures->count + (size_t)withheld == rows[i].count + 2);
        // No room is wasted: one more would not have fitted.
        size_t each = (rows[i].len * (rows[i].c == 'x' ? 1 : 6)) + 16;
        CHECK_ROW(i, withheld == 2 || line.len + each + 32 > TSKL_RECORD_LINE_MAX);
    }
}

TEST(record, stays_within_64_kib_whatever_else_is_long) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_refused(t);
    char *noise = tskl_arena_take(t->arena, 100000);
    const tskl_json *root;
    CHECK(s && noise);
    memset(noise, '\x1b', 100000);
    tskl_slice much = {noise, 100000};
    s->view.method = s->view.url = s->view.error_code = s->view.error_message = much;
    s->view.trace_id = s->view.span_id = s->record.client = much;
    s->record.attempt = 7;
    for (size_t i = 0; i < 64; i++) {
        story_run(s, "p", TSKL_RESULT_trap);
        s->runs[i].name = s->runs[i].version = s->runs[i].detail = much;
    }
    CHECK(add_long_captures(t, s, 10, 2048, 'x'));
    tskl_format_ndjson(&line, &s->record);
    CHECK(!line.failed && line.len <= TSKL_RECORD_LINE_MAX);
    CHECK_OK(tskl_json_parse(tskl_buf_slice(&line), t->arena, &root, &t->err));
    CHECK(tskl_json_get(root, TSKL_S("packs"))->count > 10);
}

TEST(record, lets_no_pack_silence_another) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    const tskl_json *root;
    story *s = story_declined(t);
    CHECK(s && add_long_captures(t, s, 100, 2000, 'x'));
    story_text(s, "last", "word", "is heard");
    tskl_format_ndjson(&line, &s->record);
    CHECK(!line.failed && line.len <= TSKL_RECORD_LINE_MAX &&
          line.len > TSKL_RECORD_LINE_MAX - 2100);
    CHECK_OK(tskl_json_parse(tskl_buf_slice(&line), t->arena, &root, &t->err));
    const tskl_json *captures = tskl_json_get(root, TSKL_S("captures"));
    CHECK_TEXT(TSKL_S("is heard"), tskl_json_get_string(captures, TSKL_S("last/word")));
    CHECK(tskl_json_get(captures, TSKL_S("core/status")));
    CHECK(tskl_json_get(captures, TSKL_S("big/n0")) && !tskl_json_get(captures, TSKL_S("big/n99")));
}

TEST(record, is_marked_as_failed_where_there_is_no_room) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, 100);
    story *s = story_declined(t);
    CHECK(s);
    tskl_format_ndjson(&line, &s->record);
    CHECK(line.failed);
    tskl_buf_clear(&line);
    tskl_format_taskless(&line, &s->record);
    CHECK(line.failed);
}

TEST(record, has_the_older_loaders_form) {
    tskl_buf CLEANUP(tskl_buf_deinit) line;
    tskl_buf_init(&line, TSKL_FORMAT_ROOM);
    story *s = story_new(t);
    CHECK(s);
    tskl_format_taskless(&line, &s->record);
    CHECK_TEXT(TSKL_S("{\"requestId\":\"0199f0c2-0000-7000-8000-000000000001\","
                      "\"dimensions\":[]}\n"),
               tskl_buf_slice(&line));
    tskl_buf_clear(&line);
    story_value(s, "core", "status", "402");
    story_text(s, "stripe", "error.code", "card_declined");
    tskl_format_taskless(&line, &s->record);
    CHECK_TEXT(TSKL_S("{\"requestId\":\"0199f0c2-0000-7000-8000-000000000001\","
                      "\"dimensions\":[{\"name\":\"core/status\",\"value\":\"402\"},"
                      "{\"name\":\"stripe/error.code\",\"value\":\"card_declined\"}]}\n"),
               tskl_buf_slice(&line));
    tskl_buf_clear(&line);
    CHECK(add_long_captures(t, s, 100, 2048, 'x'));
    tskl_format_taskless(&line, &s->record);
    CHECK(!line.failed && line.len <= TSKL_RECORD_LINE_MAX);
}
