// SPDX-License-Identifier: Apache-2.0
#include "recording/remarks.h"
#include "say.h"

static bool was_said(tskl_remarks *remarks, const char *what) {
    for (size_t i = 0; i < remarks->count; i++) {
        if (strcmp(remarks->kinds[i].what, what) != 0) continue;
        remarks->kinds[i].more++;
        return true;
    }
    if (remarks->count == TSKL_REMARKS_MAX) return true;
    remarks->kinds[remarks->count].what = what;
    remarks->kinds[remarks->count++].more = 0;
    return false;
}

void tskl_remarks_add(tskl_remarks *remarks, const tskl_item *item, tskl_arena *arena) {
    for (const tskl_call_problem *p = item->call.problems; p; p = p->next) {
        if (was_said(remarks, p->what)) continue;
        tskl_slice url = tskl_item_shown_url(item, arena);
        bool shown = p->value.len > 0;
        tskl_complain("%s: entry %zu: " TSKL_FMT ": line %u: %s%s" TSKL_FMT "%s", remarks->file,
                      item->number, TSKL_ARG(url), (unsigned)p->line, p->what, shown ? ": \"" : "",
                      TSKL_ARG(p->value), shown ? "\"" : "");
    }
}

void tskl_remarks_end(const tskl_remarks *remarks) {
    for (size_t i = 0; i < remarks->count; i++)
        if (remarks->kinds[i].more)
            tskl_complain("%s: %zu more: %s", remarks->file, remarks->kinds[i].more,
                          remarks->kinds[i].what);
}
