// expected: the records that the library itself makes of the cases: what every client's have to be.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_EXPECTED_H
#define TSKL_CLI_CONFORMANCE_EXPECTED_H
#include "conformance/plan.h"

/** Runs the stories of a group, one after the other in one observer, and fills in the lines that
 *  are awaited. `folder` is for files of its own, which it removes. As tskl_observer_open; IO,
 *  TIMEOUT; BUG where there are not as many records as stories. */
tskl_status tskl_expect_group(tskl_plan *plan, size_t group, const char *folder, tskl_error *err);
#endif
