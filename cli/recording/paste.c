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
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the text");
}

static tskl_status read_body(tskl_slice text, bool json, int status, tskl_arena *arena,
                             tskl_call *call, tskl_error *err) {
    *call = (tskl_call){.status = status, .ending = TSKL_DONE};
    if (json) call->response_headers = TSKL_S("content-type: application/json\r\n");
    return tskl_call_set_body(call, text, arena) ? TSKL_OK : no_room(err);
}

static tskl_status read_entries(const tskl_json *entries, tskl_arena *arena, tskl_paste *out,
                                tskl_error *err) {
    out->recording = true;
    out->calls = tskl_arena_array(arena, tskl_call, entries->count);
    if (!out->calls) return no_room(err);
    size_t number = 0;
    for (const tskl_json *entry = entries->first; entry; entry = entry->next) {
        tskl_call *call = &out->calls[out->count];
        tskl_status status = tskl_har_entry_read(entry, 1, arena, call, err);
        if (status != TSKL_OK) return tskl_context(err, status, "entry %zu", ++number);
        number++;
        if (tskl_har_url_is_call(call->url)) out->count++;
    }
    return TSKL_OK;
}

static tskl_status read_json(const tskl_json *root, tskl_slice text, int status, tskl_arena *arena,
                             tskl_paste *out, tskl_error *err) {
    const tskl_json *entries = tskl_json_get(tskl_json_get(root, TSKL_S("log")), TSKL_S("entries"));
    const tskl_json *request = tskl_json_get(root, TSKL_S("request"));
    if (entries && entries->kind == TSKL_JSON_ARRAY) return read_entries(entries, arena, out, err);
    out->count = 1;
    if (tskl_json_get(request, TSKL_S("url")))
        return tskl_har_entry_read(root, 1, arena, out->calls, err);
    if (status == 0) status = status_in_body(root);
    return read_body(text, true, status ? status : STATUS_UNKNOWN, arena, out->calls, err);
}

static tskl_slice without_mark(tskl_slice text) {
    static const tskl_slice mark = {"\xef\xbb\xbf", 3};
    return tskl_slice_starts(text, mark) ? tskl_slice_from(text, mark.len) : text;
}

tskl_status tskl_paste_read(tskl_slice text, int status, tskl_arena *arena, tskl_paste *out,
                            tskl_error *err) {
    const tskl_json *root;
    text = tskl_slice_trim(without_mark(text));
    *out = (tskl_paste){.calls = tskl_arena_new(arena, tskl_call)};
    if (!out->calls) return no_room(err);
    if (text.len == 0) return tskl_fail(err, TSKL_ERR_SYNTAX, "there is nothing to explain");
    if (text.ptr[0] == '{' || text.ptr[0] == '[') {
        TSKL_TRY(tskl_json_parse(text, arena, &root, err));
        return read_json(root, text, status, arena, out, err);
    }
    out->count = 1;
    tskl_status found = tskl_http_read(text, arena, out->calls, err);
    if (found != TSKL_ERR_SYNTAX || status == 0) return found;
    return read_body(text, false, status, arena, out->calls, err);
}
