// SPDX-License-Identifier: Apache-2.0
//
// libcurl shows to its debug function what goes over the wire, decrypted and with everything else
// as it is: heads of requests, bodies between the sizes of their chunks, heads of responses line by
// line. What is done with the bytes afterwards (decoding, callbacks) happens after they were shown.
#include "call.h"
#include "codes.h"
#include "head.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { HEAD_MAX = 256 * 1024, HEAD_FIRST = 2048, FIRST_FINAL = 200 };

static tskl_slice text(const char *s) {
    return (tskl_slice){s, s ? strlen(s) : 0};
}

static bool starts(tskl_slice s, const char *prefix) {
    size_t length = strlen(prefix);
    return s.len >= length && !strncasecmp(s.ptr, prefix, length);
}

static tskl_slice from(tskl_slice s, size_t at) {
    return (tskl_slice){s.ptr + at, s.len - at};
}

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static uint64_t number_of(const char *s) {
    uint64_t number = 14695981039346656037u; // FNV-1a
    for (; *s; s++) number = (number ^ (unsigned char)*s) * 1099511628211u;
    return number;
}

/** Keeps what fits: a head that is longer than any server takes is told in part. */
static void keep(tskl_text *text, tskl_slice part) {
    size_t needed = text->len + part.len;
    if (needed > HEAD_MAX || part.len == 0) return;
    if (needed > text->room) {
        size_t room = text->room ? text->room : HEAD_FIRST;
        while (room < needed) room *= 2;
        char *more = realloc(text->ptr, room);
        if (!more) return;
        text->ptr = more;
        text->room = room;
    }
    memcpy(text->ptr + text->len, part.ptr, part.len);
    text->len = needed;
}

