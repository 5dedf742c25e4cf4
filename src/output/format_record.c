// ndjson and stable: version 1 of the record. docs/record.md describes each member.
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "base/number.h"
#include "output/format.h"
#include "output/parts.h"

// Most bytes of what others may make long. Without captures they come to well under a line.
enum {
    URL_MAX = 16 * 1024,
    MESSAGE_MAX = 2 * 1024,
    DETAIL_MAX = 512,
    WORD_MAX = 256,
    PACKS_MAX = 32 * 1024,
    WITHHELD_ROOM = 32, // `,"withheld":` and the longest number
    PACKS_MOST = 256,
};

// `stable` leaves out what differs from one run to the next.
typedef enum record_kind { FULL, STABLE } record_kind;

static void add_time(tskl_buf *buf, int64_t wall_us) {
    char room[25];
    tskl_clock_iso(wall_us, room);
    tskl_add_string_member(buf, TSKL_S("time"), tskl_slice_of(room), sizeof room);
}

static void add_call(tskl_buf *buf, const tskl_record *record, record_kind kind) {
    const tskl_view *view = record->view;
    tskl_add_u64_member(buf, TSKL_S("v"), 1);
    if (kind == FULL) {
        tskl_add_string_member(buf, TSKL_S("id"), tskl_slice_of(view->exchange->id.text), WORD_MAX);
        add_time(buf, view->exchange->start_us);
    }
    tskl_add_string_member(buf, TSKL_S("method"), view->method, WORD_MAX);
    tskl_add_string_member(buf, TSKL_S("url"), view->url, URL_MAX);
}

static void add_error(tskl_buf *buf, const tskl_view *view) {
    if (view->error_kind.len == 0) return;
    tskl_json_add_key(buf, TSKL_S("error"));
    tskl_buf_byte(buf, '{');
    tskl_add_string_member(buf, TSKL_S("kind"), view->error_kind, WORD_MAX);
    tskl_add_string_member(buf, TSKL_S("code"), view->error_code, WORD_MAX);
    tskl_add_string_member(buf, TSKL_S("message"), view->error_message, MESSAGE_MAX);
    tskl_buf_byte(buf, '}');
}

static void add_answer(tskl_buf *buf, const tskl_view *view, record_kind kind) {
    const tskl_exchange *exchange = view->exchange;
    if (exchange->status > 0)
        tskl_add_u64_member(buf, TSKL_S("status"), (uint64_t)exchange->status);
    tskl_add_string_member(buf, TSKL_S("ending"), tskl_ending_text(exchange->ending), WORD_MAX);
    if (exchange->status <= 0) add_error(buf, view);
    if (kind == FULL) {
        tskl_add_ms_member(buf, TSKL_S("duration_ms"), exchange->end_us - exchange->start_us);
        if (exchange->status > 0)
            tskl_add_ms_member(buf, TSKL_S("first_byte_ms"),
                               exchange->first_byte_us - exchange->start_us);
    }
    tskl_add_u64_member(buf, TSKL_S("sent"), view->request.passed);
    tskl_add_u64_member(buf, TSKL_S("received"), view->response.passed);
    // Not what an output alone wanted: with and without a recording a call has the same record.
    tskl_add_truncated_member(buf, view, exchange->pack_wants);
}

static void add_retry(tskl_buf *buf, const tskl_record *record, record_kind kind) {
    if (record->attempt == 0) return;
    tskl_add_u64_member(buf, TSKL_S("attempt"), record->attempt);
    // A header may tell of tries that nobody saw.
    if (kind == STABLE || record->first.len == 0) return;
    tskl_add_string_member(buf, TSKL_S("first"), record->first, WORD_MAX);
    tskl_add_u64_member(buf, TSKL_S("wait_ms"),
                        record->wait_ms > 0 ? (uint64_t)record->wait_ms : 0);
}

static void add_trace(tskl_buf *buf, const tskl_view *view) {
    if (view->trace_id.len == 0) return;
    tskl_json_add_key(buf, TSKL_S("trace"));
    tskl_buf_byte(buf, '{');
    tskl_add_string_member(buf, TSKL_S("id"), view->trace_id, WORD_MAX);
    tskl_add_string_member(buf, TSKL_S("span"), view->span_id, WORD_MAX);
    tskl_buf_byte(buf, '}');
}

static void add_capture(tskl_buf *buf, const tskl_capture *capture) {
    tskl_json_add_comma(buf);
    tskl_add_capture_name(buf, capture);
    tskl_buf_byte(buf, ':');
    if (capture->kind == TSKL_JSON_STRING)
        tskl_json_add_string(buf, capture->text);
    else
        tskl_buf_add(buf, capture->text);
}

static bool is_of_next_pack(const tskl_captures *captures, size_t i) {
    return i == 0 || !tskl_slice_equal(captures->items[i - 1].pack, captures->items[i].pack);
}

// How much one Pack may take of `room` when no Pack is to go short for what another one has.
static size_t fair_share(size_t room, size_t *needs, size_t count) {
    size_t left = count;
    for (bool settled = true; settled && left > 0;) {
        size_t share = room / left;
        settled = false;
        for (size_t i = 0; i < count; i++) {
            if (needs[i] == 0 || needs[i] > share) continue;
            room -= needs[i];
            needs[i] = 0;
            left--;
            settled = true;
        }
    }
    return left ? room / left : room;
}

