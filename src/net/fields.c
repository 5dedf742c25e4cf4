// SPDX-License-Identifier: Apache-2.0
#include "net/fields.h"
#include "net/http.h"

// They concern the connection, not the request, or say where one request ends and the next begins.
static const char *const never[] = {
    "host",    "connection", "keep-alive",        "te",
    "trailer", "upgrade",    "transfer-encoding", "expect",
    "via",     "forwarded",  "http2-settings",
};

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_name(tskl_slice name) {
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_byte(name.ptr[i])) return false;
    return name.len > 0;
}

static bool is_value(tskl_slice value) {
    for (size_t i = 0; i < value.len; i++) {
        unsigned char byte = (unsigned char)value.ptr[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7f) return false;
    }
    return true;
}

// Only "\r\n" ends a line: any other line end stays in the value, where it is refused.
static tskl_slice take_line(tskl_slice *lines) {
    size_t end = tskl_slice_search(*lines, TSKL_S("\r\n"));
    tskl_slice line = tskl_slice_first(*lines, end);
    *lines = end == SIZE_MAX ? (tskl_slice){NULL, 0} : tskl_slice_from(*lines, end + 2);
    return line;
}

bool tskl_fields_next(tskl_slice *lines, tskl_slice *name, tskl_slice *value) {
    if (lines->len == 0) return false;
    tskl_slice line = take_line(lines);
    size_t colon = tskl_slice_find(line, ':');
    *name = tskl_slice_first(line, colon == SIZE_MAX ? 0 : colon);
    *value = line;
    if (colon == SIZE_MAX) return true;
    *value = tskl_slice_from(line, colon + 1);
    while (value->len && strchr(" \t", value->ptr[0])) *value = tskl_slice_from(*value, 1);
    return true;
}

static bool is_refused(tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(never); i++)
        if (tskl_slice_equal_nocase(name, tskl_slice_of(never[i]))) return true;
    return tskl_slice_starts_nocase(name, TSKL_S("proxy-"));
}

// Some kits tell the length themselves; libcurl tells it in any case.
static bool is_other_length(tskl_slice name, tskl_slice value, size_t body_size) {
    uint64_t told;
    if (!tskl_slice_equal_nocase(name, TSKL_S("content-length"))) return false;
    return !tskl_slice_to_u64(tskl_slice_trim(value), &told) || told != body_size;
}

tskl_status tskl_fields_check(tskl_slice lines, size_t body_size, tskl_error *err) {
    tskl_slice name, value;
    if (lines.len > TSKL_HTTP_HEADERS_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "its headers have more than %d KiB",
                         TSKL_HTTP_HEADERS_MAX / 1024);
    for (size_t count = 1; tskl_fields_next(&lines, &name, &value); count++) {
        tskl_slice shown = tskl_slice_first(name, 60);
        if (!is_name(name) || !is_value(value))
            return tskl_fail(err, TSKL_ERR_INVALID, "header %zu, \"" TSKL_FMT "\", is none", count,
                             TSKL_ARG(shown));
        if (is_refused(name) || is_other_length(name, value, body_size))
            return tskl_fail(err, TSKL_ERR_INVALID,
                             "the header \"" TSKL_FMT "\" is not a Pack's "
                             "to set",
                             TSKL_ARG(shown));
        if (count > TSKL_HTTP_HEADER_COUNT_MAX)
            return tskl_fail(err, TSKL_ERR_LIMIT, "it has more than %d headers",
                             TSKL_HTTP_HEADER_COUNT_MAX);
    }
    return TSKL_OK;
}

bool tskl_fields_have(tskl_slice lines, const char *wanted) {
    tskl_slice name, value;
    while (tskl_fields_next(&lines, &name, &value))
        if (tskl_slice_equal_nocase(name, tskl_slice_of(wanted))) return true;
    return false;
}
