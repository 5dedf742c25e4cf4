// Streams: the chunks are the masked body, cut where its content says. The first byte chooses the
// type, the second how much comes at once.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/view.h"
#include "must.h"

enum { CAP = 256 * 1024 };

static const char *const types[] = {"text/event-stream", "application/x-ndjson",
                                    "application/json-seq", "application/json",
                                    "application/x-www-form-urlencoded"};

static tskl_exchange *report(const char *type, tskl_slice body, size_t step) {
    char head[64];
    unsigned wants = TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM;
    tskl_request request = {.size = sizeof request, .time_us = 1, .url = TSKL_S("http://a/")};
    tskl_exchange *exchange = tskl_exchange_new(&request, wants, CAP);
    MUST(exchange);
    snprintf(head, sizeof head, "content-type: %s\r\n", type);
    tskl_exchange_set_response(exchange, 2, 200, tskl_slice_of(head));
    for (int64_t time_us = 3; body.len; body = tskl_slice_from(body, step))
        tskl_exchange_add_received(exchange, time_us++, tskl_slice_first(body, step));
    tskl_exchange_end(exchange, 0, TSKL_DONE, TSKL_S(""), TSKL_S(""));
    return exchange;
}

static tskl_chunks chunks_of(tskl_exchange *exchange, tskl_view *view) {
    tskl_chunks chunks;
    MUST(tskl_view_make(exchange, NULL, CAP, view, NULL) == TSKL_OK);
    MUST(tskl_view_chunks(view, NULL, &chunks, NULL) == TSKL_OK);
    return chunks;
}

static void must_be_the_body(const tskl_chunks *chunks, tskl_slice body) {
    int64_t time_us = 0;
    for (size_t i = 0; i < chunks->count; i++) {
        MUST(tskl_slice_starts(body, chunks->items[i].bytes));
        MUST(chunks->items[i].time_us >= time_us);
        body = tskl_slice_from(body, chunks->items[i].bytes.len);
        time_us = chunks->items[i].time_us;
    }
    MUST(body.len == 0 && chunks->count <= TSKL_CHUNKS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice body = tskl_slice_make(data, size < CAP ? size : CAP);
    const char *type = types[take_byte(&body) % TSKL_COUNT(types)];
    size_t step = take_byte(&body) + 1u;
    tskl_exchange *once = report(type, body, SIZE_MAX), *often = report(type, body, step);
    tskl_view view, other;
    tskl_chunks chunks = chunks_of(once, &view), others = chunks_of(often, &other);
    must_be_the_body(&chunks, view.response.body);
    must_be_the_body(&others, other.response.body);
    MUST(chunks.count == others.count);
    for (size_t i = 0; i < chunks.count; i++)
        MUST(tskl_slice_equal(chunks.items[i].bytes, others.items[i].bytes));
    tskl_exchange_free(once);
    tskl_exchange_free(often);
    return 0;
}
