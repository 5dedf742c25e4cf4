// SPDX-License-Identifier: Apache-2.0
#include "case/case.h"
#include "base/base64.h"
#include "base/json_writer.h"
#include "case/claims.h"

enum { URL_MAX = 32 * 1024, HEADERS_MAX = 1024 * 1024 };

static const int64_t default_start_us = 1767225600000000; // 2026-01-01T00:00:00Z
static const int64_t first_byte_after_us = 100000, end_after_us = 20000;
static const double latest_ms = 253402300799999.0; // of the year 9999

/** Request or response, as the case has it. */
typedef struct message {
    uint32_t status;
    const tskl_json *headers, *body;
} message;

/** A case while it is read: what is turned into the call's bytes and times stands beside it. */
typedef struct draft {
    tskl_case made;
    const tskl_json *start, *first_byte, *end, *head;
    message request, response;
} draft;

#define AT(member) .offset = offsetof(draft, member)
#define IN(member) .offset = offsetof(message, member)

static const tskl_shape_row time_rows[] = {
    {.key = "start", .kind = TSKL_SHAPE_VALUE, AT(start)},
    {.key = "first_byte", .kind = TSKL_SHAPE_VALUE, AT(first_byte)},
    {.key = "end", .kind = TSKL_SHAPE_VALUE, AT(end)},
};
static const tskl_shape time_shape = TSKL_SHAPE(time_rows);

static const tskl_shape_row request_rows[] = {
    {.key = "method", .kind = TSKL_SHAPE_TEXT, AT(made.call.method), .min = 1},
    {.key = "url",
     .kind = TSKL_SHAPE_TEXT,
     AT(made.call.url),
     .min = 1,
     .max = URL_MAX,
     .required = true},
    {.key = "headers", .kind = TSKL_SHAPE_VALUE, AT(request.headers)},
    {.key = "body", .kind = TSKL_SHAPE_VALUE, AT(request.body)},
};
static const tskl_shape request_shape = TSKL_SHAPE(request_rows);

static const tskl_shape_row response_rows[] = {
    {.key = "status", .kind = TSKL_SHAPE_COUNT, IN(status), .min = 100, .max = 999},
    {.key = "headers", .kind = TSKL_SHAPE_VALUE, IN(headers)},
    {.key = "body", .kind = TSKL_SHAPE_VALUE, IN(body)},
};
static const tskl_shape response_shape = TSKL_SHAPE(response_rows);

static const tskl_shape_row error_rows[] = {
    {.key = "code", .kind = TSKL_SHAPE_TEXT, AT(made.call.error_code)},
    {.key = "message", .kind = TSKL_SHAPE_TEXT, AT(made.call.error_message)},
};
static const tskl_shape error_shape = TSKL_SHAPE(error_rows);

static tskl_status check_paths(const tskl_place *place, void *into, tskl_error *err) {
    (void)into;
    return tskl_claims_check(place, err);
}

static const tskl_shape_row expect_rows[] = {
    {.key = "captures", .kind = TSKL_SHAPE_MAP, AT(made.captures)},
    {.key = "record", .kind = TSKL_SHAPE_MAP, AT(made.record)},
    {.key = "paths", .kind = TSKL_SHAPE_MAP, AT(made.paths), .check = check_paths},
};
static const tskl_shape expect_shape = TSKL_SHAPE(expect_rows);

static tskl_status check_one_expected(const tskl_place *place, void *into, tskl_error *err) {
    const draft *d = into;
    if (d->made.captures && d->made.record)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place,
                               "takes captures or record, one of them");
    if (!d->made.captures && !d->made.record && !d->made.paths)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "needs captures, record or paths");
    return TSKL_OK;
}

static const char *const framings[] = {"length", "chunked", "close", NULL};
static const char *const faults[] = {"none",   "refused", "unknown", "reset", "hang_up",
                                     "silent", "foreign", "no_http", NULL};

static const tskl_shape_row wire_rows[] = {
    {.key = "http", .kind = TSKL_SHAPE_TEXT, AT(made.wire.http), .min = 1, .max = 3},
    {.key = "framing", .kind = TSKL_SHAPE_WORD, AT(made.wire.framing), .words = framings},
    {.key = "head", .kind = TSKL_SHAPE_VALUE, AT(head)},
    {.key = "early", .kind = TSKL_SHAPE_VALUE, AT(made.wire.early)},
    {.key = "trailers", .kind = TSKL_SHAPE_MAP, AT(made.wire.trailers)},
    {.key = "fault", .kind = TSKL_SHAPE_WORD, AT(made.wire.fault), .words = faults},
    {.key = "times", .kind = TSKL_SHAPE_COUNT, AT(made.wire.times), .min = 1, .max = 100},
    {.key = "unmade", .kind = TSKL_SHAPE_TEXT, AT(made.wire.unmade), .min = 1},
    {.key = "then", .kind = TSKL_SHAPE_TEXT, AT(made.wire.then), .min = 1},
};
static const tskl_shape wire_shape = TSKL_SHAPE(wire_rows);

