// host_http: http_request of extism:host/env and what tells of its answer. The request itself is
// made by the function that the host was given.
// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "sandbox/host_functions.h"
#include "sandbox/instance.h"

enum {
    REQUEST_MAX = 64 * 1024, // bytes of the JSON that describes a request
    MOST_HEADERS = 256,      // of an answer that a guest is shown
    HEADERS_MAX = 256 * 1024,
    METHOD_MAX = 32,
};

#define HOST_FUNCTION(name)                                                                        \
    static wasm_trap_t *name(TSKL_UNUSED void *env, wasmtime_caller_t *caller,                     \
                             wasmtime_val_raw_t *values, TSKL_UNUSED size_t count)

// What a request is read into: the call, and what its slices point to.
typedef struct reading {
    tskl_sandbox_call call;
    tskl_arena arena;
    tskl_buf headers;
    char method[METHOD_MAX];
    tskl_error err;
} reading;

static bool is_token_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(tskl_slice text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_token_byte(text.ptr[i])) return false;
    return text.len > 0;
}

// A line end in a value would begin a header, or a request, of the guest's own making.
static bool is_value(tskl_slice text) {
    return !tskl_slice_contains(text, '\r') && !tskl_slice_contains(text, '\n') &&
           !tskl_slice_contains(text, 0);
}

static tskl_status read_method(reading *r, const tskl_json *value) {
    tskl_slice text = value && value->kind == TSKL_JSON_STRING ? value->text : TSKL_S("GET");
    if ((value && value->kind != TSKL_JSON_STRING && value->kind != TSKL_JSON_NULL) ||
        text.len > METHOD_MAX || !is_token(text))
        return tskl_fail(&r->err, TSKL_ERR_INVALID, "its method is none");
    for (size_t i = 0; i < text.len; i++)
        r->method[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 'a' + 'A')
                                                                : text.ptr[i];
    r->call.method = (tskl_slice){r->method, text.len};
    return TSKL_OK;
}

static tskl_status read_headers(reading *r, const tskl_json *object) {
    if (object->kind != TSKL_JSON_OBJECT)
        return tskl_fail(&r->err, TSKL_ERR_INVALID, "its headers are no object");
    for (const tskl_json *header = object->first; header; header = header->next) {
        if (!is_token(header->key) || header->kind != TSKL_JSON_STRING || !is_value(header->text))
            return tskl_fail(&r->err, TSKL_ERR_INVALID,
                             "its header \"" TSKL_FMT "\" cannot be sent",
                             TSKL_ARG(tskl_slice_first(header->key, 60)));
        tskl_buf_add(&r->headers, header->key);
        tskl_buf_add(&r->headers, TSKL_S(": "));
        tskl_buf_add(&r->headers, header->text);
        tskl_buf_add(&r->headers, TSKL_S("\r\n"));
    }
    return TSKL_OK;
}

// The members of Extism's HttpRequest, and no others: one that is misspelt must not be passed over.
static tskl_status read_members(reading *r, const tskl_json *request) {
    const tskl_json *url = NULL, *method = NULL;
    if (request->kind != TSKL_JSON_OBJECT)
        return tskl_fail(&r->err, TSKL_ERR_INVALID, "it is no object");
    for (const tskl_json *member = request->first; member; member = member->next) {
        if (tskl_slice_equal(member->key, TSKL_S("url")))
            url = member;
        else if (tskl_slice_equal(member->key, TSKL_S("method")))
            method = member;
        else if (tskl_slice_equal(member->key, TSKL_S("headers")) ||
                 tskl_slice_equal(member->key, TSKL_S("header")))
            TSKL_TRY(read_headers(r, member));
        else
            return tskl_fail(&r->err, TSKL_ERR_INVALID, "it has an unknown member \"" TSKL_FMT "\"",
                             TSKL_ARG(tskl_slice_first(member->key, 60)));
    }
    if (!url || url->kind != TSKL_JSON_STRING || !is_value(url->text))
        return tskl_fail(&r->err, TSKL_ERR_INVALID, "its url is none");
    r->call.url = url->text;
    return read_method(r, method);
}

