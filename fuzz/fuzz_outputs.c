// fuzz_outputs: an exchange with a key that its head carries, and an answer and messages in which
// the input has that key stand anywhere: whatever is written is text, JSON where it should be, and
// never has the key. SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "base/utf8.h"
#include "capture/record.h"
#include "exchange/view.h"
#include "must.h"
#include "output/format.h"
#include "output/har.h"

enum { CAP = 64 * 1024, ECHO_MAX = 1 << 20, OUTPUT_MAX = 8 << 20, HEADS = 4096, CAPTURES = 16 };

#define KEY "Zq9XwV7uT5sR3pN1kLmQ"
#define KEY_MARK '@' // of the input: stands for the key

static tskl_buf with_key(tskl_slice text) {
    tskl_buf out;
    tskl_buf_init(&out, ECHO_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == KEY_MARK)
            tskl_buf_add(&out, TSKL_S(KEY));
        else
            tskl_buf_byte(&out, text.ptr[i]);
    }
    return out;
}

static tskl_exchange *begin(tskl_slice *input, uint8_t choice) {
    static const char *const schemes[] = {"", "Bearer ", "Token ", "Unheard-of "};
    char heads[HEADS];
    tskl_slice own = tskl_slice_first(tskl_slice_split(input, 0), HEADS - 100);
    int len = snprintf(heads, sizeof heads, TSKL_FMT "\r\nauthorization: %s%s\r\n", TSKL_ARG(own),
                       schemes[choice % TSKL_COUNT(schemes)], KEY);
    tskl_request request = {.size = sizeof request, .time_us = 1, .method = TSKL_S("POST")};
    tskl_buf url = with_key(tskl_slice_split(input, 0));
    request.url = url.len ? tskl_buf_slice(&url) : TSKL_S("https://api.test.example/x");
    request.headers = tskl_slice_make(heads, (size_t)len);
    tskl_exchange *exchange = tskl_exchange_new(&request, 7, CAP);
    tskl_buf_deinit(&url);
    return exchange;
}

// The answer in two parts, and how it ended.
static void finish(tskl_exchange *exchange, tskl_slice *input, uint8_t choice, tskl_slice body) {
    size_t cut = body.len ? choice % body.len : 0;
    tskl_exchange_add_received(exchange, 3, tskl_slice_first(body, cut));
    tskl_exchange_add_received(exchange, 4, tskl_slice_from(body, cut));
    tskl_buf message = with_key(*input);
    tskl_exchange_end(exchange, 5, (tskl_ending)((choice >> 4) % 3), TSKL_S(KEY),
                      tskl_buf_slice(&message));
    tskl_buf_deinit(&message);
}

static void check(const tskl_buf *output, bool is_json) {
    tskl_slice text = tskl_buf_slice(output);
    if (output->failed) return;
    MUST(tskl_slice_search(text, TSKL_S(KEY)) == SIZE_MAX);
    MUST(tskl_utf8_valid(text));
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        MUST((c >= 0x20 || c == '\n') && c != 0x7f);
    }
    MUST(!is_json || tskl_json_is_valid(tskl_slice_trim(text)));
}

static void write_all(const tskl_record *record, uint8_t columns) {
    tskl_buf out;
    tskl_pretty_style style = {.columns = columns};
    tskl_buf_init(&out, OUTPUT_MAX);
    tskl_format_ndjson(&out, record);
    check(&out, true);
    tskl_buf_clear(&out);
    tskl_format_taskless(&out, record);
    check(&out, true);
    tskl_buf_clear(&out);
    tskl_format_stable(&out, record);
    check(&out, true);
    tskl_buf_clear(&out);
    tskl_format_pretty(&out, record, &style);
    check(&out, false);
    tskl_buf_clear(&out);
    tskl_har_add_entry(&out, record);
    check(&out, true);
    tskl_buf_deinit(&out);
}

// The body's own members as captures, as a Pack would make them.
static void record_all(tskl_exchange *exchange, tskl_slice body, uint8_t columns) {
    tskl_view view;
    tskl_captures captures;
    tskl_arena arena = {0};
    const tskl_json *json;
    MUST(tskl_view_make(exchange, NULL, CAP, &view, NULL) == TSKL_OK);
    tskl_captures_init(&captures, &exchange->arena, &view.secrets);
    if (tskl_json_parse(body, &arena, &json, NULL) == TSKL_OK)
        MUST(tskl_captures_add(&captures, TSKL_S("p"), json, CAPTURES, NULL) == TSKL_OK);
    const tskl_record record = {
        .view = &view, .captures = &captures, .sample = 1, .client = TSKL_S("c/1"), .pid = 1};
    write_all(&record, columns);
    tskl_arena_reset(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice input = tskl_slice_make(data, size);
    uint8_t choice = take_byte(&input), other = take_byte(&input);
    tskl_exchange *exchange = begin(&input, other);
    MUST(exchange);
    tskl_exchange_add_sent(exchange, 1, tskl_slice_split(&input, 0));
    tskl_slice headers = tskl_slice_split(&input, 0);
    if (choice & 8) tskl_exchange_set_response(exchange, 2, choice * 2, headers);
    tskl_buf body = with_key(tskl_slice_split(&input, 0));
    finish(exchange, &input, choice, tskl_buf_slice(&body));
    record_all(exchange, tskl_buf_slice(&body), other);
    tskl_buf_deinit(&body);
    tskl_exchange_free(exchange);
    return 0;
}
