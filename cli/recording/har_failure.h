// har_failure: how a recorded call failed, in the words of browsers and of programs.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_FAILURE_H
#define TSKL_CLI_HAR_FAILURE_H
#include "recording/har_fields.h"

/** Sets the call's ending, its error's code and message by what entry and response tell of a
 *  failure. A call without a status has failed, whatever they tell. */
void tskl_har_read_failure(tskl_har_reading *r, const tskl_json *entry, const tskl_json *response);
#endif