static const char *const endings[] = {"done", "aborted", "failed", NULL};

static const tskl_shape_row case_rows[] = {
    {.key = "about", .kind = TSKL_SHAPE_TEXT, AT(made.about), .min = 1, .required = true},
    {.key = "source", .kind = TSKL_SHAPE_TEXT, AT(made.source)},
    {.key = "packs", .kind = TSKL_SHAPE_TEXTS, AT(made.packs), .min = 1},
    {.key = "configuration", .kind = TSKL_SHAPE_MAP, AT(made.configuration)},
    {.key = "hosts", .kind = TSKL_SHAPE_MAP, AT(made.hosts)},
    {.key = "allow", .kind = TSKL_SHAPE_MAP, AT(made.allow)},
    {.key = "environment", .kind = TSKL_SHAPE_MAP, AT(made.environment)},
    {.key = "id", .kind = TSKL_SHAPE_TEXT, AT(made.call.id)},
    {.key = "time", .kind = TSKL_SHAPE_OBJECT, .inside = &time_shape},
    {.key = "request", .kind = TSKL_SHAPE_OBJECT, .inside = &request_shape, .required = true},
    {.key = "response", .kind = TSKL_SHAPE_OBJECT, AT(response), .inside = &response_shape},
    {.key = "ending", .kind = TSKL_SHAPE_WORD, AT(made.call.ending), .words = endings},
    {.key = "error", .kind = TSKL_SHAPE_OBJECT, .inside = &error_shape},
    {.key = "wire", .kind = TSKL_SHAPE_OBJECT, .inside = &wire_shape},
    {.key = "expect",
     .kind = TSKL_SHAPE_OBJECT,
     .inside = &expect_shape,
     .required = true,
     .check = check_one_expected},
};
static const tskl_shape case_shape = TSKL_SHAPE(case_rows);

static tskl_status read_time(const tskl_place *root, const tskl_json *value, int64_t otherwise_us,
                             int64_t earliest_us, int64_t *out, tskl_error *err) {
    double ms;
    *out = otherwise_us;
    if (!value) return TSKL_OK;
    tskl_place place = tskl_place_in(root, value, 0);
    if (!tskl_json_to_double(value, &ms) || !(ms >= 1 && ms <= latest_ms))
        return tskl_place_fail(err, TSKL_ERR_INVALID, &place, "is not milliseconds since 1970");
    *out = (int64_t)(ms * 1000 + 0.5);
    if (*out < earliest_us)
        return tskl_place_fail(err, TSKL_ERR_INVALID, &place, "is earlier than what it follows");
    return TSKL_OK;
}

static tskl_status read_times(const tskl_place *root, draft *d, tskl_error *err) {
    tskl_call *call = &d->made.call;
    TSKL_TRY(read_time(root, d->start, default_start_us, 0, &call->start_us, err));
    call->sent_us = call->start_us;
    TSKL_TRY(read_time(root, d->first_byte, call->start_us + first_byte_after_us, call->start_us,
                       &call->first_byte_us, err));
    return read_time(root, d->end, call->first_byte_us + end_after_us, call->first_byte_us,
                     &call->end_us, err);
}

static tskl_status add_header(const tskl_place *place, tskl_slice name, const tskl_json *value,
                              tskl_buf *lines, tskl_error *err) {
    if (value->kind != TSKL_JSON_STRING) return tskl_place_expected(place, "a string", err);
    size_t before = lines->len;
    tskl_call_add_header(lines, name, value->text);
    if (lines->failed) return tskl_place_nomem(place, err);
    size_t one = name.len + value->text.len + sizeof ": \r\n" - 1;
    if (lines->len - before != one)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "is no header");
    return TSKL_OK;
}

static tskl_status add_pair(const tskl_place *place, tskl_buf *lines, tskl_error *err) {
    const tskl_json *pair = place->value;
    if (pair->kind != TSKL_JSON_ARRAY || pair->count != 2 || pair->first->kind != TSKL_JSON_STRING)
        return tskl_place_expected(place, "[name, value]", err);
    return add_header(place, pair->first->text, pair->first->next, lines, err);
}

