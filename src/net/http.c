// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/generation.h"
#include "net/curl.h"
#include "net/errand.h"
#include "net/fields.h"
#include "net/resolve.h"

enum { LOOK_MS = 50 }; // how often an errand looks whether it is over

// All that one request needs, on whichever thread. Its texts are copies: whoever asked may have
// gone on by the time they are read.
typedef struct job {
    tskl_errand errand; // first, so that one is the other
    tskl_arena arena;
    tskl_target target;
    const char *method;
    tskl_slice headers, body;
    uint32_t timeout_ms;
    int64_t deadline_us;
    bool any_address;
    tskl_addresses addresses;
    tskl_curl curl;
    CURL *easy;
    CURLM *multi;
    struct curl_slist *lines, *pins;
    char problem[CURL_ERROR_SIZE];
    tskl_answer answer;
    tskl_error err;
} job;

static void free_job(tskl_errand *errand) {
    job *j = (job *)errand;
    tskl_answer_deinit(&j->answer);
    tskl_arena_reset(&j->arena);
    tskl_free(j);
}

static tskl_status no_memory(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a request or its answer");
}

static int64_t time_left_ms(const job *j) {
    return (j->deadline_us - tskl_clock_steady_us()) / 1000;
}

// What libcurl calls while it works.

static size_t take_line(char *bytes, size_t size, size_t count, void *user) {
    return tskl_answer_add_line(user, tskl_slice_make(bytes, size * count)) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *user) {
    return tskl_answer_add_body(user, tskl_slice_make(bytes, size * count)) ? size * count : 0;
}

