// SPDX-License-Identifier: Apache-2.0
#include "net/server.h"
#include "net/errand.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 10 };

static bool is_readable(const server *s, int fd) {
    struct pollfd waiting = {.fd = fd, .events = POLLIN};
    while (!atomic_load(&s->stopping))
        if (poll(&waiting, 1, LOOK_MS) > 0) return true;
    return false;
}

static size_t body_length(tskl_slice head) {
    uint64_t length = 0;
    while (head.len) {
        tskl_slice line = tskl_slice_line(&head);
        if (tskl_slice_starts_nocase(line, TSKL_S("content-length:")))
            tskl_slice_to_u64(tskl_slice_trim(tskl_slice_from(line, 15)), &length);
    }
    return (size_t)length;
}

static bool is_whole(tskl_slice heard) {
    size_t end = tskl_slice_search(heard, TSKL_S("\r\n\r\n"));
    return end != SIZE_MAX && heard.len >= end + 4 + body_length(tskl_slice_first(heard, end));
}

static bool hear(server *s, int fd) {
    s->heard_len = 0;
    while (is_readable(s, fd)) {
        ssize_t got = recv(fd, s->heard + s->heard_len, SERVER_HEARD_MAX - s->heard_len, 0);
        if (got <= 0) return false;
        s->heard_len += (size_t)got;
        if (is_whole(tskl_slice_make(s->heard, s->heard_len))) return true;
    }
    return false;
}

static bool say(int fd, tskl_slice text) {
    while (text.len) {
        ssize_t sent = send(fd, text.ptr, text.len, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text = tskl_slice_from(text, (size_t)sent);
    }
    return true;
}

static void serve(server *s, int fd) {
    char ignored[1];
    if (!hear(s, fd)) return;
    if (s->silent) {
        is_readable(s, fd);
        return;
    }
    if (!say(fd, s->answer)) return;
    while (s->tail.len && !atomic_load(&s->stopping))
        if (!say(fd, s->tail)) return;
    shutdown(fd, SHUT_WR);
    // Until the other side closes as well, so that no reset overtakes the answer.
    if (is_readable(s, fd)) recv(fd, ignored, 1, 0);
}

static void *run(void *arg) {
    server *s = arg;
    while (is_readable(s, s->listener)) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0) continue;
        atomic_fetch_add(&s->connections, 1);
        serve(s, fd);
        close(fd);
    }
    return NULL;
}

static bool listen_anywhere(server *s) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->listener, (struct sockaddr *)&address, sizeof address) || listen(s->listener, 16) ||
        getsockname(s->listener, (struct sockaddr *)&address, &size))
        return false;
    s->port = ntohs(address.sin_port);
    return true;
}

bool server_start(server *s, tskl_slice answer) {
    s->answer = answer;
    s->heard = malloc(SERVER_HEARD_MAX);
    if (!s->heard || !listen_anywhere(s)) return false;
    s->started = pthread_create(&s->thread, NULL, run, s) == 0;
    return s->started;
}

void server_stop(server *s) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    atomic_store(&s->stopping, true);
    if (s->started) pthread_join(s->thread, NULL);
    if (s->listener > 0) close(s->listener);
    while (atomic_load(&tskl_errand_threads)) nanosleep(&a_while, NULL);
    free(s->heard);
    *s = (server){.heard = NULL};
}
