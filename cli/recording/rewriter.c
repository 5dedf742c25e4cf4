// SPDX-License-Identifier: Apache-2.0
#include "recording/rewriter.h"
#include "say.h"

static tskl_status open_all(tskl_rewriter *rewriter, tskl_error *err) {
    tskl_output **last = &rewriter->outputs;
    for (size_t i = 0; i < rewriter->config->output_count; i++) {
        TSKL_TRY(tskl_output_open(&rewriter->config->outputs[i], last, err));
        last = &(*last)->next;
    }
    return TSKL_OK;
}

bool tskl_rewriter_write(tskl_rewriter *rewriter, const tskl_record *record) {
    tskl_error err;
    if (!rewriter->opened) {
        rewriter->opened = true;
        rewriter->status = open_all(rewriter, &err);
        if (rewriter->status != TSKL_OK) tskl_complain("%s", err.message);
    }
    for (tskl_output *output = rewriter->outputs; output; output = output->next)
        output->ops->write(output, record);
    return rewriter->status == TSKL_OK;
}

uint64_t tskl_rewriter_lost(const tskl_rewriter *rewriter) {
    uint64_t lost = 0;
    for (const tskl_output *output = rewriter->outputs; output; output = output->next)
        lost += output->failed;
    return lost;
}

void tskl_rewriter_close(tskl_rewriter *rewriter) {
    for (tskl_output *output = rewriter->outputs, *next; output; output = next) {
        next = output->next;
        tskl_output_close(output);
    }
    rewriter->outputs = NULL;
}
