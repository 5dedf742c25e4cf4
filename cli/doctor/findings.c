// SPDX-License-Identifier: Apache-2.0
#include "doctor/findings.h"
#include "base/json_writer.h"
#include "say.h"
#include <stdarg.h>
#include <taskless/base.h>

enum { TEXT_MAX = 2048, JSON_MAX = 8 * 1024 * 1024, WORD_COLUMNS = 9 };

static const char *const words[] = {"ok", "ok", "note", "problem"};

void tskl_findings_add(tskl_findings *findings, tskl_mood mood, const char *name, const char *mend,
                       const char *format, ...) {
    char text[TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings->notes += mood == TSKL_NOTE;
    findings->problems += mood == TSKL_BAD;
    if (findings->count == TSKL_FINDINGS_MAX) return;
    tskl_finding *finding = &findings->items[findings->count];
    *finding = (tskl_finding){.group = findings->group, .mood = mood};
    finding->name = tskl_arena_cstr(&findings->arena, tskl_slice_of(name));
    finding->text = tskl_arena_cstr(&findings->arena, tskl_slice_of(text));
    if (mend) finding->mend = tskl_arena_cstr(&findings->arena, tskl_slice_of(mend));
    findings->count += finding->name && finding->text;
}

void tskl_findings_show(const tskl_findings *findings, FILE *to, bool colour) {
    const tskl_page page = {to, colour, WORD_COLUMNS};
    tskl_page_title(&page, "taskless", "%s", tskl_version());
    for (size_t i = 0; i < findings->count; i++) {
        const tskl_finding *f = &findings->items[i];
        if (i == 0 || strcmp(f->group, f[-1].group) != 0) tskl_page_heading(&page, f->group);
        tskl_page_row(&page, f->mood, words[f->mood], "%s: %s%s%s", f->name, f->text,
                      f->mend ? "; to mend it: " : "", f->mend ? f->mend : "");
    }
    size_t good = findings->count - findings->notes - findings->problems;
    fprintf(to, "\n%zu ok, %zu note%s, %zu problem%s\n", good, findings->notes,
            findings->notes == 1 ? "" : "s", findings->problems,
            findings->problems == 1 ? "" : "s");
}

static void add_member(tskl_buf *json, const char *name, const char *value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, tskl_slice_of(value));
}

bool tskl_findings_write_json(const tskl_findings *findings, FILE *to) {
    tskl_buf json;
    tskl_buf_init(&json, JSON_MAX);
    tskl_buf_byte(&json, '{');
    add_member(&json, "version", tskl_version());
    tskl_buf_printf(&json, ",\"ok\":%s,\"findings\":[", findings->problems ? "false" : "true");
    for (size_t i = 0; i < findings->count; i++) {
        const tskl_finding *f = &findings->items[i];
        tskl_json_add_comma(&json);
        tskl_buf_byte(&json, '{');
        add_member(&json, "group", f->group);
        add_member(&json, "name", f->name);
        add_member(&json, "state", words[f->mood]);
        add_member(&json, "text", f->text);
        if (f->mend) add_member(&json, "mend", f->mend);
        tskl_buf_byte(&json, '}');
    }
    tskl_buf_add(&json, TSKL_S("]}\n"));
    bool written = !json.failed && tskl_write_json(to, tskl_buf_slice(&json));
    tskl_buf_deinit(&json);
    return written;
}
