// fuzz_http: what a person pastes: a response, output of curl, a HAR, a body.
// SPDX-License-Identifier: Apache-2.0
#include "explain/marks.h"
#include "must.h"
#include "recording/paste.h"

static void look_at(const tskl_call *call) {
    static tskl_slice marks[] = {{"header a", 8}, {"header a: b", 11}, {"body a.b: c", 11}};
    const tskl_texts texts = {marks, TSKL_COUNT(marks)};
    MUST(call->status >= 0 && call->status < 1000);
    MUST(call->status == 0 || call->ending == TSKL_DONE || call->part_count <= 1);
    MUST(tskl_marks_count(&texts, call, NULL) <= TSKL_COUNT(marks));
    (void)tskl_call_size(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size);
    int status = take_byte(&text) % 2 ? 500 : 0;
    tskl_arena arena = {0};
    tskl_paste paste;
    tskl_error err = {0};
    if (tskl_paste_read(text, status, &arena, &paste, &err) == TSKL_OK)
        for (size_t i = 0; i < paste.count; i++) look_at(&paste.calls[i]);
    else
        MUST(err.message[0]);
    tskl_arena_reset(&arena);
    return 0;
}
