// SPDX-License-Identifier: Apache-2.0
#include "conformance/visit.h"
#include "base/buf.h"
#include "conformance/answer.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_MAX = 64 * 1024 * 1024, // of what a client sends in one request
    READ_STEP = 64 * 1024,
    WRITE_MAX = 64 * 1024 * 1024,
    PATIENCE_MS = 30 * 1000, // with a client that does nothing
    BETWEEN_PARTS_MS = 2,    // so that each is a read of its own
    BEFORE_FAULT_MS = 50,    // a reset may overtake what was written before it
};

/** A connection, and what was read from it and not used. */
typedef struct visit {
    const tskl_plan *plan;
    int fd;
    tskl_buf in, out;
} visit;

static void pause_ms(long ms) {
    struct timespec left = {.tv_nsec = ms * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

static bool read_more(visit *v) {
    struct pollfd readable = {.fd = v->fd, .events = POLLIN};
    if (poll(&readable, 1, PATIENCE_MS) <= 0) return false;
    char *room = tskl_buf_reserve(&v->in, READ_STEP);
    ssize_t got = room ? recv(v->fd, room, READ_STEP, 0) : -1;
    if (got <= 0) return false;
    v->in.len += (size_t)got;
    return true;
}

static bool send_all(visit *v) {
    size_t sent = 0;
    while (!v->out.failed && sent < v->out.len) {
        ssize_t more = send(v->fd, v->out.ptr + sent, v->out.len - sent, MSG_NOSIGNAL);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) return false;
        sent += (size_t)more;
    }
    bool whole = !v->out.failed;
    tskl_buf_clear(&v->out);
    return whole;
}

// Reads on until `end` stands in what was read; `*at` is where it ends.
static bool read_until(visit *v, size_t from, tskl_slice end, size_t *at) {
    for (;;) {
        tskl_slice unread = tskl_slice_from(tskl_buf_slice(&v->in), from);
        size_t found = tskl_slice_search(unread, end);
        *at = from + found + end.len;
        if (found != SIZE_MAX) return true;
        if (!read_more(v)) return false;
    }
}

static tskl_slice header(tskl_slice head, const char *name) {
    (void)tskl_slice_line(&head);
    while (head.len) {
        tskl_slice value = tskl_slice_line(&head), key = tskl_slice_split(&value, ':');
        if (tskl_slice_equal_nocase(key, tskl_slice_of(name))) return tskl_slice_trim(value);
    }
    return (tskl_slice){NULL, 0};
}

static bool hex_length(tskl_slice line, size_t *out) {
    char text[20], *end;
    line = tskl_slice_trim(tskl_slice_split(&line, ';'));
    if (!tskl_slice_to_cstr(line, text, sizeof text)) return false;
    *out = strtoul(text, &end, 16);
    return end != text && *end == 0 && *out < READ_MAX;
}

// Past chunks, their last and its trailers; `*end` begins behind the head.
static bool read_chunks(visit *v, size_t *end) {
    for (size_t length = 1, at; length;) {
        if (!read_until(v, *end, TSKL_S("\r\n"), &at)) return false;
        tskl_slice line = tskl_slice_from(tskl_buf_slice(&v->in), *end);
        if (!hex_length(tskl_slice_first(line, at - *end - 2), &length)) return false;
        *end = at + length + 2;
        if (length == 0 && !read_until(v, at, TSKL_S("\r\n"), end)) return false;
        while (v->in.len < *end)
            if (!read_more(v)) return false;
    }
    return true;
}

static bool read_body(visit *v, size_t head_end, size_t *end) {
    tskl_slice head = tskl_slice_first(tskl_buf_slice(&v->in), head_end);
    bool chunked = tskl_slice_equal_nocase(header(head, "transfer-encoding"), TSKL_S("chunked"));
    uint64_t length = 0;
    (void)tskl_slice_to_u64(header(head, "content-length"), &length);
    if (header(head, "expect").len) {
        tskl_buf_add(&v->out, TSKL_S("HTTP/1.1 100 Continue\r\n\r\n"));
        if (!send_all(v)) return false;
    }
    *end = head_end;
    if (chunked) return read_chunks(v, end);
    *end += length;
    while (length < READ_MAX && v->in.len < *end)
        if (!read_more(v)) return false;
    return length < READ_MAX;
}

static tskl_slice path_of(tskl_slice url) {
    size_t scheme = tskl_slice_search(url, TSKL_S("://"));
    url = tskl_slice_from(url, scheme == SIZE_MAX ? 0 : scheme + 3);
    size_t slash = tskl_slice_find(url, '/');
    return slash == SIZE_MAX ? TSKL_S("/") : tskl_slice_from(url, slash);
}

// The case whose mark the request has; of those that share it by a redirect, the one at its path.
static const tskl_story *find_story(const tskl_plan *plan, tskl_slice head) {
    tskl_slice mark = header(head, "x-case"), line = tskl_slice_line(&head);
    (void)tskl_slice_split(&line, ' ');
    tskl_slice path = path_of(tskl_slice_split(&line, ' '));
    const tskl_story *found = NULL;
    for (size_t i = 0; i < plan->count; i++) {
        const tskl_story *story = &plan->stories[i];
        if (!tskl_slice_equal(story->mark, mark)) continue;
        if (!found || tskl_slice_equal(path_of(story->told.call.url), path)) found = story;
    }
    return found;
}

static bool send_parts(visit *v, const tskl_case *told) {
    bool has_body = tskl_answer_has_body(told);
    for (size_t i = 0; has_body && i < told->call.part_count; i++) {
        tskl_answer_add_part(told, told->call.parts[i].bytes, &v->out);
        if (told->call.part_count == 1) continue;
        if (!send_all(v)) return false;
        pause_ms(BETWEEN_PARTS_MS);
    }
    bool whole = !told->wire.fault && told->call.ending == TSKL_DONE;
    if (has_body && whole) tskl_answer_add_end(told, &v->out);
    return send_all(v);
}

static void reset(visit *v) {
    const struct linger at_once = {.l_onoff = 1};
    (void)setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// False: the connection ends here.
static bool answer(visit *v, const tskl_case *told) {
    if (told->wire.fault == TSKL_FAULT_NO_HTTP) {
        tskl_buf_add(&v->out, TSKL_S("This is no HTTP.\r\n\r\n"));
        (void)send_all(v);
        return false;
    }
    if (told->call.status) {
        tskl_answer_add_head(told, &v->out);
        if (!send_all(v) || !send_parts(v, told)) return false;
    }
    if (told->wire.fault == TSKL_FAULT_SILENT || told->call.ending == TSKL_ABORTED)
        while (read_more(v)) {} // until the client has had enough
    if (told->wire.fault == TSKL_FAULT_RESET || told->wire.fault == TSKL_FAULT_HANG_UP)
        pause_ms(BEFORE_FAULT_MS);
    if (told->wire.fault == TSKL_FAULT_RESET) reset(v);
    return tskl_answer_keeps_connection(told);
}

static bool serve_request(visit *v) {
    size_t head_end, end;
    if (!read_until(v, 0, TSKL_S("\r\n\r\n"), &head_end) || !read_body(v, head_end, &end))
        return false;
    const tskl_story *story =
        find_story(v->plan, tskl_slice_first(tskl_buf_slice(&v->in), head_end));
    memmove(v->in.ptr, v->in.ptr + end, v->in.len - end);
    v->in.len -= end;
    if (story) return answer(v, &story->told);
    tskl_buf_add(&v->out, TSKL_S("HTTP/1.1 404 No such case\r\ncontent-length: 0\r\n\r\n"));
    return send_all(v);
}

void tskl_visit(const tskl_plan *plan, int fd) {
    visit v = {.plan = plan, .fd = fd};
    tskl_buf_init(&v.in, READ_MAX + READ_STEP);
    tskl_buf_init(&v.out, WRITE_MAX);
    while (serve_request(&v)) {}
    tskl_buf_deinit(&v.in);
    tskl_buf_deinit(&v.out);
}
