// visit: one connection of a client to the server of the cases, from its first request on.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_VISIT_H
#define TSKL_CLI_CONFORMANCE_VISIT_H
#include "conformance/plan.h"

/** Answers what is asked until one of the two ends it, or the case says so. `fd` stays open. */
void tskl_visit(const tskl_plan *plan, int fd);
#endif
