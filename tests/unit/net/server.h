// server: answers each connection on the loopback with the same bytes, and keeps what it was sent.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_NET_SERVER_H
#define TSKL_TESTS_NET_SERVER_H
#include "base/slice.h"
#include <pthread.h>
#include <stdatomic.h>

enum { SERVER_HEARD_MAX = 256 * 1024 };

typedef struct server {
    int listener;
    uint16_t port;
    tskl_slice answer;
    tskl_slice tail; // sent again and again behind the answer
    bool silent;     // never answers
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    atomic_int connections;
    char *heard; // of the last connection
    size_t heard_len;
} server;

/** False: there is no port for it. `answer` is borrowed. To be stopped by server_stop. */
bool server_start(server *s, tskl_slice answer);
/** Also where it was not started. Comes back when no errand is under way any more, left behind or
 *  not: what they hold would be missed by the next test. */
void server_stop(server *s);
#endif
