// XML, read only as far as names of elements and the text behind them: what is no XML stays.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// "<ns:Name attribute='x'>" as Name; empty for ends, comments, declarations and empty elements.
static tskl_slice element_name(tskl_slice tag) {
    if (tag.len == 0 || strchr("/!?", tag.ptr[0]) || tag.ptr[tag.len - 1] == '/')
        return (tskl_slice){NULL, 0};
    size_t len = 0;
    while (len < tag.len && !strchr(" \t\r\n", tag.ptr[len])) len++;
    tskl_slice name = tskl_slice_first(tag, len);
    size_t colon = tskl_slice_find(name, ':');
    return colon == SIZE_MAX ? name : tskl_slice_from(name, colon + 1);
}

void tskl_masker_xml(tskl_masker *masker, tskl_slice text) {
    while (!masker->edits.failed) {
        tskl_slice_split(&text, '<');
        if (text.len == 0) return;
        tskl_slice name = element_name(tskl_slice_split(&text, '>'));
        tskl_slice inside = tskl_slice_first(text, tskl_slice_find(text, '<'));
        unsigned places = tskl_mask_places(name);
        if ((places & TSKL_MASK_MEMBER) && !(places & TSKL_MASK_OAUTH))
            tskl_masker_hide(masker, inside, inside, false);
    }
}