// Only the addresses that were looked at are reached, whatever made libcurl think of another.
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
    const job *j = user;
    if (purpose != CURLSOCKTYPE_IPCXN || !tskl_addresses_have(&j->addresses, &address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// The request, as libcurl is to make it.

#define SET(option, value) (j->curl.curl_easy_setopt(j->easy, option, value) == CURLE_OK)

static bool add_line(job *j, const char *line) {
    struct curl_slist *longer = line ? j->curl.curl_slist_append(j->lines, line) : NULL;
    if (longer) j->lines = longer;
    return longer != NULL;
}

// A header without a value is written with ';' for ':', else libcurl would leave it out.
static bool add_field(job *j, tskl_slice name, tskl_slice value) {
    if (tskl_slice_equal_nocase(name, TSKL_S("content-length"))) return true; // libcurl tells it
    const char *between = tskl_slice_trim(value).len ? ": " : ";";
    return add_line(j, tskl_arena_printf(&j->arena, "%.*s%s%.*s", (int)name.len, name.ptr, between,
                                         (int)value.len, value.len ? value.ptr : ""));
}

static bool set_headers(job *j) {
    tskl_slice rest = j->headers, name, value;
    while (tskl_fields_next(&rest, &name, &value))
        if (!add_field(j, name, value)) return false;
    // What libcurl would say of itself: no body waits for leave, and it may be of any type.
    if (!add_line(j, "Expect:")) return false;
    if (!tskl_fields_have(j->headers, "content-type") && !add_line(j, "Content-Type:"))
        return false;
    return SET(CURLOPT_HTTPHEADER, j->lines) && SET(CURLOPT_USERAGENT, "taskless/" TSKL_VERSION);
}

// Methods that mean a body say that there is none, or some servers wait for its length.
static bool means_body(const char *method) {
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

static bool set_method_and_body(job *j) {
    if (strcmp(j->method, "HEAD") == 0) return SET(CURLOPT_NOBODY, 1L);
    if (j->body.len || means_body(j->method)) {
        if (!SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)j->body.len) ||
            !SET(CURLOPT_POSTFIELDS, j->body.len ? j->body.ptr : ""))
            return false;
    }
    return SET(CURLOPT_CUSTOMREQUEST, j->method);
}

static bool set_target(job *j) {
    const char *pin = tskl_addresses_pin(&j->addresses, &j->target, &j->arena);
    j->pins = pin ? j->curl.curl_slist_append(NULL, pin) : NULL;
    return j->pins && SET(CURLOPT_URL, j->target.url) && SET(CURLOPT_PATH_AS_IS, 1L) &&
           SET(CURLOPT_RESOLVE, j->pins) && SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
           SET(CURLOPT_OPENSOCKETDATA, j) && SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
           SET(CURLOPT_PROXY, "") && SET(CURLOPT_NOPROXY, "*") && SET(CURLOPT_FOLLOWLOCATION, 0L) &&
           SET(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
}

static bool set_answer(job *j) {
    return SET(CURLOPT_HEADERFUNCTION, take_line) && SET(CURLOPT_HEADERDATA, &j->answer) &&
           SET(CURLOPT_WRITEFUNCTION, take_body) && SET(CURLOPT_WRITEDATA, &j->answer) &&
           SET(CURLOPT_ERRORBUFFER, j->problem);
}

static tskl_status prepare(job *j, tskl_error *err) {
    j->easy = j->curl.curl_easy_init();
    j->multi = j->curl.curl_multi_init();
    if (!j->easy || !j->multi || !tskl_curl_prepare(&j->curl, j->easy) || !set_target(j) ||
        !set_method_and_body(j) || !set_headers(j) || !set_answer(j))
        return no_memory(err);
    int64_t left_ms = time_left_ms(j);
    if (left_ms <= 0) return tskl_fail(err, TSKL_ERR_TIMEOUT, "its name took too long to resolve");
    if (!SET(CURLOPT_TIMEOUT_MS, (long)left_ms)) return no_memory(err);
    return j->curl.curl_multi_add_handle(j->multi, j->easy) == CURLM_OK ? TSKL_OK : no_memory(err);
}

static void clean_up(job *j) {
    if (j->multi && j->easy) j->curl.curl_multi_remove_handle(j->multi, j->easy);
    if (j->easy) j->curl.curl_easy_cleanup(j->easy);
    if (j->multi) j->curl.curl_multi_cleanup(j->multi);
    j->curl.curl_slist_free_all(j->lines);
    j->curl.curl_slist_free_all(j->pins);
}

// What came of it.

static tskl_status explain(const job *j, CURLcode code, tskl_error *err) {
    const char *why = j->problem[0] ? j->problem : j->curl.curl_easy_strerror(code);
    bool kept = code == CURLE_WRITE_ERROR && j->answer.too_large;
    if (code == CURLE_OK) return TSKL_OK;
    if (code == CURLE_OUT_OF_MEMORY || (code == CURLE_WRITE_ERROR && !kept)) return no_memory(err);
    if (kept && !j->answer.body.failed)
        return tskl_fail(err, TSKL_ERR_LIMIT, "the headers of its answer have more than %d KiB",
                         TSKL_ANSWER_HEADERS_MAX / 1024);
    if (kept)
        return tskl_fail(err, TSKL_ERR_LIMIT, "its answer has more than %d MiB",
                         TSKL_ANSWER_BODY_MAX >> 20);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return tskl_fail(err, TSKL_ERR_TIMEOUT, "no answer within %u ms", (unsigned)j->timeout_ms);
    return tskl_fail(err, TSKL_ERR_NETWORK, "%s", why);
}

static bool find_end(const job *j, CURLcode *code) {
    int left;
    const CURLMsg *message = j->curl.curl_multi_info_read(j->multi, &left);
    if (!message || message->msg != CURLMSG_DONE) return false;
    *code = message->data.result;
    return true;
}

// A fork waits while libcurl or OpenSSL may hold a lock of theirs, never while they wait.
static tskl_status step(job *j, int *running, tskl_error *err) {
    tskl_generation_hold();
    CURLMcode code = j->curl.curl_multi_perform(j->multi, running);
    tskl_generation_release();
    if (code == CURLM_OK && *running)
        code = j->curl.curl_multi_poll(j->multi, NULL, 0, LOOK_MS, NULL);
    return code == CURLM_OK ? TSKL_OK : no_memory(err);
}

static tskl_status exchange(job *j, tskl_error *err) {
    CURLcode code;
    for (int running = 1; running;) {
        if (tskl_errand_is_over(&j->errand))
            return tskl_fail(err, TSKL_ERR_CLOSED, "nobody waits for it any more");
        TSKL_TRY(step(j, &running, err));
    }
    if (!find_end(j, &code)) return tskl_fail(err, TSKL_ERR_NETWORK, "it came to no end");
    return explain(j, code, err);
}

static tskl_status work(job *j, tskl_error *err) {
    TSKL_TRY(tskl_resolve(&j->target, j->any_address, &j->addresses, err));
    // The way to the name may have been long.
    if (tskl_errand_is_over(&j->errand)) return tskl_fail(err, TSKL_ERR_CLOSED, "it is over");
    TSKL_TRY(tskl_curl_open(&j->curl, err));
    if (!tskl_errand_enter(&j->errand)) return tskl_fail(err, TSKL_ERR_CLOSED, "it is over");
    tskl_generation_hold();
    tskl_status status = prepare(j, err);
    tskl_generation_release();
    if (status == TSKL_OK) status = exchange(j, err);
    tskl_generation_hold();
    clean_up(j);
    tskl_generation_release();
    tskl_errand_leave(&j->errand);
    return status;
}

static void run_job(tskl_errand *errand) {
    job *j = (job *)errand;
    work(j, &j->err);
}

static tskl_status check(const tskl_http_request *request, tskl_error *err) {
    // A tunnel would be a way past all rules; the answer to TRACE repeats what was sent.
    if (tskl_slice_equal_nocase(request->method, TSKL_S("CONNECT")) ||
        tskl_slice_equal_nocase(request->method, TSKL_S("TRACE")))
        return tskl_fail(err, TSKL_ERR_INVALID, "the method " TSKL_FMT " is not a Pack's to use",
                         TSKL_ARG(request->method));
    if (request->body.len > TSKL_HTTP_BODY_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "its body has more than %d KiB",
                         TSKL_HTTP_BODY_MAX / 1024);
    return tskl_fields_check(request->headers, request->body.len, err);
}

static bool copy_request(job *j, const tskl_http_request *request) {
    j->target = *request->target;
    j->target.url = tskl_arena_cstr(&j->arena, tskl_slice_of(request->target->url));
    j->target.label = NULL;
    j->method = tskl_arena_cstr(&j->arena, request->method);
    j->any_address = request->any_address;
    j->timeout_ms = request->timeout_ms;
    j->deadline_us = tskl_clock_steady_us() + (int64_t)request->timeout_ms * 1000;
    return j->target.url && j->method &&
           tskl_arena_copy(&j->arena, request->target->host, &j->target.host) &&
           tskl_arena_copy(&j->arena, request->headers, &j->headers) &&
           tskl_arena_copy(&j->arena, request->body, &j->body);
}

tskl_status tskl_http_perform(const tskl_http_request *request, tskl_answer *out, tskl_error *err) {
    tskl_answer_init(out);
    TSKL_TRY(check(request, err));
    job *j = tskl_new(job);
    if (!j) return no_memory(err);
    j->errand.run = run_job;
    j->errand.free = free_job;
    tskl_answer_init(&j->answer);
    if (!copy_request(j, request)) {
        free_job(&j->errand);
        return no_memory(err);
    }
    tskl_status status = tskl_errand_wait(&j->errand, request->timeout_ms, err);
    if (status == TSKL_ERR_TIMEOUT) return status; // it is not ours any more
    if (status == TSKL_OK && (status = j->err.status) != TSKL_OK && err) *err = j->err;
    if (status == TSKL_OK) {
        tskl_answer whole = j->answer;
        j->answer = *out; // empty
        *out = whole;
    }
    tskl_errand_drop(&j->errand);
    return status;
}
