// text: an output that writes lines of text into a descriptor or a file.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_TEXT_H
#define TSKL_OUTPUT_TEXT_H
#include "output/output.h"
#include "output/sink.h"

/** Takes `sink_take`, which is closed also on failure. NOMEM. */
tskl_status tskl_text_output_open(tskl_sink sink_take, tskl_format format, tskl_output **out,
                                  tskl_error *err);
#endif
