// faulty: traps in `post`, having said in `pre` that it was there.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

TSKL_HOOK(pre) {
    tskl_input(NULL, NULL, 0);
    tskl_capture_bool("begun", true);
    return tskl_done();
}

TSKL_HOOK(post) {
    __builtin_trap();
}
