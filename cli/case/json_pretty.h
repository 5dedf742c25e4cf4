// json_pretty: a document as people write it: short parts in a line, long ones a member a line.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_JSON_PRETTY_H
#define TSKL_CLI_JSON_PRETTY_H
#include "base/buf.h"
#include "base/json.h"

/** Appends it, with a line end. Lines stay within 100 columns where values allow it. */
void tskl_json_add_pretty(tskl_buf *buf, const tskl_json *value);
#endif
