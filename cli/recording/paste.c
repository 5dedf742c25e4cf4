// SPDX-License-Identifier: Apache-2.0
#include "recording/paste.h"
#include "recording/har_entry.h"
#include "recording/http_reader.h"

enum { STATUS_UNKNOWN = 400 };

// Many services repeat the status in the body, each in its own place.
static int status_in_body(const tskl_json *body) {
    static const char *const names[] = {"status", "statusCode", "status_code", "code"};
    const tskl_json *places[] = {body, tskl_json_get(body, TSKL_S("error"))};
    for (size_t i = 0; i < TSKL_COUNT(places); i++) {
        for (size_t n = 0; n < TSKL_COUNT(names); n++) {
            const tskl_json *value = tskl_json_get(places[i], tskl_slice_of(names[n]));
            uint64_t number;
            // GitHub writes it as text.
            if (value && tskl_slice_to_u64(value->text, &number) && number >= 400 && number < 600)
                return (int)number;
        }
    }
    return 0;
}

static tskl_status no_room(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading the text)");
}

static tskl_status read_body(tskl_slice text, bool json, int status, tskl_arena *arena,
                             tskl_call *call, tskl_error *err) {
    *call = (tskl_call){.status = status, .ending = TSKL_DONE};
    if (json) call->response_headers = TSKL_S("content-type: application/json\r\n");
    return tskl_call_set_body(call, text, arena) ? TSKL_OK : no_room(err);
}

/** A recording on its way into a paste. */
typedef struct taking {
    tskl_slice left; // of the text
    tskl_har_reader reader;
    tskl_arena *arena;
    tskl_paste *paste;
    tskl_paste_item **last;
    tskl_paste_fault **last_fault;
} taking;

static int64_t give_text(void *user, char *room, size_t size) {
    tskl_slice *left = user, part = tskl_slice_first(*left, size);
    if (part.len) memcpy(room, part.ptr, part.len);
    *left = tskl_slice_from(*left, part.len);
    return (int64_t)part.len;
}

static tskl_status add_fault(taking *t, size_t number, tskl_error *err) {
    tskl_paste_fault *fault = tskl_arena_new(t->arena, tskl_paste_fault);
    if (!fault) return no_room(err);
    fault->number = number;
    fault->err = *err;
    *t->last_fault = fault;
    t->last_fault = &fault->next;
    return TSKL_OK;
}

static tskl_status take_piece(taking *t, tskl_har_piece *piece, tskl_error *err) {
    tskl_paste_item *added = tskl_arena_new(t->arena, tskl_paste_item);
    // The reader moves its window on; the calls stay as long as the paste.
    if (!added || !tskl_arena_copy(t->arena, piece->text, &piece->text)) return no_room(err);
    tskl_status status = tskl_item_read(piece, t->arena, &added->item, err);
    if (status == TSKL_ERR_NOMEM) return status;
    if (status != TSKL_OK) return add_fault(t, piece->number, err);
    if (!added->item.record && !tskl_har_url_is_call(added->item.call.url)) return TSKL_OK;
    *t->last = added;
    t->last = &added->next;
    t->paste->count++;
    return TSKL_OK;
}

static tskl_status take_pieces(taking *t, tskl_error *err) {
    tskl_har_piece piece;
    bool more;
    for (;;) {
        tskl_status status = tskl_har_reader_next(&t->reader, &piece, &more, err);
        if (status == TSKL_ERR_SYNTAX && t->reader.number) return add_fault(t, 0, err);
        if (status != TSKL_OK || !more) return status;
        TSKL_TRY(take_piece(t, &piece, err));
    }
}

static bool begins_list_of_calls(const tskl_json *root) {
    const tskl_json *log = tskl_json_get(root, TSKL_S("log"));
    const tskl_json *entries = tskl_json_get(log ? log : root, TSKL_S("entries"));
    if (entries && entries->kind == TSKL_JSON_ARRAY)
        return log || tskl_har_is_entry(entries->first);
    return root->kind == TSKL_JSON_ARRAY && root->first && tskl_har_is_entry(root->first);
}

// Whether the text is a recording, and not an answer that is JSON as well. Where it is not one JSON
// value, the first line of several says.
static bool is_recording(tskl_slice text, const tskl_json **root, tskl_arena *arena,
                         tskl_error *err) {
    tskl_slice rest = text;
    const tskl_json *first = NULL;
    if (tskl_json_parse(text, arena, root, err) == TSKL_OK)
        return begins_list_of_calls(*root) || tskl_har_is_entry(*root) || tskl_record_is(*root);
    tskl_error ignored;
    tskl_har_piece piece;
    tskl_har_reader reader;
    bool more = false, found = false;
    tskl_har_reader_init(&reader, give_text, &rest);
    for (int tried = 0; tried < 3 && !found; tried++) {
        if (tskl_har_reader_next(&reader, &piece, &more, &ignored) != TSKL_OK || !more) break;
        found = tskl_json_parse(piece.text, arena, &first, &ignored) == TSKL_OK &&
                (tskl_har_is_entry(first) || tskl_record_is(first));
    }
    tskl_har_reader_deinit(&reader);
    return found;
}

static tskl_status read_recording(tskl_slice text, tskl_arena *arena, tskl_paste *out,
                                  tskl_error *err) {
    taking t = {.left = text,
                .arena = arena,
                .paste = out,
                .last = &out->items,
                .last_fault = &out->faults};
    tskl_har_reader_init(&t.reader, give_text, &t.left);
    tskl_status status = take_pieces(&t, err);
    out->recording = t.reader.listed || t.reader.number > 1;
    tskl_har_reader_deinit(&t.reader);
    // One entry by itself is a call, and what is wrong with it is the answer.
    if (status == TSKL_OK && !out->recording && out->faults)
        return tskl_fail(err, out->faults->err.status, "%s", out->faults->err.message);
    return status;
}

static tskl_slice without_mark(tskl_slice text) {
    static const tskl_slice mark = {"\xef\xbb\xbf", 3};
    return tskl_slice_starts(text, mark) ? tskl_slice_from(text, mark.len) : text;
}

static tskl_status read_answer(tskl_slice text, const tskl_json *json, int status,
                               tskl_arena *arena, tskl_call *call, tskl_error *err) {
    if (json) {
        if (status == 0) status = status_in_body(json);
        return read_body(text, true, status ? status : STATUS_UNKNOWN, arena, call, err);
    }
    tskl_status found = tskl_http_read(text, arena, call, err);
    if (found != TSKL_ERR_SYNTAX || status == 0) return found;
    return read_body(text, false, status, arena, call, err);
}

tskl_status tskl_paste_read(tskl_slice text, int status, tskl_arena *arena, tskl_paste *out,
                            tskl_error *err) {
    const tskl_json *root = NULL;
    text = tskl_slice_trim(without_mark(text));
    *out = (tskl_paste){0};
    if (text.len == 0) return tskl_fail(err, TSKL_ERR_SYNTAX, "there is nothing to explain");
    bool json = text.ptr[0] == '{' || text.ptr[0] == '[';
    if (json && is_recording(text, &root, arena, err)) return read_recording(text, arena, out, err);
    if (json && !root) return TSKL_ERR_SYNTAX;
    out->items = tskl_arena_new(arena, tskl_paste_item);
    if (!out->items) return no_room(err);
    out->items->item.number = out->count = 1;
    return read_answer(text, root, status, arena, &out->items->item.call, err);
}
