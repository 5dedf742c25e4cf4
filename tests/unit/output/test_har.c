// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "exchange/masker.h"
#include "output/output.h"
#include "output/story.h"
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static void close_output(tskl_output **output) {
    tskl_output_close(*output);
}

static tskl_status open_har(tskl_test *t, const char *path, tskl_output **out) {
    const char *to = tskl_arena_printf(t->arena, "har:%s", path);
    *out = NULL;
    if (!to) return tskl_fail(&t->err, TSKL_ERR_NOMEM, "no memory");
    return tskl_output_open(&(tskl_config_output){.to = tskl_slice_of(to)}, out, &t->err);
}

static const char *path_in(tskl_test *t, const char *name) {
    const char *path = tskl_arena_printf(t->arena, "%s/%s", tskl_test_folder(t), name);
    return path ? path : "";
}

// log.entries of a recording, or NULL when it is not whole.
static const tskl_json *entries_of(tskl_test *t, const char *path) {
    const tskl_json *root;
    if (tskl_json_parse(story_file(t, path), t->arena, &root, &t->err) != TSKL_OK) return NULL;
    return tskl_json_get(tskl_json_get(root, TSKL_S("log")), TSKL_S("entries"));
}

static const tskl_json *find(const tskl_json *from, const char *path) {
    tskl_slice rest = tskl_slice_of(path);
    while (rest.len) from = tskl_json_get(from, tskl_slice_split(&rest, '.'));
    return from;
}

static tskl_slice text_at(const tskl_json *from, const char *path) {
    const tskl_json *value = find(from, path);
    return value ? value->text : (tskl_slice){0};
}

// Writes one record to a new recording and reads it back. NULL: it failed.
static const tskl_json *recorded(tskl_test *t, const story *s) {
    tskl_output CLEANUP(close_output) *output = NULL;
    const char *path = path_in(t, "calls.har");
    unlink(path);
    if (!s || open_har(t, path, &output) != TSKL_OK) return NULL;
    output->ops->write(output, &s->record);
    const tskl_json *entries = entries_of(t, path);
    return entries && output->written == 1 ? entries->first : NULL;
}

TEST(har, is_whole_after_each_entry) {
    tskl_output CLEANUP(close_output) *output = NULL;
    const char *path = path_in(t, "calls.har");
    story *s = story_declined(t);
    CHECK(s);
    CHECK_OK(open_har(t, path, &output));
    for (size_t i = 0; i < 4; i++) {
        const tskl_json *entries = entries_of(t, path);
        CHECK_ROW(i, entries && entries->count == i);
        output->ops->write(output, &s->record);
        CHECK(output->written == i + 1);
    }
}

TEST(har, holds_what_the_standard_asks_for) {
    story *s = story_declined(t);
    CHECK(s);
    story_header(s, false, "content-type", "application/x-www-form-urlencoded");
    story_header(s, true, "content-type", "application/json; charset=utf-8");
    story_header(s, true, "request-id", "req_1");
    story_body(s, false, TSKL_S("amount=2000"));
    story_body(s, true, TSKL_S("{\"error\":{\"type\":\"card_error\"}}"));
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(
        TSKL_S("{\"startedDateTime\":\"2026-11-23T02:15:04.123456Z\",\"time\":184.2,"
               "\"cache\":{},\"timings\":{\"send\":0,\"wait\":180.9,\"receive\":3.3},"
               "\"request\":{\"method\":\"POST\","
               "\"url\":\"https://api.stripe.com/v1/charges?key=***\","
               "\"httpVersion\":\"unknown\",\"headers\":[{\"name\":\"content-type\","
               "\"value\":\"application/x-www-form-urlencoded\"}],\"cookies\":[],"
               "\"queryString\":[{\"name\":\"key\",\"value\":\"***\"}],"
               "\"postData\":{\"mimeType\":\"application/x-www-form-urlencoded\","
               "\"text\":\"amount=2000\"},\"headersSize\":-1,\"bodySize\":212},"
               "\"response\":{\"status\":402,\"statusText\":\"\",\"httpVersion\":\"unknown\","
               "\"headers\":[{\"name\":\"content-type\","
               "\"value\":\"application/json; charset=utf-8\"},"
               "{\"name\":\"request-id\",\"value\":\"req_1\"}],\"cookies\":[],"
               "\"content\":{\"size\":31,\"mimeType\":\"application/json; charset=utf-8\","
               "\"text\":\"{\\\"error\\\":{\\\"type\\\":\\\"card_error\\\"}}\"},"
               "\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":614},"
               "\"_taskless\":{\"id\":\"0199f0c2-0000-7000-8000-000000000001\","
               "\"ending\":\"done\",\"start_us\":1795400104123456,"
               "\"first_byte_us\":1795400104304356,\"end_us\":1795400104307656,\"sent\":212,"
               "\"received\":614,\"decoded\":true,\"attempt\":1,\"client\":\"node/24.1.0\"}}"),
        entry->raw);
}

