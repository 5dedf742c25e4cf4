// fuzz_http: what a person pastes: a response, output of curl, a recording, a body; and what of it
// may be shown. SPDX-License-Identifier: Apache-2.0
#include "explain/marks.h"
#include "explain/own_words.h"
#include "must.h"
#include "recording/paste.h"

static void look_at(const tskl_call *call, tskl_arena *arena) {
    tskl_slice words;
    MUST(tskl_own_words(call, NULL, arena, &words, NULL) == TSKL_OK);
    static tskl_slice marks[] = {{"header a", 8}, {"header a: b", 11}, {"body a.b: c", 11}};
    const tskl_texts texts = {marks, TSKL_COUNT(marks)};
    MUST(call->status >= 0 && call->status < 1000);
    MUST(tskl_marks_count(&texts, call, NULL) <= TSKL_COUNT(marks));
    (void)tskl_call_size(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size);
    int status = take_byte(&text) % 2 ? 500 : 0;
    tskl_arena arena = {0};
    tskl_paste paste;
    tskl_error err = {0};
    if (tskl_paste_read(text, status, &arena, &paste, &err) != TSKL_OK) MUST(err.message[0]);
    size_t count = 0;
    for (const tskl_paste_item *i = paste.items; i; i = i->next, count++)
        if (!i->item.record && err.status == TSKL_OK) look_at(&i->item.call, &arena);
    for (const tskl_paste_fault *f = paste.faults; f; f = f->next) MUST(f->err.message[0]);
    MUST(count == paste.count);
    tskl_arena_reset(&arena);
    return 0;
}
