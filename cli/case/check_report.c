// SPDX-License-Identifier: Apache-2.0
#include "case/check_report.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "case/advice.h"
#include "page.h"

enum { SHOWN_ROOM = 1024 * 1024 };

static bool passed(const tskl_check_result *result) {
    return result->problem.len == 0 && result->differences.count == 0;
}

// Text from outside, as a terminal may show it.
static void put_shown(FILE *to, tskl_slice text) {
    tskl_buf shown;
    tskl_buf_init(&shown, SHOWN_ROOM);
    tskl_utf8_add_shown(&shown, text);
    fwrite(shown.ptr, 1, shown.len, to);
    tskl_buf_deinit(&shown);
}

static void put_line(const tskl_check_report *report, const char *colour, const char *sign,
                     tskl_slice name, tskl_slice value, const char *what) {
    const char *strong = report->colour ? colour : "", *plain = report->colour ? "\033[0m" : "";
    fprintf(report->to, "      %s%s ", strong, sign);
    put_shown(report->to, name);
    fputs(": ", report->to);
    put_shown(report->to, value);
    fprintf(report->to, "%s   %s\n", plain, what);
}

static void put_difference(const tskl_check_report *report, const tskl_difference *d) {
    static const char red[] = "\033[31m", green[] = "\033[32m";
    bool both = d->expected.len && d->got.len;
    if (d->expected.len)
        put_line(report, green, "-", d->name, d->expected, both ? "expected" : "is missing");
    if (d->got.len) put_line(report, red, "+", d->name, d->got, both ? "got" : "is not expected");
}

// Of a Pack that did not end well: what its author does now.
static void put_advice(const tskl_check_report *report, const tskl_difference *d) {
    tskl_arena arena = {0};
    const tskl_json *run;
    if (!tskl_slice_equal(d->name, TSKL_S("packs"))) return;
    if (tskl_json_parse(d->got, &arena, &run, NULL) == TSKL_OK) {
        // A whole record has a list of them.
        for (run = run->kind == TSKL_JSON_ARRAY ? run->first : run; run; run = run->next) {
            const char *advice = tskl_advice_on(tskl_json_get_string(run, TSKL_S("result")));
            if (!advice) continue;
            fputs("        ", report->to);
            tskl_page_wrap(report->to, tskl_slice_of(advice), 8, 8);
        }
    }
    tskl_arena_reset(&arena);
}

static void text_begin(tskl_check_report *report, size_t cases) {
    (void)report;
    (void)cases;
}

static void text_result(tskl_check_report *report, const tskl_check_result *result) {
    const char *strong = "", *plain = report->colour ? "\033[0m" : "";
    bool good = passed(result);
    if (good && !report->verbose) return;
    if (report->colour) strong = good ? "\033[32m" : "\033[1;31m";
    fprintf(report->to, "%s%s%s " TSKL_FMT "%s" TSKL_FMT "\n", strong, good ? "ok  " : "FAIL",
            plain, TSKL_ARG(result->pack), result->pack.len ? "/" : "", TSKL_ARG(result->name));
    if (good) return;
    fprintf(report->to, "      %s\n", result->path);
    if (result->about.len) {
        fputs("      ", report->to);
        put_shown(report->to, result->about);
        fputc('\n', report->to);
    }
    if (result->problem.len) {
        fputs("      ", report->to);
        put_shown(report->to, result->problem);
        fputc('\n', report->to);
    }
    for (size_t i = 0; i < result->differences.count; i++) {
        put_difference(report, &result->differences.items[i]);
        put_advice(report, &result->differences.items[i]);
    }
}

static void text_end(tskl_check_report *report) {
    size_t cases = report->passed + report->failed + report->bad;
    fprintf(report->to, "%s%zu case%s: %zu passed", report->lead ? report->lead : "", cases,
            cases == 1 ? "" : "s", report->passed);
    if (report->failed) fprintf(report->to, ", %zu failed", report->failed);
    if (report->bad) fprintf(report->to, ", %zu could not be run", report->bad);
    fputc('\n', report->to);
}

static void tap_begin(tskl_check_report *report, size_t cases) {
    fprintf(report->to, "TAP version 13\n1..%zu\n", cases);
}

static void tap_text(FILE *to, const char *name, tskl_slice text) {
    tskl_buf json;
    tskl_buf_init(&json, SHOWN_ROOM);
    tskl_json_add_string(&json, text);
    fprintf(to, "  %s: " TSKL_FMT "\n", name, TSKL_ARG(tskl_buf_slice(&json)));
    tskl_buf_deinit(&json);
}

