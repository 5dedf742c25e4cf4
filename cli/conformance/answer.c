// SPDX-License-Identifier: Apache-2.0
#include "conformance/answer.h"

bool tskl_answer_has_body(const tskl_case *told) {
    int status = told->call.status;
    return !tskl_slice_equal(told->call.method, TSKL_S("HEAD")) && status >= 200 && status != 204 &&
           status != 304;
}

bool tskl_answer_keeps_connection(const tskl_case *told) {
    return !told->wire.fault && told->call.ending == TSKL_DONE &&
           told->wire.framing != TSKL_FRAMED_BY_CLOSE &&
           !tskl_slice_equal(told->wire.http, TSKL_S("1.0"));
}

// One that breaks off has chunks, so that a client knows that more had to come.
static bool has_chunks(const tskl_case *told) {
    if (!tskl_answer_has_body(told)) return false;
    return told->wire.framing == TSKL_FRAMED_BY_CHUNKS ||
           (told->wire.framing == TSKL_FRAMED_BY_LENGTH &&
            (told->wire.fault || told->call.ending == TSKL_ABORTED));
}

static void add_line(tskl_buf *out, tskl_slice name, tskl_slice value) {
    tskl_buf_add(out, name);
    tskl_buf_add(out, TSKL_S(": "));
    tskl_buf_add(out, value);
    tskl_buf_add(out, TSKL_S("\r\n"));
}

static void add_members(tskl_buf *out, const tskl_json *headers) {
    for (const tskl_json *one = headers ? headers->first : NULL; one; one = one->next)
        add_line(out, one->key, one->text);
}

static void add_early(tskl_buf *out, const tskl_json *early) {
    for (const tskl_json *one = early ? early->first : NULL; one; one = one->next) {
        int64_t status = 100;
        (void)tskl_json_to_i64(tskl_json_get(one, TSKL_S("status")), &status);
        tskl_buf_printf(out, "HTTP/1.1 %d Early\r\n", (int)status);
        add_members(out, tskl_json_get(one, TSKL_S("headers")));
        tskl_buf_add(out, TSKL_S("\r\n"));
    }
}

void tskl_answer_add_head(const tskl_case *told, tskl_buf *out) {
    const tskl_wire *wire = &told->wire;
    add_early(out, wire->early);
    tskl_buf_printf(out, "HTTP/" TSKL_FMT " %d Status\r\n", TSKL_ARG(wire->http),
                    told->call.status);
    tskl_buf_add(out, wire->head.len ? wire->head : told->call.response_headers);
    if (has_chunks(told)) tskl_buf_add(out, TSKL_S("transfer-encoding: chunked\r\n"));
    // Of one that breaks off it is not known beforehand.
    bool whole = !wire->fault && told->call.ending == TSKL_DONE;
    if (whole && !tskl_answer_keeps_connection(told))
        tskl_buf_add(out, TSKL_S("connection: close\r\n"));
    tskl_buf_add(out, TSKL_S("\r\n"));
}

void tskl_answer_add_part(const tskl_case *told, tskl_slice part, tskl_buf *out) {
    if (!has_chunks(told)) {
        tskl_buf_add(out, part);
    } else if (part.len) { // an empty chunk would be the end
        tskl_buf_printf(out, "%zx\r\n", part.len);
        tskl_buf_add(out, part);
        tskl_buf_add(out, TSKL_S("\r\n"));
    }
}

void tskl_answer_add_end(const tskl_case *told, tskl_buf *out) {
    if (!has_chunks(told)) return;
    tskl_buf_add(out, TSKL_S("0\r\n"));
    add_members(out, told->wire.trailers);
    tskl_buf_add(out, TSKL_S("\r\n"));
}
