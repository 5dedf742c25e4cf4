// started: how the program was started: its descriptors and its environment, as they were then.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_STARTED_H
#define TSKL_CURL_STARTED_H
#include "base/handover.h"

/** For libtaskless, which is loaded later. NULL: nothing is to be observed here, in a setuid or
 *  capable program or with TASKLESS_DISABLED. Any thread. */
const tskl_handover *tskl_started(void);
#endif
