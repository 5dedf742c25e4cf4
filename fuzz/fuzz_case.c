// fuzz_case: a case and, behind a zero byte, a record that it is compared with.
// SPDX-License-Identifier: Apache-2.0
#include "case/case.h"
#include "case/compare.h"
#include "must.h"

static void compare(const tskl_case *story, tskl_slice line, tskl_arena *arena) {
    tskl_differences differences;
    if (tskl_compare(story, line, arena, &differences, NULL) != TSKL_OK) return;
    for (size_t i = 0; i < differences.count; i++) {
        const tskl_difference *d = &differences.items[i];
        // A claim by path, {"count": 2}, may be what stands there itself.
        bool claimed = tskl_slice_starts(d->name, TSKL_S("$"));
        MUST(claimed || !tskl_slice_equal(d->expected, d->got));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice rest = tskl_slice_make(data, size), text = tskl_slice_split(&rest, 0);
    tskl_arena arena = {0};
    tskl_case story;
    tskl_error err = {0};
    if (tskl_case_read("case", text, &arena, &story, &err) == TSKL_OK) {
        MUST(story.about.len > 0 && !(story.captures && story.record));
        MUST(story.captures || story.record || story.paths);
        MUST(story.call.start_us <= story.call.first_byte_us);
        MUST(story.call.first_byte_us <= story.call.end_us);
        compare(&story, rest, &arena);
    } else {
        MUST(err.message[0]);
    }
    tskl_arena_reset(&arena);
    return 0;
}
