// rewriter: records that were written before, written again to the outputs of a configuration. No
// Pack runs: what it would be shown is not in a record.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_REWRITER_H
#define TSKL_CLI_REWRITER_H
#include "output/output.h"

typedef struct tskl_rewriter {
    const tskl_config *config;
    tskl_output *outputs;
    bool opened;
    tskl_status status; // of opening them
} tskl_rewriter;

/** Writes one record, and opens the outputs before the first. False: one could not be opened, which
 *  is said once. */
bool tskl_rewriter_write(tskl_rewriter *rewriter, const tskl_record *record);
/** How many records were lost. */
uint64_t tskl_rewriter_lost(const tskl_rewriter *rewriter);
void tskl_rewriter_close(tskl_rewriter *rewriter);
#endif