static tskl_status read_request(reading *r, tskl_slice text) {
    const tskl_json *request;
    if (text.len > REQUEST_MAX)
        return tskl_fail(&r->err, TSKL_ERR_LIMIT, "it has more than %d KiB", REQUEST_MAX / 1024);
    TSKL_TRY(tskl_json_parse(text, &r->arena, &request, &r->err));
    TSKL_TRY(read_members(r, request));
    if (r->headers.failed) return tskl_fail(&r->err, TSKL_ERR_NOMEM, "no room for its headers");
    r->call.headers = tskl_buf_slice(&r->headers);
    return TSKL_OK;
}

// The host of a URL, for a message: whoever makes requests reads it with more care.
static tskl_slice host_of(tskl_slice url) {
    size_t scheme = tskl_slice_search(url, TSKL_S("://"));
    tskl_slice rest = scheme == SIZE_MAX ? url : tskl_slice_from(url, scheme + 3);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#\\", rest.ptr[end])) end++;
    rest = tskl_slice_first(rest, end);
    size_t user = tskl_slice_find(rest, '@');
    return user == SIZE_MAX ? rest : tskl_slice_from(rest, user + 1);
}

static wasm_trap_t *refuse(tskl_instance *instance, tskl_slice url) {
    tskl_slice host = tskl_slice_first(host_of(url), 200);
    if (host.len == 0)
        return tskl_instance_stop(instance, TSKL_OUTCOME_REFUSED, "http_request is not allowed");
    return tskl_instance_stop(instance, TSKL_OUTCOME_REFUSED,
                              "http_request to " TSKL_FMT " is not allowed", TSKL_ARG(host));
}

// What is left of the time a hook has from its first request on; 0: nothing.
static uint32_t time_left(tskl_instance *instance) {
    int64_t now_us = tskl_clock_steady_us();
    if (!instance->wall_end_us)
        instance->wall_end_us = now_us + (int64_t)instance->limits.wall_ms * 1000;
    int64_t left_us = instance->wall_end_us - now_us;
    return left_us > 0 ? (uint32_t)((left_us + 999) / 1000) : 0;
}

// The work of a request (TLS, name resolution) is not the guest's own.
static void make_request(tskl_instance *instance, tskl_sandbox_call *call) {
    int64_t start_ns = tskl_clock_cpu_ns();
    instance->host->http_request(instance->host->user, call);
    if (instance->cpu_start_ns) instance->cpu_start_ns += tskl_clock_cpu_ns() - start_ns;
}

static wasm_trap_t *run_request(tskl_instance *instance, reading *r, tskl_slice text,
                                wasmtime_val_raw_t *values) {
    tskl_status status = read_request(r, text);
    if (!instance->host->http_request) return refuse(instance, r->call.url);
    if (status == TSKL_ERR_NOMEM)
        return tskl_instance_stop(instance, TSKL_OUTCOME_ROOM, "no room for a request");
    if (status)
        return tskl_instance_stop(instance, TSKL_OUTCOME_ABI, "http_request: %s", r->err.message);
    r->call.timeout_ms = time_left(instance);
    if (!r->call.timeout_ms)
        return tskl_instance_stop(instance, TSKL_OUTCOME_TIME, "its requests took more than %u ms",
                                  instance->limits.wall_ms);
    make_request(instance, &r->call);
    instance->http_status = r->call.status;
    instance->http_headers = r->call.response_headers;
    if (r->call.kind != TSKL_OUTCOME_OK)
        return tskl_instance_stop(instance, r->call.kind, "%s", r->call.detail);
    // The answer first: kits free both once more, which must not be the answer by then.
    uint64_t answer = tskl_instance_new_block(instance, r->call.response_body);
    tskl_instance_free_block(instance, (uint64_t)values[0].i64);
    tskl_instance_free_block(instance, (uint64_t)values[1].i64);
    values[0].i64 = (int64_t)answer;
    return NULL;
}