static tskl_status read_headers(const tskl_place *outer, const tskl_json *headers, tskl_slice *out,
                                tskl_error *err) {
    if (!headers) return TSKL_OK;
    tskl_place place = tskl_place_in(outer, headers, 0);
    bool object = headers->kind == TSKL_JSON_OBJECT;
    if (!object && headers->kind != TSKL_JSON_ARRAY)
        return tskl_place_expected(&place, "an object, or a list of [name, value]", err);
    // A header is written with less than its JSON takes, so that the room is known; its value is
    // found to be more than one line before the room ends.
    tskl_buf lines;
    size_t index = 0, size = headers->raw.len * 2 + 64;
    tskl_buf_init(&lines, size < HEADERS_MAX ? size : HEADERS_MAX);
    lines.ptr = tskl_arena_take(place.document->arena, lines.cap);
    lines.room = lines.cap;
    if (!lines.ptr) return tskl_place_nomem(&place, err);
    for (const tskl_json *item = headers->first; item; item = item->next) {
        tskl_place at = tskl_place_in(&place, item, index++);
        TSKL_TRY(object ? add_header(&at, item->key, item, &lines, err)
                        : add_pair(&at, &lines, err));
    }
    *out = tskl_buf_slice(&lines);
    return TSKL_OK;
}

static tskl_status write_json(const tskl_place *place, tskl_slice *out, tskl_error *err) {
    tskl_buf text;
    tskl_buf_init(&text, TSKL_CASE_FILE_MAX * 6); // each byte of a string as \u00xx
    tskl_json_add_value(&text, place->value);
    bool copied =
        !text.failed && tskl_arena_copy(place->document->arena, tskl_buf_slice(&text), out);
    tskl_buf_deinit(&text);
    return copied ? TSKL_OK : tskl_place_nomem(place, err);
}

static const tskl_json *only_member(const tskl_json *object, const char *name) {
    if (object->kind != TSKL_JSON_OBJECT || object->count != 1) return NULL;
    return tskl_json_get(object, tskl_slice_of(name));
}

// A text again and again, up to a number of bytes: too long a body to lie in a file.
static tskl_status read_repeated(const tskl_place *place, const tskl_json *repeat, tskl_slice *out,
                                 tskl_error *err) {
    int64_t size;
    const tskl_json *text = repeat->first;
    if (repeat->count != 2 || text->text.len == 0 || !tskl_json_to_i64(text->next, &size) ||
        size < 1 || size > TSKL_CASE_FILE_MAX)
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "takes a text and how many bytes");
    char *room = tskl_arena_take(place->document->arena, (size_t)size);
    if (!room) return tskl_place_nomem(place, err);
    for (size_t i = 0; i < (size_t)size; i++) room[i] = text->text.ptr[i % text->text.len];
    *out = tskl_slice_make(room, (size_t)size);
    return TSKL_OK;
}

// A string; an object or a list, as compact JSON; {"base64": "..."} or {"repeat": ["text", bytes]}.
static tskl_status read_bytes(const tskl_place *place, tskl_slice *out, tskl_error *err) {
    const tskl_json *value = place->value, *base64 = only_member(value, "base64");
    const tskl_json *repeat = only_member(value, "repeat");
    if (value->kind == TSKL_JSON_STRING) {
        *out = value->text;
        return TSKL_OK;
    }
    if (repeat && repeat->kind == TSKL_JSON_ARRAY) return read_repeated(place, repeat, out, err);
    if (!base64) return write_json(place, out, err);
    if (base64->kind != TSKL_JSON_STRING ||
        tskl_base64_decode(base64->text, place->document->arena, out, NULL))
        return tskl_place_fail(err, TSKL_ERR_INVALID, place, "is damaged base64");
    return TSKL_OK;
}

// The pieces arrive evenly between the head and the end, the last one at the end.
static tskl_status read_chunks(const tskl_place *outer, const tskl_json *chunks, tskl_call *call,
                               tskl_error *err) {
    tskl_place place = tskl_place_in(outer, chunks, 0);
    if (chunks->kind != TSKL_JSON_ARRAY) return tskl_place_expected(&place, "a list", err);
    call->parts = tskl_arena_array(place.document->arena, tskl_call_part, chunks->count);
    if (!call->parts) return tskl_place_nomem(&place, err);
    int64_t span_us = call->end_us - call->first_byte_us, count = (int64_t)chunks->count;
    for (const tskl_json *chunk = chunks->first; chunk; chunk = chunk->next) {
        tskl_place at = tskl_place_in(&place, chunk, call->part_count);
        tskl_call_part *part = &call->parts[call->part_count++];
        TSKL_TRY(read_bytes(&at, &part->bytes, err));
        part->time_us = call->first_byte_us + span_us * (int64_t)call->part_count / count;
    }
    return TSKL_OK;
}

