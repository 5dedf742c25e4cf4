// SPDX-License-Identifier: Apache-2.0
#include "recording/tally.h"
#include "base/utf8.h"
#include "output/group.h"
#include "recording/record_reader.h"
#include <stdlib.h>

enum { NAME_MAX_BYTES = 80 };

// Of what no Pack names it is said where it happened: "api.example.com status 503".
static void add_host(tskl_buf *name, const tskl_view *view) {
    if (view->host.len == 0) return;
    tskl_utf8_add_shown(name, tskl_slice_first(view->host, NAME_MAX_BYTES));
    tskl_buf_byte(name, ' ');
}

// The best short name there is: a Pack's code, type or class; the network's code; the status.
static void add_reason(tskl_buf *name, const tskl_record *record) {
    static const char *const names[] = {"error.code", "error.type", "class"};
    const tskl_view *view = record->view;
    tskl_group group;
    for (size_t at = 0; tskl_group_next(record->captures, &at, &group);) {
        for (size_t i = 0; i < TSKL_COUNT(names); i++) {
            tskl_slice text = tskl_group_get(&group, names[i]);
            if (text.len == 0) continue;
            tskl_buf_printf(name, TSKL_FMT " ", TSKL_ARG(group.items[0].pack));
            tskl_utf8_add_shown(name, tskl_slice_first(text, NAME_MAX_BYTES));
            return;
        }
    }
    add_host(name, view);
    tskl_slice network = view->error_code.len ? view->error_code : view->error_kind;
    if (network.len)
        tskl_utf8_add_shown(name, tskl_slice_first(network, NAME_MAX_BYTES));
    else if (view->exchange->status)
        tskl_buf_printf(name, "status %d", view->exchange->status);
    else
        tskl_buf_add(name, TSKL_S("no response"));
}

static void count_reason(tskl_tally *tally, tskl_slice name) {
    for (size_t i = 0; i < tally->reason_count; i++)
        if (tskl_slice_equal(tally->reasons[i].name, name)) {
            tally->reasons[i].count++;
            return;
        }
    if (tally->reason_count == TSKL_TALLY_REASONS) return;
    tskl_tally_reason *reason = &tally->reasons[tally->reason_count];
    if (!tskl_arena_copy(&tally->names, name, &reason->name)) return;
    reason->count = 1;
    tally->reason_count++;
}

void tskl_tally_add(tskl_tally *tally, tskl_slice line) {
    tskl_read_record *read;
    char room[512];
    tskl_buf name = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tally->calls++;
    if (tskl_record_read(line, &tally->line, &read, NULL) == TSKL_OK &&
        tskl_record_failed(&read->record)) {
        tally->failures++;
        add_reason(&name, &read->record);
        count_reason(tally, tskl_buf_slice(&name));
    }
    tskl_arena_reuse(&tally->line);
}

static int by_count(const void *left, const void *right) {
    const tskl_tally_reason *a = left, *b = right;
    if (a->count != b->count) return a->count < b->count ? 1 : -1;
    return tskl_slice_compare(a->name, b->name);
}

void tskl_tally_summary(tskl_tally *tally, tskl_buf *text) {
    size_t count = tally->reason_count;
    tskl_buf_printf(text, "%llu call%s, %llu failed", (unsigned long long)tally->calls,
                    tally->calls == 1 ? "" : "s", (unsigned long long)tally->failures);
    if (count) qsort(tally->reasons, count, sizeof *tally->reasons, by_count);
    for (size_t i = 0; i < count && i < TSKL_TALLY_SHOWN; i++)
        tskl_buf_printf(text, "%s " TSKL_FMT " %llu", i ? "," : ":",
                        TSKL_ARG(tally->reasons[i].name),
                        (unsigned long long)tally->reasons[i].count);
    if (count > TSKL_TALLY_SHOWN)
        tskl_buf_printf(text, " and %zu other reasons", count - TSKL_TALLY_SHOWN);
}

void tskl_tally_deinit(tskl_tally *tally) {
    tskl_arena_reset(&tally->names);
    tskl_arena_reset(&tally->line);
}
