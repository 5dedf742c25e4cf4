// SPDX-License-Identifier: Apache-2.0
#include "exchange/chunks.h"

enum { PIECE = 16 * 1024 };

/** The length of the chunk that `rest`, which is not empty, begins with. */
typedef size_t (*cut_fn)(tskl_slice rest);

static size_t cut_piece(tskl_slice rest) {
    return rest.len < PIECE ? rest.len : PIECE;
}

// The length of the line end at `at`: "\r\n", "\n", "\r", or 0.
static size_t line_end(tskl_slice s, size_t at) {
    if (at >= s.len) return 0;
    if (s.ptr[at] == '\n') return 1;
    if (s.ptr[at] != '\r') return 0;
    return at + 1 < s.len && s.ptr[at + 1] == '\n' ? 2 : 1;
}

// Blank lines before something count to it: alone they would say nothing.
static size_t skip_blank_lines(tskl_slice rest) {
    size_t at = 0;
    for (size_t end; (end = line_end(rest, at)) > 0;) at += end;
    return at;
}

static size_t cut_line(tskl_slice rest) {
    size_t start = skip_blank_lines(rest);
    size_t end = tskl_slice_find(tskl_slice_from(rest, start), '\n');
    return end == SIZE_MAX ? rest.len : start + end + 1;
}

static size_t cut_event(tskl_slice rest) {
    size_t at = skip_blank_lines(rest);
    while (at < rest.len) {
        size_t end = line_end(rest, at);
        at += end ? end : 1;
        if (end == 0) continue;
        end = line_end(rest, at);
        if (end) return at + end;
    }
    return rest.len;
}

// RFC 7464: each text begins with a record separator and may have lines of its own.
static size_t cut_record(tskl_slice rest) {
    size_t next = tskl_slice_find(tskl_slice_from(rest, 1), 0x1e);
    return next == SIZE_MAX ? rest.len : next + 1;
}

static cut_fn cut_for(tskl_slice content_type) {
    static const struct {
        const char *part;
        cut_fn cut;
    } rows[] = {
        {"event-stream", cut_event}, {"json-seq", cut_record}, {"ndjson", cut_line},
        {"jsonl", cut_line},         {"json-lines", cut_line}, {"jsonlines", cut_line},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (tskl_slice_search(content_type, tskl_slice_of(rows[i].part)) != SIZE_MAX)
            return rows[i].cut;
    return cut_piece;
}

bool tskl_chunks_is_stream(tskl_slice content_type) {
    return cut_for(content_type) != cut_piece;
}

static size_t count_chunks(tskl_slice rest, cut_fn cut) {
    size_t count = 0;
    for (; rest.len && count < TSKL_CHUNKS_MAX; count++) rest = tskl_slice_from(rest, cut(rest));
    return count;
}

tskl_status tskl_chunks_cut(const tskl_decoded *body, tskl_slice content_type, int64_t end_us,
                            tskl_arena *arena, tskl_chunks *out, tskl_error *err) {
    cut_fn cut = cut_for(content_type);
    size_t count = count_chunks(body->bytes, cut), arrival = 0, at = 0;
    *out = (tskl_chunks){0};
    tskl_chunk *items = tskl_arena_array(arena, tskl_chunk, count);
    if (!items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu chunks", count);
    for (size_t i = 0; i < count; i++) {
        tskl_slice rest = tskl_slice_from(body->bytes, at);
        size_t len = i + 1 == TSKL_CHUNKS_MAX ? rest.len : cut(rest);
        at += len;
        while (arrival < body->arrival_count && body->arrivals[arrival].upto < at) arrival++;
        int64_t time_us = arrival < body->arrival_count ? body->arrivals[arrival].time_us : end_us;
        items[i] = (tskl_chunk){tskl_slice_first(rest, len), time_us};
    }
    *out = (tskl_chunks){items, count};
    return TSKL_OK;
}
