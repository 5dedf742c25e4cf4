// multipart/form-data: the parts of a form that a browser or an upload sends.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// The value of `name="..."` among a part's header lines, or empty.
static tskl_slice part_name(tskl_slice head) {
    size_t at = tskl_slice_search(head, TSKL_S(" name=\""));
    if (at == SIZE_MAX) return (tskl_slice){NULL, 0};
    tskl_slice name = tskl_slice_from(head, at + 7);
    return tskl_slice_first(name, tskl_slice_find(name, '"'));
}

static bool is_file(tskl_slice head) {
    return tskl_slice_search(head, TSKL_S("filename")) != SIZE_MAX;
}

// What stands before `mark`; `*rest` becomes what follows it, empty where it does not come.
static tskl_slice take_until(tskl_slice *rest, tskl_slice mark) {
    size_t at = tskl_slice_search(*rest, mark);
    tskl_slice before = tskl_slice_first(*rest, at);
    *rest = tskl_slice_from(*rest, at == SIZE_MAX ? rest->len : at + mark.len);
    return before;
}

void tskl_masker_multipart(tskl_masker *masker) {
    // The first line is the delimiter: content-type may have lost its parameters.
    tskl_slice rest = masker->source, delimiter = tskl_slice_line(&rest);
    if (!tskl_slice_starts(delimiter, TSKL_S("--")) || delimiter.len < 3) return;
    while (rest.len && !masker->edits.failed) {
        tskl_slice part = take_until(&rest, delimiter);
        tskl_slice head = take_until(&part, TSKL_S("\r\n\r\n"));
        // The line end before a delimiter belongs to it.
        tskl_slice value =
            tskl_slice_ends(part, TSKL_S("\r\n")) ? tskl_slice_first(part, part.len - 2) : part;
        if (!is_file(head) && tskl_masker_names(masker, part_name(head), TSKL_MASK_FORM, false))
            tskl_masker_hide(masker, value, value, false);
        tskl_slice_line(&rest);
    }
}