TEST(har, records_a_call_without_an_answer) {
    const tskl_json *entry = recorded(t, story_refused(t));
    CHECK(entry);
    CHECK_TEXT(TSKL_S("0"), text_at(entry, "response.status"));
    CHECK_TEXT(TSKL_S("184.2"), text_at(entry, "timings.wait"));
    CHECK_TEXT(TSKL_S("failed"), text_at(entry, "_taskless.ending"));
    CHECK_TEXT(TSKL_S("ECONNREFUSED"), text_at(entry, "_taskless.error.code"));
    CHECK(!find(entry, "_taskless.first_byte_us") && !find(entry, "response.content.text"));
    CHECK(!find(entry, "request.postData"));
}

TEST(har, tells_an_empty_body_from_one_that_was_not_kept) {
    story *s = story_new(t);
    CHECK(s);
    story_body(s, false, TSKL_S(""));
    story_body(s, true, TSKL_S(""));
    s->view.response.truncated = true;
    const tskl_json *entry = recorded(t, s);
    CHECK(find(entry, "request.postData.text") && find(entry, "response.content.text"));
    CHECK_TEXT(TSKL_S("[\"response\"]"), find(entry, "_taskless.truncated")->raw);
}

TEST(har, writes_bytes_that_are_no_text_as_base64) {
    story *s = story_new(t);
    CHECK(s);
    story_body(s, false, TSKL_S("\xff\x00\x01"));
    story_body(s, true, TSKL_S("caf\xc3"));
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(TSKL_S("/wAB"), text_at(entry, "request.postData.text"));
    CHECK_TEXT(TSKL_S("base64"), text_at(entry, "request.postData._encoding"));
    CHECK_TEXT(TSKL_S("Y2Fmww=="), text_at(entry, "response.content.text"));
    CHECK_TEXT(TSKL_S("base64"), text_at(entry, "response.content.encoding"));
}

TEST(har, keeps_any_text_byte_for_byte) {
    story *s = story_new(t);
    CHECK(s);
    tskl_slice body = TSKL_S("\"\\\x01\n\r\t\x7f\xc2\x9b\xe2\x80\xa8\xef\xbf\xbd\xf0\x9f\x98\x80");
    story_body(s, true, body);
    CHECK_TEXT(body, text_at(recorded(t, s), "response.content.text"));
}

TEST(har, keeps_the_times_of_a_stream) {
    story *s = story_new(t);
    CHECK(s);
    tskl_arrival arrivals[] = {{4, s->exchange.start_us + 181000},
                               {4, s->exchange.start_us + 182000},
                               {9, s->exchange.start_us + 183001}};
    story_body(s, true, TSKL_S("data: 1\n\n"));
    s->view.response_decoded.arrivals = arrivals;
    s->view.response_decoded.arrival_count = 3;
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(TSKL_S("[[4,181000],[9,183001]]"), find(entry, "_taskless.arrivals")->raw);
}

TEST(har, keeps_the_times_of_events_that_masking_moved) {
    story *s = story_new(t);
    CHECK(s);
    tskl_arrival arrivals[] = {{5, s->exchange.start_us + 181000},
                               {30, s->exchange.start_us + 182000},
                               {37, s->exchange.start_us + 183001}};
    story_body(s, true, TSKL_S("data: {\"token\":\"a-secret\"}\n\ndata: 1\n\n"));
    s->view.response.content_type = TSKL_S("text/event-stream");
    s->view.response.body = TSKL_S("data: {\"token\":\"***\"}\n\ndata: 1\n\n");
    s->view.response_decoded.arrivals = arrivals;
    s->view.response_decoded.arrival_count = 3;
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(TSKL_S("[[23,182000],[32,183001]]"), find(entry, "_taskless.arrivals")->raw);
}

static bool remember(tskl_test *t, story *s, const char *secret) {
    return tskl_secrets_add(&s->view.secrets, t->arena, tskl_slice_of(secret));
}

TEST(har, keeps_the_times_of_a_stream_that_repeats_a_secret) {
    story *s = story_new(t);
    CHECK(s && remember(t, s, "sk_test_4eC39HqLyjWDarjtT1zdp7dc"));
    story_body(s, true, TSKL_S("{\"key\":\"sk_test_4eC39HqLyjWDarjtT1zdp7dc\"}"));
    tskl_arrival arrivals[] = {{s->view.response.body.len, s->exchange.start_us + 181000}};
    s->view.response_decoded.arrivals = arrivals;
    s->view.response_decoded.arrival_count = 1;
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(TSKL_S("{\"key\":\"***\"}"), text_at(entry, "response.content.text"));
    CHECK_TEXT(TSKL_S("[[13,181000]]"), find(entry, "_taskless.arrivals")->raw);
}

