// SPDX-License-Identifier: Apache-2.0
#include "exchange/chunks.h"
#include "harness.h"

// The chunks of a body, a '|' behind each; or what went wrong.
static tskl_slice cut(tskl_test *t, const char *type, const char *text) {
    tskl_decoded body = {.bytes = tskl_slice_of(text)};
    tskl_chunks chunks;
    if (tskl_chunks_cut(&body, tskl_slice_of(type), 9, t->arena, &chunks, &t->err) != TSKL_OK)
        return TSKL_S("failed");
    tskl_buf buf = {.ptr = tskl_arena_take(t->arena, 512), .room = 512, .cap = 511};
    for (size_t i = 0; buf.ptr && i < chunks.count; i++)
        tskl_buf_printf(&buf, TSKL_FMT "|", TSKL_ARG(chunks.items[i].bytes));
    return tskl_buf_slice(&buf);
}

TEST(chunks, are_events_with_their_blank_line) {
    static const struct {
        const char *text, *chunks;
    } rows[] = {
        {"data: a\n\ndata: b\n\n", "data: a\n\n|data: b\n\n|"},
        {"data: a\r\n\r\ndata: b\r\n\r\n", "data: a\r\n\r\n|data: b\r\n\r\n|"},
        {"data: a\r\rdata: b\r\r", "data: a\r\r|data: b\r\r|"},
        {"data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", "data: a\r\n\n|data: b\n\r\n|data: c\r\r\n|"},
        {"event: x\ndata: a\ndata: b\n\n: ping\n\n", "event: x\ndata: a\ndata: b\n\n|: ping\n\n|"},
        {"data: a\n\n\n\ndata: b\n\n", "data: a\n\n|\n\ndata: b\n\n|"},
        {"data: a\n\ndata: cut", "data: a\n\n|data: cut|"},
        {"data: a\n", "data: a\n|"},
        {"\n\n", "\n\n|"},
        {"", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].chunks), cut(t, "text/event-stream", rows[i].text));
}

TEST(chunks, are_lines_of_ndjson) {
    static const char *const types[] = {"application/x-ndjson", "application/ndjson",
                                        "application/jsonl", "application/x-json-lines",
                                        "application/jsonlines"};
    for (size_t i = 0; i < TSKL_COUNT(types); i++)
        CHECK_TEXT(TSKL_S("{}\n|{}\r\n|\n\n{}\n|{|"), cut(t, types[i], "{}\n{}\r\n\n\n{}\n{"));
}

TEST(chunks, are_texts_of_a_json_sequence) {
    CHECK_TEXT(TSKL_S("\x1e{\n}\n|\x1e[]\n|"),
               cut(t, "application/json-seq", "\x1e{\n}\n\x1e[]\n"));
}

TEST(chunks, are_16_kib_of_anything_else) {
    enum { LEN = 40000 };
    char *text = tskl_arena_take(t->arena, LEN);
    CHECK(text);
    memset(text, '\n', LEN);
    tskl_decoded body = {.bytes = {text, LEN}};
    tskl_chunks chunks;
    CHECK_OK(tskl_chunks_cut(&body, TSKL_S("application/json"), 9, t->arena, &chunks, &t->err));
    CHECK(chunks.count == 3 && chunks.items[0].bytes.len == 16384);
    CHECK(chunks.items[2].bytes.len == LEN - 2 * 16384);
}

TEST(chunks, have_the_time_of_the_bytes_that_completed_them) {
    tskl_arrival arrivals[] = {{3, 10}, {9, 20}, {12, 30}};
    tskl_decoded body = {.bytes = TSKL_S("data: a\n\ndata: b\n\n"),
                         .arrivals = arrivals,
                         .arrival_count = TSKL_COUNT(arrivals)};
    tskl_chunks chunks;
    CHECK_OK(tskl_chunks_cut(&body, TSKL_S("text/event-stream"), 99, t->arena, &chunks, &t->err));
    CHECK(chunks.count == 2 && chunks.items[0].time_us == 20);
    CHECK_SAY(chunks.items[1].time_us == 99, "what no arrival covers came by the end");
}

TEST(chunks, are_bounded_in_number_and_lose_nothing) {
    enum { LEN = 2 * TSKL_CHUNKS_MAX * 2 };
    char *text = tskl_arena_take(t->arena, LEN);
    CHECK(text);
    for (size_t i = 0; i < LEN; i++) text[i] = i % 2 ? '\n' : '1';
    tskl_decoded body = {.bytes = {text, LEN}};
    tskl_chunks chunks;
    CHECK_OK(tskl_chunks_cut(&body, TSKL_S("application/jsonl"), 9, t->arena, &chunks, &t->err));
    CHECK(chunks.count == TSKL_CHUNKS_MAX);
    const tskl_chunk *last = &chunks.items[chunks.count - 1];
    CHECK(last->bytes.ptr + last->bytes.len == text + LEN);
}