static const char *url_of(const tskl_call *call) {
    char *url = NULL; // of this try, in libcurl's normal form
    return call->curl->easy_getinfo(call->easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK && url
               ? url
               : "";
}

static bool is_http(const char *url) {
    return starts(text(url), "http://") || starts(text(url), "https://");
}

static void begin(tskl_call *call, tskl_slice method, tskl_slice headers) {
    const char *url = url_of(call);
    call->tried = true;
    call->url = number_of(url);
    call->answered = call->over = false;
    call->bodiless = method.len == 4 && !memcmp(method.ptr, "HEAD", 4);
    call->up = (tskl_framing){0};
    if (tskl_framing_is_chunked(headers)) call->up.kind = TSKL_FRAMING_CHUNKED;
    call->down = (tskl_framing){0};
    if (!is_http(url)) return; // FTP and mail have heads as well, which are no calls of HTTP
    tskl_request request = {.size = sizeof request,
                            .time_us = call->started_us,
                            .method = method,
                            .url = text(url),
                            .headers = headers};
    call->exchange = tskl_reporter_begin(&request, &call->wants);
}

static void end(tskl_call *call, tskl_ending how, const char *code, const char *message) {
    if (call->exchange) call->reporter->end_take(call->exchange, 0, how, text(code), text(message));
    call->exchange = NULL;
    call->started_us = now_us(); // a redirect or another try follows at once
    call->head.len = 0;
}

/** Still at a try while the next one goes out: libcurl follows a redirect, answers a question for a
 *  password, or sends again what a connection that was kept open did not take. */
static void end_before_next(tskl_call *call) {
    if (!call->exchange) return;
    if (call->answered)
        end(call, TSKL_DONE, NULL, NULL);
    else
        end(call, TSKL_FAILED, "ECONNRESET", "the connection was closed; libcurl tries again");
}

static void take_request_head(tskl_call *call) {
    tskl_slice whole = {call->head.ptr, call->head.len};
    tskl_head head;
    call->in_head = false;
    call->tunnel = starts(whole, "CONNECT ");
    if (!call->tunnel && tskl_head_read(whole, &head)) begin(call, head.method, head.headers);
    call->head.len = 0;
}

static void show_sent(tskl_call *call, tskl_slice data);

/** A long head goes out in pieces, of which the later ones are shown as if they were body. */
static void show_request_head(tskl_call *call, tskl_slice data) {
    size_t known = call->head.len;
    keep(&call->head, data);
    if (call->head.len == known) { // it does not fit
        take_request_head(call);
        return;
    }
    size_t start = known > 3 ? known - 3 : 0;
    const char *blank = memmem(call->head.ptr + start, call->head.len - start, "\r\n\r\n", 4);
    if (!blank) return;
    size_t length = (size_t)(blank - call->head.ptr) + 4;
    call->head.len = length;
    take_request_head(call);
    show_sent(call, from(data, length - known));
}

typedef void tell_fn(tskl_exchange *exchange, int64_t time_us, tskl_slice part);

static void tell(tskl_call *call, tskl_framing *framing, tskl_slice data, bool wanted,
                 tell_fn *told) {
    tskl_slice part;
    while (tskl_framing_take(framing, &data, &part))
        told(call->exchange, 0, wanted ? part : (tskl_slice){NULL, part.len});
}

static void show_sent(tskl_call *call, tskl_slice data) {
    if (call->in_head)
        show_request_head(call, data);
    else if (call->exchange)
        tell(call, &call->up, data, call->wants & TSKL_WANT_REQUEST_BODY, call->reporter->sent);
}

static void show_received(tskl_call *call, tskl_slice data) {
    if (!call->exchange || !call->answered) return;
    tell(call, &call->down, data, call->wants & (TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM),
         call->reporter->received);
    if (call->down.complete) end(call, TSKL_DONE, NULL, NULL);
}

static void take_response_head(tskl_call *call) {
    tskl_slice head = {call->head.ptr, call->head.len};
    const char *line_end = head.len ? memchr(head.ptr, '\n', head.len) : NULL;
    const char *space = head.len ? memchr(head.ptr, ' ', head.len) : NULL;
    call->head.len = 0;
    // What comes behind a body is no answer.
    if (!line_end || !space || space > line_end || call->answered) return;
    int status = 0;
    for (space++; *space >= '0' && *space <= '9' && status < 1000; space++)
        status = status * 10 + (*space - '0');
    tskl_slice headers = from(head, (size_t)(line_end + 1 - head.ptr));
    call->reporter->response(call->exchange, 0, status, headers);
    if (status < FIRST_FINAL && status != 101) return;
    call->answered = true;
    call->down = tskl_framing_of_response(status, headers, true, call->bodiless);
    // HTTP/2 cuts bodies up by itself.
    if (starts(head, "HTTP/1") == false && call->down.kind == TSKL_FRAMING_CHUNKED)
        call->down.kind = TSKL_FRAMING_NONE;
    if (call->down.complete) end(call, TSKL_DONE, NULL, NULL);
}

static void show_response_line(tskl_call *call, tskl_slice line) {
    if (call->in_head) take_request_head(call); // answered before all of it had gone out
    if (!call->exchange) return;
    // The empty line behind an informational response is not always shown.
    if (starts(line, "HTTP/") && call->head.len) take_response_head(call);
    if (starts(line, "\r\n") || starts(line, "\n"))
        take_response_head(call);
    else
        keep(&call->head, line);
}

/** How libcurl says that it is done with a connection, at the end of each try. */
static bool is_farewell(tskl_slice line) {
    return starts(line, "Closing connection") || starts(line, "shutting down connection") ||
           (starts(line, "Connection #") && memmem(line.ptr, line.len, "left intact", 11));
}

void tskl_call_show(tskl_call *call, curl_infotype kind, const char *data, size_t size) {
    tskl_slice part = {data, size};
    call->shown = true;
    switch (kind) {
    case CURLINFO_HEADER_OUT:
        if (!call->in_head) {
            end_before_next(call);
            call->head.len = 0;
            call->in_head = true;
        }
        show_request_head(call, part);
        break;
    case CURLINFO_DATA_OUT: show_sent(call, part); break;
    case CURLINFO_HEADER_IN:
        if (!call->tunnel) show_response_line(call, part);
        break;
    case CURLINFO_DATA_IN:
        if (!call->tunnel) show_received(call, part);
        break;
    case CURLINFO_TEXT: call->over |= is_farewell(part); break;
    default: break; // records of TLS
    }
}

/** A header as a program gives it to libcurl: "Name:" leaves out one of libcurl's own, "Name;" has
 * no value. */
static void keep_asked(tskl_text *asked, const char *line) {
    const char *colon = strchr(line, ':');
    size_t len = strlen(line);
    if (colon && colon[1 + strspn(colon + 1, " \t")] == 0) return;
    if (!colon && len > 0 && line[len - 1] == ';') {
        keep(asked, (tskl_slice){line, len - 1});
        keep(asked, text(":"));
    } else {
        keep(asked, text(line));
    }
    keep(asked, text("\r\n"));
}

void tskl_call_start(tskl_call *call, const tskl_reporter *reporter, const tskl_libcurl *curl,
                     CURL *easy, const struct curl_slist *headers) {
    tskl_text head = call->head, asked = call->asked;
    if (call->exchange) end(call, TSKL_ABORTED, NULL, NULL);
    head.len = asked.len = 0;
    // Now: the program may free them as soon as the transfer is over, which it knows before we do.
    for (; headers; headers = headers->next) keep_asked(&asked, headers->data);
    *call = (tskl_call){.reporter = reporter,
                        .curl = curl,
                        .easy = easy,
                        .started_us = now_us(),
                        .head = head,
                        .asked = asked};
    call->url = number_of(url_of(call));
}

// libcurl's first step makes the URL that was set the one in effect; looking up a name, which may
// take long, has nothing to show.
bool tskl_call_is_begun(const tskl_call *call) {
    return call->shown || call->tried || number_of(url_of(call)) != call->url;
}

/** Whatever ended it, it may have ended in the midst of a head. */
static void take_what_came(tskl_call *call) {
    if (call->in_head)
        take_request_head(call);
    else if (call->exchange && !call->answered && call->head.len)
        take_response_head(call);
}

/** Nothing was sent: the head is what the program asked for. */
static void begin_unsent(tskl_call *call) {
    char *method = NULL;
    if (call->curl->easy_getinfo(call->easy, CURLINFO_EFFECTIVE_METHOD, &method) != CURLE_OK ||
        !method)
        method = "GET";
    begin(call, text(method), (tskl_slice){call->asked.ptr, call->asked.len});
}

static void end_failed(tskl_call *call, CURLcode code, const char *message) {
    long errnum = 0, verify = 0;
    call->curl->easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &errnum);
    call->curl->easy_getinfo(call->easy, CURLINFO_SSL_VERIFYRESULT, &verify);
    if (call->tunnel) code = CURLE_PROXY; // the proxy did not open one
    end(call, TSKL_FAILED, tskl_code_name(code, errnum, verify), message);
}

