// fuzz_json: any bytes, read as a hook's input and as a text of the Pack's own, are read without
// harm, and what is captured of the latter is always good JSON.
// SPDX-License-Identifier: Apache-2.0
#include "fake_host.h"
#include "good_json.h"
#include <stdio.h>

enum { A, B, C, LIST, ITEM, D, HEADERS, X_ID, TEXT, WANTED };
static const char *const wanted[WANTED] = {
    [A] = "a",       [B] = " b",  [C] = "  c",           [LIST] = "list",
    [ITEM] = " 0",   [D] = "  d", [HEADERS] = "headers", [X_ID] = " x-id",
    [TEXT] = "text",
};

static void use(tskl_json value) {
    (void)tskl_count(value, 0);
    (void)tskl_duration_ms(value);
    (void)tskl_retry_after_ms(value, 1790000000000);
    (void)tskl_is(value, "text");
    for (tskl_walk it = tskl_walk_of(value); tskl_next(&it);) (void)tskl_is_set(it.name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_json in[WANTED];
    host_reset((const char *)data, size);
    tskl_input(wanted, in, WANTED);
    for (size_t i = 0; i < WANTED; i++) use(in[i]);

    char *text = tskl_text_alloc(size);
    if (!text) return 0;
    if (size) memcpy(text, data, size);
    tskl_json value = tskl_read(text);
    tskl_pick(value, wanted, in, WANTED);
    for (size_t i = 0; i < WANTED; i++) use(in[i]);
    tskl_capture("value", value);
    tskl_capture_all("", wanted, in, 0, WANTED);
    tskl_pick(tskl_unwrap(in[TEXT]), wanted, in, WANTED);
    tskl_capture_all("inner.", wanted, in, 0, WANTED);
    tskl_keep_all(wanted, in, WANTED);
    tskl_done();
    if (host_output && !is_good_json(host_output)) {
        fprintf(stderr, "not good JSON: %s\n", host_output);
        abort();
    }
    return 0;
}
