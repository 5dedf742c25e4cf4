// marks: by what a service's answers are known, as its Pack's manifest says.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_MARKS_H
#define TSKL_CLI_MARKS_H
#include "base/json.h"
#include "config/shape.h"
#include "recording/call.h"

/** How many of the marks an answer bears. A mark is "header NAME" or "body a.b.c", which has to be
 *  there, or the same with ": VALUE", with which it has to begin. `body` is NULL where it is not
 *  JSON. */
size_t tskl_marks_count(const tskl_texts *marks, const tskl_call *call, const tskl_json *body);
#endif
