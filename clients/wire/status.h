// status: a response's head as it came, taken apart. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_STATUS_H
#define TSKL_WIRE_STATUS_H
#include <stdbool.h>
#include <taskless/base.h>

/** True when `text`, which ends with a whole line, ends with the blank one after a head. */
bool tskl_head_is_whole(tskl_slice text);

/** Reads a whole head. `headers` is what stands between status line and blank line, and points into
 *  `text`. False: not a response's head. */
bool tskl_status_read(tskl_slice text, int *status, tskl_slice *headers);
#endif
