// record: all that is known of one exchange once the Packs have run: what outputs write.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CAPTURE_RECORD_H
#define TSKL_CAPTURE_RECORD_H
#include "capture/capture.h"
#include "exchange/view.h"

/** What a hook came to: X(name). The words are those of the record. */
#define TSKL_RESULTS(X)                                                                            \
    X(ok)                                                                                          \
    X(trap)                                                                                        \
    X(time)                                                                                        \
    X(memory) X(stack) X(output) X(json) X(abi) X(exit) X(error) X(refused) X(rested)              \
        X(unavailable)

typedef enum tskl_result {
#define TSKL_RESULT_ENUM(name) TSKL_RESULT_##name,
    TSKL_RESULTS(TSKL_RESULT_ENUM)
#undef TSKL_RESULT_ENUM
} tskl_result;

/** "ok", "trap", ... */
const char *tskl_result_text(tskl_result result);

/** One Pack's part in an exchange. */
typedef struct tskl_pack_run {
    tskl_slice name, version;
    const char *hook; // "pre", "chunk" or "post": where it failed; NULL when all was well
    tskl_result result;
    tskl_slice detail; // why, for a person; empty when all was well
    int64_t us;        // time of all its hooks
} tskl_pack_run;

/** Lives as long as the exchange's arena. */
typedef struct tskl_record {
    const tskl_view *view;
    const tskl_captures *captures;
    const tskl_pack_run *runs;
    size_t run_count;
    double sample;     // 1 when every such exchange is kept
    bool varying;      // another run may come to something else
    uint32_t attempt;  // 0: not known to be a retry
    tskl_slice first;  // id of the first try, or empty
    int64_t wait_ms;   // since the try before
    tskl_slice client; // "node/24.1.0"
    int64_t pid;
} tskl_record;
#endif
