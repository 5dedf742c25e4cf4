// SPDX-License-Identifier: Apache-2.0
#include "exchange/decode.h"
#include "base/log.h"
#include "exchange/coding.h"
#include <stdatomic.h>

enum {
    FIRST_ROOM = 4096,
    CODINGS_MAX = 4, // nobody needs more, and each costs a pass
};

char *tskl_coding_room(tskl_buf *out, size_t *room, tskl_coding_step *step) {
    size_t left = out->cap - out->len;
    *room = out->len > FIRST_ROOM ? out->len : FIRST_ROOM;
    if (*room > left) *room = left;
    *step = left ? TSKL_CODING_NOMEM : TSKL_CODING_FULL;
    return left ? tskl_buf_reserve(out, *room) : NULL;
}

static const tskl_coding *coding_named(tskl_slice name) {
    static const struct {
        const char *name;
        const tskl_coding *coding;
    } rows[] = {
        {"gzip", &tskl_coding_gzip}, {"x-gzip", &tskl_coding_gzip},
        {"br", &tskl_coding_brotli}, {"deflate", &tskl_coding_deflate},
        {"zstd", &tskl_coding_zstd},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (tskl_slice_equal_nocase(name, tskl_slice_of(rows[i].name))) return rows[i].coding;
    return NULL;
}

// Reads the header's list, in the order in which they were applied. False: one is unknown.
static bool read_codings(tskl_slice list, const tskl_coding *codings[CODINGS_MAX], size_t *count) {
    *count = 0;
    while (list.len) {
        tskl_slice name = tskl_slice_trim(tskl_slice_split(&list, ','));
        if (name.len == 0 || tskl_slice_equal_nocase(name, TSKL_S("identity"))) continue;
        const tskl_coding *coding = coding_named(name);
        if (!coding || *count == CODINGS_MAX) return false;
        codings[(*count)++] = coding;
    }
    return true;
}

// Feeds what arrived at once at once, so that each time is kept at the decoded bytes it brought.
static tskl_coding_step feed_all(const tskl_coding *coding, void *state, const tskl_decoded *from,
                                 tskl_buf *out, tskl_decoded *to) {
    tskl_coding_step step = TSKL_CODING_MORE;
    size_t at = 0;
    for (size_t i = 0; at < from->bytes.len; i++) {
        bool timed = i < from->arrival_count;
        size_t upto = timed ? from->arrivals[i].upto : from->bytes.len;
        tskl_slice part = tskl_slice_from(tskl_slice_first(from->bytes, upto), at);
        size_t before = out->len;
        step = coding->feed(state, part, out);
        at = upto;
        if (timed && out->len > before)
            to->arrivals[to->arrival_count++] = (tskl_arrival){out->len, from->arrivals[i].time_us};
        if (step != TSKL_CODING_MORE && !(step == TSKL_CODING_END && coding->has_members)) break;
    }
    return step;
}

static void judge(tskl_coding_step step, size_t cap, tskl_decoded *to) {
    // A fault behind the cap may be seen or not: that depends on how the bytes came.
    to->failed = step == TSKL_CODING_BAD && to->bytes.len <= cap;
    to->truncated = to->truncated || step == TSKL_CODING_MORE || to->bytes.len > cap;
    to->bytes = tskl_slice_first(to->bytes, to->failed ? 0 : cap);
    if (to->failed) to->arrival_count = 0;
    for (size_t i = 0; i < to->arrival_count; i++)
        if (to->arrivals[i].upto > cap) to->arrivals[i].upto = cap;
}

// Undoes one coding of `from`. One byte more than the cap is asked for, to know whether the end
// came in time.
static tskl_status undo(const tskl_coding *coding, void *state, const tskl_decoded *from,
                        size_t cap, tskl_arena *arena, tskl_decoded *to, tskl_error *err) {
    tskl_buf out;
    *to = (tskl_decoded){.truncated = from->truncated};
    to->arrivals = tskl_arena_array(arena, tskl_arrival, from->arrival_count);
    tskl_buf_init(&out, cap + 1);
    tskl_coding_step step = TSKL_CODING_NOMEM;
    if (to->arrivals) step = feed_all(coding, state, from, &out, to);
    if (step != TSKL_CODING_NOMEM && tskl_arena_copy(arena, tskl_buf_slice(&out), &to->bytes))
        judge(step, cap, to);
    else
        step = TSKL_CODING_NOMEM;
    tskl_buf_deinit(&out);
    if (step == TSKL_CODING_NOMEM)
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room to decode a body");
    return TSKL_OK;
}

// A library that is missing is said once: every later body would say the same.
static void log_missing(const tskl_error *why) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&said))
        tskl_log(TSKL_LOG_WARN, "bodies are not decoded: %s", why->message);
}

static tskl_status open_and_undo(const tskl_coding *coding, size_t cap, tskl_arena *arena,
                                 tskl_decoded *body, tskl_error *err) {
    tskl_error why;
    void *state;
    tskl_decoded from = *body;
    tskl_status status = coding->open(from.bytes, &state, &why);
    if (status == TSKL_ERR_UNAVAILABLE) {
        log_missing(&why);
        *body = (tskl_decoded){.failed = true, .truncated = from.truncated};
        return TSKL_OK;
    }
    if (status != TSKL_OK) return tskl_fail(err, status, "%s", why.message);
    status = undo(coding, state, &from, cap, arena, body, err);
    coding->close(state);
    return status;
}

tskl_status tskl_decode(const tskl_body *body, tskl_slice content_encoding, size_t cap,
                        tskl_arena *arena, tskl_decoded *out, tskl_error *err) {
    const tskl_coding *codings[CODINGS_MAX];
    size_t count, input = tskl_body_shown(body).len;
    *out = (tskl_decoded){.truncated = body->truncated};
    if (!read_codings(content_encoding, codings, &count)) {
        out->failed = input > 0;
        return TSKL_OK;
    }
    out->bytes = tskl_body_shown(body);
    out->arrivals = body->arrivals;
    out->arrival_count = body->arrival_count;
    // A small body that becomes a huge one is an attack, not an answer.
    size_t limit = input < cap / TSKL_DECODE_MAX_RATIO ? input * TSKL_DECODE_MAX_RATIO : cap;
    while (count > 0 && out->bytes.len > 0 && !out->failed)
        TSKL_TRY(open_and_undo(codings[--count], limit, arena, out, err));
    return TSKL_OK;
}
