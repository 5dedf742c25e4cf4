// explanation: what is known of a call that failed, as a page for a person or as JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_EXPLANATION_H
#define TSKL_CLI_EXPLANATION_H
#include "explain/sightings.h"

/** Appends some lines: what came back, why, what to do now, where to read on; and of several calls
 *  that failed alike how many, when and which. `several` is NULL for a call by itself. */
void tskl_explanation_add_text(tskl_buf *text, const tskl_explanation *e,
                               const tskl_sighting *several, bool colour);
/** Appends one JSON object and a line end, with the same. */
void tskl_explanation_add_json(tskl_buf *text, const tskl_explanation *e,
                               const tskl_sighting *several);
#endif
