// SPDX-License-Identifier: Apache-2.0
#include "explain/marks.h"

static bool header_bears(tskl_slice lines, tskl_slice name, tskl_slice value) {
    while (lines.len) {
        tskl_slice line = tskl_slice_line(&lines);
        tskl_slice found = tskl_slice_split(&line, ':');
        if (tskl_slice_equal_nocase(found, name) && tskl_slice_starts(tskl_slice_trim(line), value))
            return true;
    }
    return false;
}

static bool body_bears(const tskl_json *body, tskl_slice path, tskl_slice value) {
    while (body && path.len) body = tskl_json_get(body, tskl_slice_split(&path, '.'));
    if (!body) return false;
    tskl_slice text = body->kind == TSKL_JSON_NULL ? TSKL_S("null") : body->text;
    return tskl_slice_starts(text, value);
}

size_t tskl_marks_count(const tskl_texts *marks, const tskl_call *call, const tskl_json *body) {
    size_t count = 0;
    for (size_t i = 0; i < marks->count; i++) {
        tskl_slice value = marks->items[i];
        tskl_slice kind = tskl_slice_split(&value, ' ');
        tskl_slice name = tskl_slice_split(&value, ':');
        value = tskl_slice_trim(value);
        bool header = tskl_slice_equal(kind, TSKL_S("header"));
        count += header ? header_bears(call->response_headers, name, value)
                        : body_bears(body, name, value);
    }
    return count;
}