static size_t share_of(tskl_buf *buf, const tskl_captures *captures, size_t room) {
    size_t needs[PACKS_MOST] = {0}, count = 0, before = buf->len;
    for (size_t i = 0; i < captures->count; i++) {
        count += is_of_next_pack(captures, i) && count < PACKS_MOST;
        add_capture(buf, &captures->items[i]);
        needs[count - 1] += buf->len - before + 1; // a comma, where this one found none
        tskl_buf_truncate(buf, before);
    }
    return fair_share(room, needs, count);
}

// Bytes for captures: for all of them, and for those of one Pack.
typedef struct captures_room {
    size_t all, pack;
} captures_room;

// Adds what fits and returns how many captures did not. Those of one Pack stand together, and are
// left out from their end.
static size_t add_captures(tskl_buf *buf, const tskl_captures *captures, captures_room room) {
    size_t start = buf->len, pack_start = start, left_out = 0;
    bool full = false;
    tskl_json_add_key(buf, TSKL_S("captures"));
    tskl_buf_byte(buf, '{');
    for (size_t i = 0; i < captures->count; i++) {
        size_t before = buf->len;
        if (is_of_next_pack(captures, i)) {
            pack_start = before;
            full = false;
        }
        if (!full) add_capture(buf, &captures->items[i]);
        full = full || buf->len + 1 - start > room.all || buf->len - pack_start > room.pack;
        if (!full) continue;
        tskl_buf_truncate(buf, before);
        left_out++;
    }
    tskl_buf_byte(buf, '}');
    if (left_out == captures->count) tskl_buf_truncate(buf, start);
    return left_out;
}

static void add_run(tskl_buf *buf, const tskl_pack_run *run, record_kind kind) {
    tskl_json_add_comma(buf);
    tskl_buf_byte(buf, '{');
    tskl_add_string_member(buf, TSKL_S("name"), run->name, WORD_MAX);
    tskl_add_string_member(buf, TSKL_S("version"), run->version, WORD_MAX);
    if (run->result != TSKL_RESULT_ok) {
        tskl_add_string_member(buf, TSKL_S("hook"), tskl_slice_of(run->hook), WORD_MAX);
        tskl_add_string_member(buf, TSKL_S("result"), tskl_slice_of(tskl_result_text(run->result)),
                               WORD_MAX);
        tskl_add_string_member(buf, TSKL_S("detail"), run->detail, DETAIL_MAX);
    }
    if (kind == FULL) tskl_add_u64_member(buf, TSKL_S("us"), run->us > 0 ? (uint64_t)run->us : 0);
    tskl_buf_byte(buf, '}');
}

static void add_runs(tskl_buf *buf, const tskl_record *record, record_kind kind) {
    if (record->run_count == 0) return;
    tskl_json_add_key(buf, TSKL_S("packs"));
    tskl_buf_byte(buf, '[');
    size_t start = buf->len;
    for (size_t i = 0; i < record->run_count; i++) {
        size_t before = buf->len;
        add_run(buf, &record->runs[i], kind);
        if (buf->len - start <= PACKS_MAX) continue;
        tskl_buf_truncate(buf, before);
        break;
    }
    tskl_buf_byte(buf, ']');
}

static void add_rest(tskl_buf *buf, const tskl_record *record, record_kind kind, size_t withheld) {
    if (withheld > 0) tskl_add_u64_member(buf, TSKL_S("withheld"), withheld);
    if (record->sample < 1) {
        tskl_json_add_key(buf, TSKL_S("sample"));
        tskl_number_add(buf, record->sample);
    }
    if (record->varying) {
        tskl_json_add_key(buf, TSKL_S("varying"));
        tskl_buf_add(buf, TSKL_S("true"));
    }
    if (kind == STABLE) return;
    tskl_add_string_member(buf, TSKL_S("client"), record->client, WORD_MAX);
    if (record->pid > 0) tskl_add_u64_member(buf, TSKL_S("pid"), (uint64_t)record->pid);
}

// What became of the captures of a line.
typedef struct fit {
    size_t bytes, left_out;
} fit;

static fit add_line(tskl_buf *buf, const tskl_record *record, record_kind kind,
                    captures_room room) {
    fit captures = {0};
    tskl_buf_byte(buf, '{');
    add_call(buf, record, kind);
    add_answer(buf, record->view, kind);
    add_retry(buf, record, kind);
    add_trace(buf, record->view);
    size_t before = buf->len;
    captures.left_out = add_captures(buf, record->captures, room);
    captures.bytes = buf->len - before;
    add_runs(buf, record, kind);
    add_rest(buf, record, kind, record->captures->withheld + captures.left_out);
    tskl_buf_add(buf, TSKL_S("}\n"));
    return captures;
}

static void format(tskl_buf *buf, const tskl_record *record, record_kind kind) {
    size_t start = buf->len;
    captures_room room = {TSKL_RECORD_LINE_MAX, TSKL_RECORD_LINE_MAX};
    fit captures = add_line(buf, record, kind, room);
    if (buf->failed || (!captures.left_out && buf->len - start <= TSKL_RECORD_LINE_MAX)) return;
    // Rare: now it is known how much room all else leaves for captures. One Pack that talks must
    // not silence those behind it.
    size_t others = buf->len - start - captures.bytes + WITHHELD_ROOM;
    tskl_buf_truncate(buf, start);
    room.all = TSKL_RECORD_LINE_MAX - others;
    room.pack = share_of(buf, record->captures, room.all);
    add_line(buf, record, kind, room);
}

void tskl_format_ndjson(tskl_buf *text, const tskl_record *record) {
    format(text, record, FULL);
}

void tskl_format_stable(tskl_buf *text, const tskl_record *record) {
    format(text, record, STABLE);
}