static void tap_difference(FILE *to, const tskl_difference *d) {
    fputs("    - ", to);
    put_shown(to, d->name);
    fputs(": {expected: ", to);
    put_shown(to, d->expected.len ? d->expected : TSKL_S("nothing"));
    fputs(", got: ", to);
    put_shown(to, d->got.len ? d->got : TSKL_S("nothing"));
    fputs("}\n", to);
}

static void tap_result(tskl_check_report *report, const tskl_check_result *result) {
    size_t number = report->passed + report->failed + report->bad;
    fprintf(report->to, "%sok %zu - " TSKL_FMT "/" TSKL_FMT "\n", passed(result) ? "" : "not ",
            number, TSKL_ARG(result->pack), TSKL_ARG(result->name));
    if (passed(result)) return;
    fputs("  ---\n", report->to);
    tap_text(report->to, "file", tskl_slice_of(result->path));
    if (result->about.len) tap_text(report->to, "about", result->about);
    if (result->problem.len) tap_text(report->to, "problem", result->problem);
    if (result->differences.count) fputs("  differences:\n", report->to);
    for (size_t i = 0; i < result->differences.count; i++)
        tap_difference(report->to, &result->differences.items[i]);
    fputs("  ...\n", report->to);
}

static void tap_end(tskl_check_report *report) {
    (void)report;
}

static void json_begin(tskl_check_report *report, size_t cases) {
    (void)cases;
    fputs("{\"cases\":[", report->to);
}

static void json_member(tskl_buf *json, const char *name, tskl_slice text) {
    if (text.len == 0) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, text);
}

static void json_difference(tskl_buf *json, const tskl_difference *d) {
    const struct {
        const char *name;
        tskl_slice value;
    } sides[] = {{"expected", d->expected}, {"got", d->got}};
    bool order = tskl_slice_equal(d->name, TSKL_S("order"));
    tskl_json_add_comma(json);
    tskl_buf_byte(json, '{');
    json_member(json, "name", d->name);
    for (size_t i = 0; i < TSKL_COUNT(sides); i++) {
        if (sides[i].value.len == 0) continue;
        tskl_json_add_key(json, tskl_slice_of(sides[i].name));
        if (order)
            tskl_json_add_string(json, sides[i].value);
        else
            tskl_buf_add(json, sides[i].value);
    }
    tskl_buf_byte(json, '}');
}

static void json_result(tskl_check_report *report, const tskl_check_result *result) {
    tskl_buf json;
    bool first = report->passed + report->failed + report->bad == 1;
    tskl_buf_init(&json, SHOWN_ROOM);
    tskl_buf_byte(&json, '{');
    json_member(&json, "pack", result->pack);
    json_member(&json, "name", result->name);
    json_member(&json, "file", tskl_slice_of(result->path));
    json_member(&json, "about", result->about);
    tskl_json_add_key(&json, TSKL_S("passed"));
    tskl_buf_add(&json, passed(result) ? TSKL_S("true") : TSKL_S("false"));
    json_member(&json, "problem", result->problem);
    if (result->differences.count) {
        tskl_json_add_key(&json, TSKL_S("differences"));
        tskl_buf_byte(&json, '[');
        for (size_t i = 0; i < result->differences.count; i++)
            json_difference(&json, &result->differences.items[i]);
        tskl_buf_byte(&json, ']');
    }
    tskl_buf_byte(&json, '}');
    fprintf(report->to, "%s\n", first ? "" : ",");
    fwrite(json.ptr, 1, json.len, report->to);
    tskl_buf_deinit(&json);
}

static void json_end(tskl_check_report *report) {
    fprintf(report->to, "\n],\"passed\":%zu,\"failed\":%zu,\"bad\":%zu}\n", report->passed,
            report->failed, report->bad);
}

const tskl_check_format *tskl_check_format_find(const char *name) {
    static const tskl_check_format formats[] = {
        {"text", text_begin, text_result, text_end},
        {"tap", tap_begin, tap_result, tap_end},
        {"json", json_begin, json_result, json_end},
    };
    for (size_t i = 0; i < TSKL_COUNT(formats); i++)
        if (strcmp(formats[i].name, name) == 0) return &formats[i];
    return NULL;
}

void tskl_check_report_add(tskl_check_report *report, const tskl_check_result *result) {
    if (result->problem.len)
        report->bad++;
    else if (result->differences.count)
        report->failed++;
    else
        report->passed++;
    report->format->result(report, result);
}
