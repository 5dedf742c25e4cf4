// fuzz_har: a recording in any form (packed, UTF-16, entries, records), cut into entries and each
// of them read. However the bytes come, the entries are the same. SPDX-License-Identifier:
// Apache-2.0
#include "must.h"
#include "output/format.h"
#include "recording/date.h"
#include "recording/item.h"

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

static void look_at_call(const tskl_call *call) {
    int64_t us;
    MUST(call->url.len > 0 && !tskl_slice_contains(call->url, 0));
    MUST(call->status >= 0 && call->status < 1000);
    MUST(call->start_us <= call->first_byte_us && call->first_byte_us <= call->end_us);
    (void)tskl_call_looks_decoded(call);
    for (const tskl_call_problem *p = call->problems; p; p = p->next) MUST(p->what[0]);
    if (tskl_date_read(call->url, &us)) MUST(us > 0);
}

// A record that was read is written as one that is read to the same.
static void look_at_record(const tskl_read_record *read) {
    tskl_arena arena = {0};
    tskl_buf one, two;
    tskl_read_record *again;
    tskl_buf_init(&one, TSKL_FORMAT_ROOM);
    tskl_buf_init(&two, TSKL_FORMAT_ROOM);
    tskl_format_ndjson(&one, &read->record);
    MUST(!one.failed);
    MUST(tskl_record_read(tskl_buf_slice(&one), &arena, &again, NULL) == TSKL_OK);
    tskl_format_ndjson(&two, &again->record);
    MUST(tskl_slice_equal(tskl_buf_slice(&one), tskl_buf_slice(&two)));
    tskl_buf_deinit(&one);
    tskl_buf_deinit(&two);
    tskl_arena_reset(&arena);
}

static void read_entry(const tskl_har_piece *piece) {
    tskl_arena arena = {0};
    tskl_item item;
    tskl_error err = {0};
    if (tskl_item_read(piece, &arena, &item, &err) != TSKL_OK)
        MUST(err.message[0]);
    else if (item.record)
        look_at_record(item.record);
    else
        look_at_call(&item.call);
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
