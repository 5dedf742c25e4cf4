// older: a Pack of schema `pre1`, whose manifest says what it sees and what is kept of its
// captures. SPDX-License-Identifier: Apache-2.0
#include "witness.h"

TSKL_HOOK(pre) {
    witness_ask();
    return tskl_done();
}

TSKL_HOOK(post) {
    tskl_json in[W_ANSWERED];
    tskl_input(witness_answered, in, W_ANSWERED);
    witness_answer(in);
    return tskl_done();
}
