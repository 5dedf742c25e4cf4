// SPDX-License-Identifier: Apache-2.0
#include "recording/record_reader.h"
#include "output/group.h"

static tskl_slice text_of(const tskl_json *object, const char *name) {
    return tskl_json_get_string(object, tskl_slice_of(name));
}

static tskl_ending ending_of(tskl_slice text) {
    if (tskl_slice_equal(text, TSKL_S("aborted"))) return TSKL_ABORTED;
    return tskl_slice_equal(text, TSKL_S("failed")) ? TSKL_FAILED : TSKL_DONE;
}

static void read_call(tskl_read_record *r) {
    int64_t status;
    const tskl_json *error = tskl_json_get(r->tree, TSKL_S("error"));
    if (tskl_json_to_i64(tskl_json_get(r->tree, TSKL_S("status")), &status) && status > 0 &&
        status < 1000)
        r->exchange.status = (int)status;
    r->exchange.ending = ending_of(text_of(r->tree, "ending"));
    r->view = (tskl_view){.exchange = &r->exchange,
                          .method = text_of(r->tree, "method"),
                          .url = text_of(r->tree, "url"),
                          .error_kind = text_of(error, "kind"),
                          .error_code = text_of(error, "code"),
                          .error_message = text_of(error, "message")};
}

static bool read_captures(tskl_read_record *r, tskl_arena *arena) {
    const tskl_json *captures = tskl_json_get(r->tree, TSKL_S("captures"));
    if (!captures || captures->kind != TSKL_JSON_OBJECT) return true;
    r->captures.items = tskl_arena_array(arena, tskl_capture, captures->count);
    if (!r->captures.items) return false;
    for (const tskl_json *value = captures->first; value; value = value->next) {
        tskl_slice name = value->key, pack = tskl_slice_split(&name, '/');
        r->captures.items[r->captures.count++] =
            (tskl_capture){.pack = pack, .name = name, .kind = value->kind, .text = value->text};
    }
    return true;
}

static bool read_runs(tskl_read_record *r, tskl_arena *arena) {
    const tskl_json *packs = tskl_json_get(r->tree, TSKL_S("packs"));
    if (!packs || packs->kind != TSKL_JSON_ARRAY) return true;
    tskl_pack_run *runs = tskl_arena_array(arena, tskl_pack_run, packs->count);
    if (!runs) return false;
    for (const tskl_json *pack = packs->first; pack; pack = pack->next)
        runs[r->record.run_count++] =
            (tskl_pack_run){.name = text_of(pack, "name"), .version = text_of(pack, "version")};
    r->record.runs = runs;
    return true;
}

tskl_status tskl_record_read(tskl_slice line, tskl_arena *arena, tskl_read_record **out,
                             tskl_error *err) {
    *out = NULL;
    tskl_read_record *r = tskl_arena_new(arena, tskl_read_record);
    if (!r) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a record");
    TSKL_TRY(tskl_json_parse(line, arena, &r->tree, err));
    read_call(r);
    r->record.view = &r->view;
    r->record.captures = &r->captures;
    if (!read_captures(r, arena) || !read_runs(r, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a record");
    *out = r;
    return TSKL_OK;
}
