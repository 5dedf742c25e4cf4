// SPDX-License-Identifier: Apache-2.0
#include "exchange/edits.h"
#include "base/buf.h"

void tskl_edits_add(tskl_edits *edits, tskl_slice source, tskl_slice part, tskl_slice text) {
    tskl_edit *edit = tskl_arena_new(edits->arena, tskl_edit);
    if (!edit) {
        edits->failed = true;
        return;
    }
    edit->start = (size_t)(part.ptr - source.ptr);
    edit->end = edit->start + part.len;
    edit->text = text;
    if (edits->last)
        edits->last->next = edit;
    else
        edits->first = edit;
    edits->last = edit;
}

// How long [from, to) becomes at most.
static size_t room_for(const tskl_edit *edit, size_t from, size_t to) {
    size_t room = to - from;
    for (; edit && edit->start < to; edit = edit->next) room += edit->text.len;
    return room;
}

bool tskl_edits_piece(const tskl_edit **edit, tskl_slice source, size_t from, size_t to,
                      tskl_arena *arena, tskl_slice *out) {
    while (*edit && (*edit)->end <= from && (*edit)->start < from) *edit = (*edit)->next;
    *out = tskl_slice_from(tskl_slice_first(source, to), from);
    if (!*edit || (*edit)->start >= to) return true;
    size_t room = room_for(*edit, from, to);
    tskl_buf shown = {.ptr = tskl_arena_take(arena, room), .room = room, .cap = room};
    *out = (tskl_slice){NULL, 0};
    if (!shown.ptr) return false;
    while (*edit && (*edit)->start < to) {
        if ((*edit)->start >= from) {
            tskl_buf_add(&shown, tskl_slice_from(tskl_slice_first(source, (*edit)->start), from));
            tskl_buf_add(&shown, (*edit)->text);
        }
        from = (*edit)->end < to ? (*edit)->end : to;
        if ((*edit)->end > to) break; // goes on in the next piece
        *edit = (*edit)->next;
    }
    tskl_buf_add(&shown, tskl_slice_from(tskl_slice_first(source, to), from));
    *out = tskl_buf_slice(&shown);
    return true;
}

bool tskl_edits_apply(const tskl_edits *edits, tskl_slice source, tskl_slice *out) {
    const tskl_edit *edit = edits->first;
    *out = (tskl_slice){NULL, 0};
    return !edits->failed && tskl_edits_piece(&edit, source, 0, source.len, edits->arena, out);
}
