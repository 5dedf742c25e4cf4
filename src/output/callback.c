// callback: an output for a program that takes the records itself.
// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include "output/format.h"
#include "output/output.h"
#include <stdio.h>

typedef struct callback_output {
    tskl_output output;
    tskl_record_fn on_record;
    void *user;
    tskl_buf line;
} callback_output;

static void write_callback(tskl_output *output, const tskl_record *record) {
    callback_output *callback = (callback_output *)output;
    tskl_error err = {0};
    tskl_status status = TSKL_OK;
    tskl_buf_clear(&callback->line);
    tskl_format_ndjson(&callback->line, record);
    if (callback->line.failed)
        status = tskl_fail(&err, TSKL_ERR_NOMEM, "no room for a record");
    else
        callback->on_record(callback->user, tskl_slice_first(tskl_buf_slice(&callback->line),
                                                             callback->line.len - 1));
    tskl_output_count(output, status, &err);
}

static void close_callback(tskl_output *output) {
    callback_output *callback = (callback_output *)output;
    tskl_buf_deinit(&callback->line);
    tskl_free(callback);
}

tskl_status tskl_output_open_callback(tskl_record_fn on_record, void *user, tskl_output **out,
                                      tskl_error *err) {
    static const tskl_output_ops ops = {write_callback, close_callback};
    callback_output *callback = tskl_new(callback_output);
    *out = NULL;
    if (!callback) return tskl_fail(err, TSKL_ERR_NOMEM, "output \"callback\": no memory");
    callback->output.ops = &ops;
    snprintf(callback->output.name, sizeof callback->output.name, "callback");
    callback->on_record = on_record;
    callback->user = user;
    tskl_buf_init(&callback->line, TSKL_FORMAT_ROOM);
    *out = &callback->output;
    return TSKL_OK;
}
