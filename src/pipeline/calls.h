// calls: the requests that a Pack makes of other services during one exchange.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_CALLS_H
#define TSKL_PIPELINE_CALLS_H
#include "net/http.h"
#include "pack/pack.h"
#include "sandbox/sandbox.h"

/** All of an exchange: a hook may wait for limits.wall_ms, the hooks together twice as long. */
enum { TSKL_CALLS_MAX = 16 };

typedef struct tskl_calls {
    const tskl_pack *pack;
    uint32_t made;
    int64_t waited_us;
    tskl_answer answer; // the last one
} tskl_calls;

void tskl_calls_init(tskl_calls *calls, const tskl_pack *pack);
void tskl_calls_deinit(tskl_calls *calls);
/** True when there is a host that the Pack asked for and was granted. */
bool tskl_calls_granted(const tskl_pack *pack);
/** Makes the request, if it may be made, and fills in what came of it. The answer is borrowed
 *  until the next one. */
void tskl_calls_make(tskl_calls *calls, tskl_sandbox_call *call);
#endif
