// SPDX-License-Identifier: Apache-2.0
#include "recording/item.h"
#include "base/utf8.h"
#include "exchange/mask.h"
#include "recording/har_entry.h"

enum { URL_SHOWN = 120 };

tskl_slice tskl_item_shown_url(const tskl_item *item, tskl_arena *arena) {
    static const tskl_mask_rules none;
    tskl_secrets secrets = {0};
    tskl_slice url = item->record ? item->record->view.url : item->call.url, shown;
    if (tskl_mask_url(&none, url, arena, &shown, &secrets, NULL) != TSKL_OK)
        return (tskl_slice){NULL, 0};
    return tskl_utf8_whole(tskl_slice_first(shown, URL_SHOWN));
}

static tskl_status read_record(const tskl_json *tree, const tskl_har_piece *piece,
                               tskl_arena *arena, tskl_item *out, tskl_error *err) {
    int64_t version = 0;
    (void)tskl_json_to_i64(tskl_json_get(tree, TSKL_S("v")), &version);
    if (version != 1)
        return tskl_fail(err, TSKL_ERR_UNSUPPORTED,
                         "line %u: a record of version %lld, which this taskless does not read",
                         (unsigned)piece->line, (long long)version);
    out->line = tree->raw;
    return tskl_record_from(tree, arena, &out->record, err);
}

static tskl_status read_entry(const tskl_json *tree, const tskl_har_piece *piece, tskl_arena *arena,
                              tskl_item *out, tskl_error *err) {
    tskl_status status = tskl_har_entry_read(tree, piece->line, arena, &out->call, err);
    if (status == TSKL_OK || out->call.url.len == 0) return status;
    return tskl_context(err, status, TSKL_FMT, TSKL_ARG(tskl_item_shown_url(out, arena)));
}

tskl_status tskl_item_read(const tskl_har_piece *piece, tskl_arena *arena, tskl_item *out,
                           tskl_error *err) {
    const tskl_json *tree;
    *out = (tskl_item){.number = piece->number};
    if (piece->too_large)
        return tskl_fail(err, TSKL_ERR_LIMIT, "line %u: larger than %d MiB", (unsigned)piece->line,
                         TSKL_HAR_ENTRY_MAX / 1024 / 1024);
    TSKL_TRY(tskl_har_entry_tree(piece->text, piece->line, arena, &tree, err));
    if (tskl_record_is(tree)) return read_record(tree, piece, arena, out, err);
    return read_entry(tree, piece, arena, out, err);
}
