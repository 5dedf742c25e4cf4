// SPDX-License-Identifier: Apache-2.0
#include "pipeline/result.h"

tskl_result tskl_result_of(tskl_outcome_kind kind) {
    static const tskl_result results[] = {
        [TSKL_OUTCOME_OK] = TSKL_RESULT_ok,
        [TSKL_OUTCOME_TRAP] = TSKL_RESULT_trap,
        [TSKL_OUTCOME_TIME] = TSKL_RESULT_time,
        [TSKL_OUTCOME_MEMORY] = TSKL_RESULT_memory,
        [TSKL_OUTCOME_STACK] = TSKL_RESULT_stack,
        [TSKL_OUTCOME_OUTPUT] = TSKL_RESULT_output,
        [TSKL_OUTCOME_ABI] = TSKL_RESULT_abi,
        [TSKL_OUTCOME_EXIT] = TSKL_RESULT_exit,
        [TSKL_OUTCOME_ERROR] = TSKL_RESULT_error,
        [TSKL_OUTCOME_REFUSED] = TSKL_RESULT_refused,
        [TSKL_OUTCOME_ROOM] = TSKL_RESULT_unavailable,
    };
    return results[kind];
}
