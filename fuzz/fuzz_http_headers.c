// Header lines: the list is sorted and lower case, and written as lines it is read as the same;
// masking is done once and for all.
// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "exchange/mask.h"
#include "must.h"

static void must_be_sorted(const tskl_headers *headers) {
    for (size_t i = 0; i < headers->count; i++) {
        tskl_slice name = headers->items[i].name;
        MUST(name.len > 0 && !tskl_slice_contains(headers->items[i].value, '\n'));
        for (size_t at = 0; at < name.len; at++) MUST(name.ptr[at] < 'A' || name.ptr[at] > 'Z');
        MUST(i == 0 || tskl_slice_compare(headers->items[i - 1].name, name) <= 0);
    }
}

static void must_be_equal(const tskl_headers *a, const tskl_headers *b) {
    MUST(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        MUST(tskl_slice_equal(a->items[i].name, b->items[i].name));
        MUST(tskl_slice_equal(a->items[i].value, b->items[i].value));
    }
}

// The list written as lines, and read again.
static void reread(const tskl_headers *headers, tskl_arena *arena, tskl_headers *out) {
    tskl_buf lines;
    tskl_slice copy;
    tskl_buf_init(&lines, 16 << 20);
    for (size_t i = 0; i < headers->count; i++) {
        tskl_buf_add(&lines, headers->items[i].name);
        tskl_buf_add(&lines, TSKL_S(": "));
        tskl_buf_add(&lines, headers->items[i].value);
        tskl_buf_add(&lines, TSKL_S("\r\n"));
    }
    MUST(!lines.failed && tskl_arena_copy(arena, tskl_buf_slice(&lines), &copy));
    tskl_buf_deinit(&lines);
    MUST(tskl_headers_parse(copy, arena, out, NULL) == TSKL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_arena arena = {0};
    tskl_secrets secrets = {0};
    tskl_headers headers, again;
    MUST(tskl_headers_parse(tskl_slice_make(data, size), &arena, &headers, NULL) == TSKL_OK);
    MUST(headers.count <= TSKL_HEADER_COUNT_MAX);
    must_be_sorted(&headers);
    reread(&headers, &arena, &again);
    must_be_equal(&headers, &again);

    MUST(tskl_mask_headers(NULL, &headers, &arena, &secrets, NULL) == TSKL_OK);
    memcpy(again.items, headers.items, headers.count * sizeof *again.items);
    MUST(tskl_mask_headers(NULL, &again, &arena, &secrets, NULL) == TSKL_OK);
    must_be_equal(&headers, &again);
    tskl_arena_reset(&arena);
    return 0;
}
