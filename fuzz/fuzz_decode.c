// Content-encodings: the bounds hold, and the bytes are the same however they came. The first byte
// chooses the coding, the second how much comes at once.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/decode.h"
#include "must.h"

enum { CAP = 64 * 1024 };

static const char *const codings[] = {"gzip",     "deflate", "br",           "zstd", "gzip, br",
                                      "br, gzip", "zstd,br", "deflate,gzip", ""};

static tskl_decoded decode(tskl_body *body, tskl_slice coding, size_t step, tskl_arena *arena) {
    tskl_decoded out;
    size_t count = body->kept.len / step + 1;
    body->arrivals = tskl_arena_array(arena, tskl_arrival, count);
    MUST(body->arrivals);
    body->arrival_count = 0;
    for (size_t at = step; at < body->kept.len + step; at += step)
        body->arrivals[body->arrival_count++] =
            (tskl_arrival){at < body->kept.len ? at : body->kept.len, (int64_t)at};
    tskl_status status = tskl_decode(body, coding, CAP, arena, &out, NULL);
    MUST(status == TSKL_OK);
    return out;
}

static void must_be_bounded(const tskl_decoded *out, size_t input) {
    MUST(out->bytes.len <= CAP);
    MUST(out->bytes.len <= input * TSKL_DECODE_MAX_RATIO);
    MUST(!out->failed || (out->bytes.len == 0 && out->arrival_count == 0));
    for (size_t i = 0; i < out->arrival_count; i++) {
        MUST(out->arrivals[i].upto <= out->bytes.len);
        MUST(i == 0 || out->arrivals[i].upto >= out->arrivals[i - 1].upto);
        MUST(i == 0 || out->arrivals[i].time_us >= out->arrivals[i - 1].time_us);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice input = tskl_slice_make(data, size < CAP ? size : CAP);
    tskl_slice coding = tskl_slice_of(codings[take_byte(&input) % TSKL_COUNT(codings)]);
    size_t step = take_byte(&input) + 1u;
    tskl_body body = {.kept = {.ptr = (char *)(uintptr_t)input.ptr, .len = input.len}};
    tskl_arena arena = {0};
    tskl_decoded whole = decode(&body, coding, input.len + 1, &arena);
    tskl_decoded pieces = decode(&body, coding, step, &arena);
    must_be_bounded(&whole, input.len);
    must_be_bounded(&pieces, input.len);
    // libzstd compares a frame with the size it claims only when it has all of it at once.
    bool zstd = tskl_slice_search(coding, TSKL_S("zstd")) != SIZE_MAX;
    if (!zstd || (!whole.failed && !pieces.failed)) {
        MUST(whole.failed == pieces.failed && whole.truncated == pieces.truncated);
        MUST(tskl_slice_equal(whole.bytes, pieces.bytes));
    }
    tskl_arena_reset(&arena);
    return 0;
}
