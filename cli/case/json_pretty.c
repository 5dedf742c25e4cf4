// SPDX-License-Identifier: Apache-2.0
#include "case/json_pretty.h"
#include "base/json_writer.h"

enum { COLUMNS = 100, STEP = 2 };

static bool is_container(const tskl_json *value) {
    return value->kind == TSKL_JSON_OBJECT || value->kind == TSKL_JSON_ARRAY;
}

static void add_name(tskl_buf *buf, const tskl_json *parent, const tskl_json *member) {
    if (parent->kind != TSKL_JSON_OBJECT) return;
    tskl_json_add_string(buf, member->key);
    tskl_buf_add(buf, TSKL_S(": "));
}

// In one line, with spaces behind commas and colons.
static void add_line(tskl_buf *buf, const tskl_json *value) {
    if (!is_container(value)) {
        tskl_json_add_value(buf, value);
        return;
    }
    bool object = value->kind == TSKL_JSON_OBJECT;
    tskl_buf_byte(buf, object ? '{' : '[');
    for (const tskl_json *member = value->first; member; member = member->next) {
        add_name(buf, value, member);
        add_line(buf, member);
        if (member->next) tskl_buf_add(buf, TSKL_S(", "));
    }
    tskl_buf_byte(buf, object ? '}' : ']');
}

static void add_spaces(tskl_buf *buf, size_t count) {
    for (size_t i = 0; i < count; i++) tskl_buf_byte(buf, ' ');
}

// `used` columns of the line are taken, the value's own name among them.
static void add(tskl_buf *buf, const tskl_json *value, size_t indent, size_t used) {
    size_t before = buf->len;
    bool object = value->kind == TSKL_JSON_OBJECT;
    add_line(buf, value);
    // The whole document is never one line: it would be hard to find one's way in.
    bool fits = indent > 0 && used + buf->len - before < COLUMNS;
    if (fits || !is_container(value) || !value->first || buf->failed) return;
    tskl_buf_truncate(buf, before);
    tskl_buf_byte(buf, object ? '{' : '[');
    for (const tskl_json *member = value->first; member; member = member->next) {
        tskl_buf_byte(buf, '\n');
        size_t begin = buf->len;
        add_spaces(buf, indent + STEP);
        add_name(buf, value, member);
        add(buf, member, indent + STEP, buf->len - begin);
        if (member->next) tskl_buf_byte(buf, ',');
    }
    tskl_buf_byte(buf, '\n');
    add_spaces(buf, indent);
    tskl_buf_byte(buf, object ? '}' : ']');
}

void tskl_json_add_pretty(tskl_buf *buf, const tskl_json *value) {
    add(buf, value, 0, 0);
    tskl_buf_byte(buf, '\n');
}
