// server: replays the answers of a plan's cases, on the loopback, to whoever makes their calls.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_SERVER_H
#define TSKL_CLI_CONFORMANCE_SERVER_H
#include "conformance/plan.h"

/** Listens on a free port, and keeps another where nobody does. */
typedef struct tskl_replay_server {
    tskl_loopback at;
    int listener, closed;
    const tskl_plan *plan; // borrowed; not to be changed any more once it serves
} tskl_replay_server;

/** IO. */
tskl_status tskl_replay_server_open(tskl_replay_server *server, tskl_error *err);
/** Serves from threads of its own, until the program ends. IO. */
tskl_status tskl_replay_server_start(tskl_replay_server *server, const tskl_plan *plan,
                                     tskl_error *err);
#endif