/** A redirect may lead to where nobody answers: that is a try of its own. */
static bool failed_unsent(const tskl_call *call, CURLcode code) {
    return tskl_code_is_of_network(code) && (!call->tried || number_of(url_of(call)) != call->url);
}

void tskl_call_finish(tskl_call *call, CURLcode code, const char *message) {
    take_what_came(call);
    if (!call->exchange && failed_unsent(call, code)) begin_unsent(call);
    if (!call->exchange) return;
    if (!message || !*message) message = call->curl->easy_strerror(code);
    if (code == CURLE_OK)
        end(call, TSKL_DONE, NULL, NULL);
    else if (tskl_code_is_abort(code))
        end(call, TSKL_ABORTED, NULL, NULL);
    else
        end_failed(call, code, message);
}

void tskl_call_leave(tskl_call *call, const char *message) {
    if (call->over && call->exchange && call->answered) {
        end(call, TSKL_DONE, NULL, NULL);
    } else if (call->over && message && *message && !call->answered) {
        long errnum = 0;
        if (!call->exchange && !call->tried) begin_unsent(call);
        call->curl->easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &errnum);
        // By its number, or else by libcurl's words.
        if (call->exchange)
            end(call, TSKL_FAILED,
                errnum ? tskl_code_name(CURLE_COULDNT_CONNECT, errnum, 0) : "CURLE_OTHER", message);
    } else {
        if (!call->exchange && !call->tried && !call->over) begin_unsent(call);
        if (call->exchange) end(call, TSKL_ABORTED, NULL, NULL);
    }
}

void tskl_call_deinit(tskl_call *call) {
    if (call->exchange) end(call, TSKL_ABORTED, NULL, NULL);
    free(call->head.ptr);
    free(call->asked.ptr);
    *call = (tskl_call){0};
}
