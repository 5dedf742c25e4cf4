// SPDX-License-Identifier: Apache-2.0
#include "case/advice.h"
#include "base/status.h"

static const struct {
    const char *result, *advice;
} rows[] = {
    {"trap",
     "the code ran into something that cannot be, as a panic or an abort: `taskless pack "
     "call pack.wasm HOOK --input @INPUT.json --log-level debug` shows what it logs before"},
    {"time", "it took more processor time than it may: let it look at less (`reads` in the "
             "manifest), or ask for more there: limits.time_ms, 100 unless asked, 500 at most"},
    {"memory", "it wanted more memory than it may have: 64 MiB is the most, and limits.memory_mib "
               "in the manifest may ask for less"},
    {"stack", "its calls went too deep: a recursion without end, or one that follows the input"},
    {"output", "it answered with more than it may: capture less, or ask for more in the manifest: "
               "limits.output_kib, 256 unless asked, 1024 at most"},
    {"json", "what it answered is not {\"capture\": {...}, \"context\": ...}: names with strings, "
             "numbers or booleans"},
    {"abi", "it gave the host an address or a block that is none of its own: the kit's functions "
            "do this right"},
    {"exit", "it ended its program: a hook returns instead, 0 when all is well"},
    {"error", "it said so itself: the detail has its words"},
    {"refused", "it did what was not granted: let the manifest ask (permissions), and grant it, in "
                "a case under `allow`, for use under `allow` in taskless.yaml"},
    {"unavailable", "it could not run here: `taskless doctor` says why"},
};

const char *tskl_advice_on(tskl_slice result) {
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        if (tskl_slice_equal(result, tskl_slice_of(rows[i].result))) return rows[i].advice;
    return NULL;
}
