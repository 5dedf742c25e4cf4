// SPDX-License-Identifier: Apache-2.0
#include "recording/har_fields.h"
#include "base/number.h"

enum { SHOWN_MAX = 60 };

tskl_status tskl_har_nomem(const tskl_har_reading *r) {
    return tskl_fail(r->err, TSKL_ERR_NOMEM, "out of memory (reading an entry)");
}

static void note(tskl_har_reading *r, const tskl_json *at, const char *what, tskl_slice value) {
    tskl_call_problem *problem = tskl_arena_new(r->arena, tskl_call_problem);
    if (!problem) return; // the call is worth more than what is said of it
    *problem = (tskl_call_problem){.what = what, .value = value};
    problem->line = r->line + (at && at->line ? at->line - 1 : 0);
    const tskl_call_problem **last = &r->call->problems;
    while (*last) last = (const tskl_call_problem **)&(*last)->next;
    *last = problem;
}

void tskl_har_note(tskl_har_reading *r, const tskl_json *at, const char *what) {
    note(r, at, what, at ? tskl_slice_first(at->text, SHOWN_MAX) : TSKL_S(""));
}

void tskl_har_note_only(tskl_har_reading *r, const tskl_json *at, const char *what) {
    note(r, at, what, TSKL_S(""));
}

const tskl_json *tskl_har_member(const tskl_json *object, const char *name) {
    return tskl_json_get(object, tskl_slice_of(name));
}

tskl_slice tskl_har_text(const tskl_json *object, const char *name) {
    const tskl_json *value = tskl_har_member(object, name);
    bool plain = value && (value->kind == TSKL_JSON_STRING || value->kind == TSKL_JSON_NUMBER ||
                           value->kind == TSKL_JSON_BOOL);
    return plain ? value->text : (tskl_slice){NULL, 0};
}

bool tskl_har_is_empty(const tskl_json *value) {
    if (!value || value->kind == TSKL_JSON_NULL) return true;
    return value->kind == TSKL_JSON_STRING && tskl_slice_trim(value->text).len == 0;
}

// A number, or a string with nothing else in it.
static tskl_json as_number(const tskl_json *value) {
    tskl_json number = value ? *value : (tskl_json){0};
    if (number.kind == TSKL_JSON_STRING) {
        number.kind = TSKL_JSON_NUMBER;
        number.text = tskl_slice_trim(number.text);
    }
    return number;
}

bool tskl_har_to_double(const tskl_json *value, double *out) {
    tskl_json number = as_number(value);
    return tskl_json_to_double(&number, out);
}

bool tskl_har_to_i64(const tskl_json *value, int64_t *out) {
    tskl_json number = as_number(value);
    return tskl_json_to_i64(&number, out);
}

static bool is_nan(const tskl_json *value) {
    return value->kind == TSKL_JSON_STRING && tskl_slice_equal_nocase(value->text, TSKL_S("NaN"));
}

double tskl_har_ms(tskl_har_reading *r, const tskl_json *object, const char *name,
                   const char *what) {
    const tskl_json *value = tskl_har_member(object, name);
    double ms;
    if (!tskl_har_to_double(value, &ms)) {
        if (!tskl_har_is_empty(value) && !is_nan(value)) tskl_har_note(r, value, what);
        return 0;
    }
    if (!(ms > 0)) return 0;
    return ms < TSKL_HAR_LONGEST_MS ? ms : TSKL_HAR_LONGEST_MS;
}