HOST_FUNCTION(http_request) {
    tskl_instance *instance = tskl_instance_of(caller);
    uint64_t request = (uint64_t)values[0].i64, body = (uint64_t)values[1].i64;
    reading r = {0};
    tskl_slice text;
    if (!tskl_instance_block(instance, request, &text) && instance->host->http_request)
        return tskl_instance_bad_handle(instance, "http_request", request);
    if (body && !tskl_instance_block(instance, body, &r.call.body))
        return tskl_instance_bad_handle(instance, "http_request", body);
    tskl_buf_init(&r.headers, 2 * REQUEST_MAX);
    wasm_trap_t *trap = run_request(instance, &r, text, values);
    tskl_buf_deinit(&r.headers);
    tskl_arena_reset(&r.arena);
    return trap;
}

HOST_FUNCTION(http_status_code) {
    values[0].i32 = tskl_instance_of(caller)->http_status;
    return NULL;
}

static bool next_header(tskl_slice *lines, tskl_slice *name, tskl_slice *value) {
    if (lines->len == 0) return false;
    *value = tskl_slice_line(lines);
    *name = tskl_slice_trim(tskl_slice_split(value, ':'));
    *value = tskl_slice_trim(*value);
    return true;
}

static void add_lower(tskl_buf *out, tskl_slice name) {
    tskl_json_add_comma(out);
    tskl_buf_byte(out, '"');
    for (size_t i = 0; i < name.len; i++)
        tskl_buf_byte(out, name.ptr[i] >= 'A' && name.ptr[i] <= 'Z'
                               ? (char)(name.ptr[i] - 'A' + 'a')
                               : name.ptr[i]);
    tskl_buf_add(out, TSKL_S("\":"));
}

// Whether an earlier line than the one that `rest` follows has that name.
static bool came_before(tskl_slice lines, tskl_slice rest, tskl_slice wanted) {
    tskl_slice name, value;
    while (next_header(&lines, &name, &value) && lines.len > rest.len)
        if (tskl_slice_equal_nocase(name, wanted)) return true;
    return false;
}

// All values of one name as one text, as HTTP has it: the guest's map holds a name once.
static void add_values(tskl_buf *out, tskl_buf *joined, tskl_slice lines, tskl_slice wanted) {
    tskl_slice name, value;
    tskl_buf_clear(joined);
    while (next_header(&lines, &name, &value)) {
        if (!tskl_slice_equal_nocase(name, wanted)) continue;
        if (joined->len) tskl_buf_add(joined, TSKL_S(", "));
        tskl_buf_add(joined, value);
    }
    tskl_json_add_string(out, tskl_buf_slice(joined));
}

static void add_headers(tskl_buf *out, tskl_buf *joined, tskl_slice lines) {
    tskl_slice rest = lines, name, value;
    tskl_buf_byte(out, '{');
    for (int i = 0; i < MOST_HEADERS && next_header(&rest, &name, &value); i++) {
        if (!is_token(name) || came_before(lines, rest, name)) continue;
        add_lower(out, name);
        add_values(out, joined, lines, name);
    }
    tskl_buf_byte(out, '}');
}

// None before the first request, which a kit takes for no headers.
HOST_FUNCTION(http_headers) {
    tskl_instance *instance = tskl_instance_of(caller);
    tskl_buf out, joined;
    if (!instance->http_status) {
        values[0].i64 = 0;
        return NULL;
    }
    tskl_buf_init(&out, HEADERS_MAX);
    tskl_buf_init(&joined, HEADERS_MAX);
    add_headers(&out, &joined, instance->http_headers);
    bool whole = !out.failed && !joined.failed;
    if (whole) values[0].i64 = (int64_t)tskl_instance_new_block(instance, tskl_buf_slice(&out));
    tskl_buf_deinit(&out);
    tskl_buf_deinit(&joined);
    if (whole) return NULL;
    return tskl_instance_stop(instance, TSKL_OUTCOME_ROOM, "no room for the headers of an answer");
}

static const tskl_host_function functions[] = {
    {"http_request", "II", "I", http_request},
    {"http_status_code", "", "i", http_status_code},
    {"http_headers", "", "I", http_headers},
};

const tskl_host_module tskl_host_http = {"extism:host/env", functions, TSKL_COUNT(functions)};