TEST(har, masks_a_secret_wherever_it_is_repeated) {
    story *s = story_new(t);
    CHECK(s && remember(t, s, "sk_test_4eC39HqLyjWDarjtT1zdp7dc"));
    story_header(s, true, "location", "/keys/sk_test_4eC39HqLyjWDarjtT1zdp7dc/x");
    story_header(s, true, "www-authenticate", "c2tfdGVzdF80ZUMzOUhxTHlqV0Rhcmp0VDF6ZHA3ZGM=");
    story_body(s, false,
               TSKL_S("key=736b5f746573745f34654333394871"
                      "4c796a574461726a7454317a6470376463"));
    story_body(s, true,
               TSKL_S("Invalid key sk_test_4eC39HqLyjWDarjtT1zdp7dc, "
                      "sk_test_4eC39HqLyjWDarjtT1zdp7dc!"));
    const tskl_json *entry = recorded(t, s);
    CHECK(entry);
    CHECK_TEXT(TSKL_S("Invalid key ***, ***!"), text_at(entry, "response.content.text"));
    const tskl_json *headers = find(entry, "response.headers");
    CHECK_TEXT(TSKL_S("/keys/***/x"), text_at(headers->first, "value"));
    CHECK_TEXT(TSKL_S("***"), text_at(headers->first->next, "value"));
    CHECK_TEXT(TSKL_S("/keys/***/x"), text_at(entry, "response.redirectURL"));
    CHECK_TEXT(TSKL_S("key=***"), text_at(entry, "request.postData.text"));
}

TEST(har, masks_the_longer_of_two_secrets_that_begin_alike) {
    story *s = story_new(t);
    CHECK(s && remember(t, s, "session-1234") && remember(t, s, "session-1234-and-more"));
    story_body(s, true, TSKL_S("is session-1234-and-more, was session-1234"));
    CHECK_TEXT(TSKL_S("is ***, was ***"), text_at(recorded(t, s), "response.content.text"));
}

TEST(har, is_shared_by_all_who_write_to_it) {
    tskl_output CLEANUP(close_output) *one = NULL;
    tskl_output CLEANUP(close_output) *other = NULL;
    const char *path = path_in(t, "calls.har");
    story *s = story_declined(t);
    CHECK(s);
    CHECK_OK(open_har(t, path, &one));
    one->ops->write(one, &s->record);
    CHECK_OK(open_har(t, path, &other));
    other->ops->write(other, &s->record);
    one->ops->write(one, &s->record);
    const tskl_json *entries = entries_of(t, path);
    CHECK(one->written == 2 && other->written == 1);
    CHECK(entries && entries->count == 3);
}

TEST(har, refuses_a_file_that_is_not_its_own_and_leaves_it_alone) {
    static const char *const contents[] = {
        "precious",
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"Firefox\"},\"entries\":[]}}\n",
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"taskless\",\"version\":\"0\"},\"entr"};
    for (size_t i = 0; i < TSKL_COUNT(contents); i++) {
        tskl_output *output;
        const char *path = tskl_test_write(t, "other.har", tskl_slice_of(contents[i]));
        CHECK_STATUS(TSKL_ERR_INVALID, open_har(t, path, &output));
        CHECK(!output);
        CHECK_TEXT(tskl_slice_of(contents[i]), story_file(t, path));
    }
    tskl_output *output;
    const char *link = path_in(t, "link.har");
    CHECK(symlink("other.har", link) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, open_har(t, link, &output));
    CHECK_STATUS(TSKL_ERR_IO, open_har(t, tskl_test_folder(t), &output));
}

TEST(har, begins_anew_when_its_file_was_emptied) {
    tskl_output CLEANUP(close_output) *output = NULL;
    const char *path = path_in(t, "calls.har");
    story *s = story_declined(t);
    CHECK(s);
    CHECK_OK(open_har(t, path, &output));
    output->ops->write(output, &s->record);
    CHECK(truncate(path, 0) == 0);
    output->ops->write(output, &s->record);
    const tskl_json *entries = entries_of(t, path);
    CHECK(output->written == 2 && entries && entries->count == 1);
}

TEST(har, keeps_what_it_has_when_the_disk_is_full) {
    tskl_output CLEANUP(close_output) *output = NULL;
    const char *path = path_in(t, "calls.har");
    story *s = story_declined(t);
    struct rlimit old, small;
    CHECK(s);
    CHECK_OK(open_har(t, path, &output));
    output->ops->write(output, &s->record);
    tskl_slice before = story_file(t, path);
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){before.len + 100, old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    output->failing = true; // no log line, please
    output->ops->write(output, &s->record);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
    CHECK_TEXT(before, story_file(t, path));
    CHECK(output->failed == 1);
    output->ops->write(output, &s->record);
    const tskl_json *entries = entries_of(t, path);
    CHECK(entries && entries->count == 2);
}
