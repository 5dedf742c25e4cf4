// report: recorded calls handed to the observer, as a client would have reported them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_REPORT_H
#define TSKL_CLI_REPORT_H
#include "recording/call.h"

/** Reports one call from beginning to end. False: the observer did not take it. */
bool tskl_call_report(const tskl_call *call, tskl_observer *observer);
#endif
