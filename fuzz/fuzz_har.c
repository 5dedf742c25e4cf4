// fuzz_har: a recording, cut into entries and each entry read. However the bytes come, the entries
// are the same.
// SPDX-License-Identifier: Apache-2.0
#include "must.h"
#include "recording/har_entry.h"
#include "recording/har_reader.h"

/** A text that is given in pieces of `step` bytes. */
typedef struct source {
    tskl_slice left;
    size_t step;
} source;

static int64_t give(void *user, char *room, size_t size) {
    source *s = user;
    tskl_slice part = tskl_slice_first(s->left, s->step < size ? s->step : size);
    if (part.len) memcpy(room, part.ptr, part.len);
    s->left = tskl_slice_from(s->left, part.len);
    return (int64_t)part.len;
}

static void read_entry(const tskl_har_piece *piece) {
    tskl_arena arena = {0};
    tskl_call call;
    tskl_error err = {0};
    if (tskl_har_entry_parse(piece->text, piece->line, &arena, &call, &err) == TSKL_OK) {
        MUST(call.url.len > 0);
        MUST(call.status >= 0 && call.status < 1000);
        MUST(call.start_us <= call.first_byte_us && call.first_byte_us <= call.end_us);
        (void)tskl_call_looks_decoded(&call);
    } else {
        MUST(err.message[0]);
    }
    tskl_arena_reset(&arena);
}

// What was read as a number: a hash over all entries, so that two readings can be compared.
static uint64_t read_all(tskl_slice text, size_t step, bool parse) {
    source from = {text, step};
    tskl_har_reader reader;
    tskl_har_piece piece;
    tskl_error err;
    bool more = true;
    uint64_t seen = 0;
    tskl_har_reader_init(&reader, give, &from);
    while (more && tskl_har_reader_next(&reader, &piece, &more, &err) == TSKL_OK && more) {
        seen = seen * 31 + tskl_slice_hash(piece.text) + piece.line;
        if (parse) read_entry(&piece);
    }
    tskl_har_reader_deinit(&reader);
    return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size);
    size_t step = (size_t)take_byte(&text) % 16 + 1;
    MUST(read_all(text, SIZE_MAX, true) == read_all(text, step, false));
    return 0;
}
