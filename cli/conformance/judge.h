// judge: the records of a client beside those that were awaited.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_JUDGE_H
#define TSKL_CLI_CONFORMANCE_JUDGE_H
#include "case/check_report.h"
#include "conformance/plan.h"

/** Adds a result to `report` for each awaited record of the group; `records` are the client's
 *  stable ones, a line each. NOMEM. */
tskl_status tskl_judge_group(tskl_plan *plan, size_t group, tskl_slice records,
                             tskl_check_report *report, tskl_error *err);
#endif
