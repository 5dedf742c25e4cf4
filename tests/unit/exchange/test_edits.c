// SPDX-License-Identifier: Apache-2.0
#include "exchange/edits.h"
#include "harness.h"

static const tskl_slice source = {"0123456789", 10};

static tskl_slice part(size_t from, size_t to) {
    return tskl_slice_from(tskl_slice_first(source, to), from);
}

TEST(edits, leave_a_text_without_any_as_it_is) {
    tskl_edits edits = {.arena = t->arena};
    tskl_slice shown;
    CHECK(tskl_edits_apply(&edits, source, &shown));
    CHECK(shown.ptr == source.ptr && shown.len == source.len);
}

TEST(edits, show_parts_as_something_else) {
    tskl_edits edits = {.arena = t->arena};
    tskl_slice shown;
    tskl_edits_add(&edits, source, part(0, 2), TSKL_S("***"));
    tskl_edits_add(&edits, source, part(4, 5), TSKL_S(""));
    tskl_edits_add(&edits, source, part(8, 10), TSKL_S("z"));
    CHECK(tskl_edits_apply(&edits, source, &shown));
    CHECK_TEXT(TSKL_S("***23567z"), shown);
}

TEST(edits, come_out_the_same_however_the_text_is_cut) {
    for (size_t size = 1; size <= source.len; size++) {
        tskl_edits edits = {.arena = t->arena};
        tskl_edits_add(&edits, source, part(1, 2), TSKL_S("*"));
        tskl_edits_add(&edits, source, part(3, 8), TSKL_S("<->"));
        tskl_edits_add(&edits, source, part(9, 10), TSKL_S(""));
        CHECK(!edits.failed);
        const tskl_edit *edit = edits.first;
        char whole[32];
        size_t len = 0;
        for (size_t at = 0; at < source.len; at += size) {
            tskl_slice shown;
            size_t to = at + size < source.len ? at + size : source.len;
            CHECK(tskl_edits_piece(&edit, source, at, to, t->arena, &shown));
            if (shown.len) memcpy(whole + len, shown.ptr, shown.len);
            len += shown.len;
        }
        CHECK_TEXT(TSKL_S("0*2<->8"), ((tskl_slice){whole, len}));
    }
}