static tskl_status read_request(const tskl_place *root, draft *d, tskl_error *err) {
    tskl_place at = tskl_place_in(root, tskl_json_get(root->value, TSKL_S("request")), 0);
    tskl_call *call = &d->made.call;
    if (call->method.len == 0) call->method = TSKL_S("GET");
    TSKL_TRY(read_headers(&at, d->request.headers, &call->request_headers, err));
    if (!d->request.body) return TSKL_OK;
    tskl_place body = tskl_place_in(&at, d->request.body, 0);
    return read_bytes(&body, &call->request_body, err);
}

static tskl_status read_response(const tskl_place *root, draft *d, tskl_error *err) {
    tskl_place at = tskl_place_in(root, tskl_json_get(root->value, TSKL_S("response")), 0);
    tskl_call *call = &d->made.call;
    tskl_slice bytes = {NULL, 0};
    if (!at.value) return TSKL_OK;
    call->status = d->response.status ? (int)d->response.status : 200;
    TSKL_TRY(read_headers(&at, d->response.headers, &call->response_headers, err));
    if (!d->response.body) return TSKL_OK;
    tskl_place body = tskl_place_in(&at, d->response.body, 0);
    const tskl_json *chunks = only_member(d->response.body, "chunks");
    if (chunks) return read_chunks(&body, chunks, call, err);
    TSKL_TRY(read_bytes(&body, &bytes, err));
    return tskl_call_set_body(call, bytes, at.document->arena) ? TSKL_OK
                                                               : tskl_place_nomem(&body, err);
}

// What the other members say of the wire counts where `wire` does not.
static tskl_status read_wire(const tskl_place *root, draft *d, tskl_error *err) {
    static const struct {
        const char *code;
        tskl_fault fault;
    } faults_of[] = {{"ECONNREFUSED", TSKL_FAULT_REFUSED},
                     {"ECONNRESET", TSKL_FAULT_RESET},
                     {"ENOTFOUND", TSKL_FAULT_UNKNOWN},
                     {"ETIMEDOUT", TSKL_FAULT_SILENT}};
    tskl_wire *wire = &d->made.wire;
    const tskl_json *body = d->response.body;
    if (wire->times == 0) wire->times = 1;
    if (wire->http.len == 0) wire->http = TSKL_S("1.1");
    if (!wire->framing && body && only_member(body, "chunks"))
        wire->framing = TSKL_FRAMED_BY_CHUNKS;
    for (size_t i = 0; i < TSKL_COUNT(faults_of) && !wire->fault; i++)
        if (tskl_slice_equal(d->made.call.error_code, tskl_slice_of(faults_of[i].code)))
            wire->fault = faults_of[i].fault;
    if (!d->head) return TSKL_OK;
    tskl_place outer = tskl_place_in(root, tskl_json_get(root->value, TSKL_S("wire")), 0);
    tskl_place head = tskl_place_in(&outer, d->head, 0);
    return read_bytes(&head, &wire->head, err);
}

static tskl_status read_tree(const tskl_place *root, tskl_case *out, tskl_error *err) {
    draft d = {0};
    TSKL_TRY(tskl_shape_read(&case_shape, root, &d, err));
    TSKL_TRY(read_times(root, &d, err));
    TSKL_TRY(read_request(root, &d, err));
    TSKL_TRY(read_response(root, &d, err));
    TSKL_TRY(read_wire(root, &d, err));
    tskl_call *call = &d.made.call;
    if (call->id.len == 0) call->id = TSKL_S("00000000-0000-7000-8000-000000000000");
    bool told = tskl_json_get(root->value, TSKL_S("ending")) != NULL;
    if (!told && tskl_json_get(root->value, TSKL_S("error"))) call->ending = TSKL_FAILED;
    *out = d.made;
    return TSKL_OK;
}

tskl_status tskl_case_read(const char *name, tskl_slice text, tskl_arena *arena, tskl_case *out,
                           tskl_error *err) {
    const tskl_json *tree;
    *out = (tskl_case){0};
    tskl_status status = tskl_json_parse(text, arena, &tree, err);
    if (status == TSKL_OK) status = tskl_place_refuse_twice(tree, arena, err);
    if (status != TSKL_OK) return tskl_context(err, status, "%s", name);
    const tskl_document document = {.name = name, .by_line = true, .arena = arena};
    const tskl_place root = {.document = &document, .value = tree};
    return read_tree(&root, out, err);
}
