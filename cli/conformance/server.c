// SPDX-License-Identifier: Apache-2.0
#include "conformance/server.h"
#include "base/alloc.h"
#include "conformance/visit.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAITING = 64 };

static tskl_status bind_loopback(int *out, unsigned *port, tskl_error *err) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    *out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*out < 0 || bind(*out, (struct sockaddr *)&at, size) != 0 ||
        getsockname(*out, (struct sockaddr *)&at, &size) != 0)
        return tskl_fail(err, TSKL_ERR_IO, "no port on 127.0.0.1: %s", strerror(errno));
    *port = ntohs(at.sin_port);
    return TSKL_OK;
}

tskl_status tskl_replay_server_open(tskl_replay_server *server, tskl_error *err) {
    *server = (tskl_replay_server){.listener = -1, .closed = -1};
    TSKL_TRY(bind_loopback(&server->listener, &server->at.port, err));
    // Bound and not listened at, it refuses, and nobody else gets it meanwhile.
    TSKL_TRY(bind_loopback(&server->closed, &server->at.closed_port, err));
    if (listen(server->listener, WAITING) == 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_IO, "no port on 127.0.0.1: %s", strerror(errno));
}

/** What a thread is given; it frees it. */
typedef struct guest {
    int fd;
    const tskl_plan *plan;
} guest;

static void *serve_guest(void *argument) {
    guest one = *(guest *)argument;
    tskl_free(argument);
    // A part that waits for the acknowledgement of the one before comes 40 ms late.
    int on = 1;
    (void)setsockopt(one.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    tskl_visit(one.plan, one.fd);
    close(one.fd);
    return NULL;
}

static void welcome(const tskl_replay_server *server, int fd) {
    pthread_t thread;
    guest *one = tskl_alloc(sizeof *one);
    if (one) *one = (guest){fd, server->plan};
    if (one && pthread_create(&thread, NULL, serve_guest, one) == 0) {
        pthread_detach(thread);
        return;
    }
    tskl_free(one);
    close(fd);
}

static void *serve(void *argument) {
    const tskl_replay_server *server = argument;
    for (;;) {
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) welcome(server, fd);
    }
    return NULL;
}

tskl_status tskl_replay_server_start(tskl_replay_server *server, const tskl_plan *plan,
                                     tskl_error *err) {
    pthread_t thread;
    server->plan = plan;
    int problem = pthread_create(&thread, NULL, serve, server);
    if (problem) return tskl_fail(err, TSKL_ERR_IO, "no thread: %s", strerror(problem));
    pthread_detach(thread);
    return TSKL_OK;
}
