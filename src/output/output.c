// SPDX-License-Identifier: Apache-2.0
#include "output/output.h"
#include "base/log.h"
#include "output/har.h"
#include "output/text.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static tskl_status open_borrowed(int fd, tskl_format format, tskl_output **out, tskl_error *err) {
    tskl_sink sink;
    TSKL_TRY(tskl_sink_borrow(fd, &sink, err));
    return tskl_text_output_open(sink, format, out, err);
}

static tskl_status open_stderr(TSKL_UNUSED tskl_slice rest, tskl_format format, tskl_output **out,
                               tskl_error *err) {
    return open_borrowed(STDERR_FILENO, format, out, err);
}

static tskl_status open_stdout(TSKL_UNUSED tskl_slice rest, tskl_format format, tskl_output **out,
                               tskl_error *err) {
    return open_borrowed(STDOUT_FILENO, format, out, err);
}

static tskl_status open_fd(tskl_slice number, tskl_format format, tskl_output **out,
                           tskl_error *err) {
    uint64_t fd;
    if (!tskl_slice_to_u64(number, &fd) || fd > INT_MAX)
        return tskl_fail(err, TSKL_ERR_INVALID, "not the number of a descriptor");
    return open_borrowed((int)fd, format, out, err);
}

static tskl_status open_file(tskl_slice path, tskl_format format, tskl_output **out,
                             tskl_error *err) {
    tskl_sink sink;
    TSKL_TRY(tskl_sink_open_file(path, &sink, err));
    return tskl_text_output_open(sink, format, out, err);
}

static tskl_status open_har(tskl_slice path, TSKL_UNUSED tskl_format format, tskl_output **out,
                            tskl_error *err) {
    return tskl_har_output_open(path, out, err);
}

static const struct {
    const char *name; // with a ":" at its end where something follows
    tskl_status (*open)(tskl_slice rest, tskl_format format, tskl_output **out, tskl_error *err);
} kinds[] = {
    {"stderr", open_stderr}, {"stdout", open_stdout}, {"fd:", open_fd},
    {"file:", open_file},    {"har:", open_har},
};

static bool is_kind(tskl_slice to, tskl_slice name) {
    return tskl_slice_ends(name, TSKL_S(":")) ? tskl_slice_starts(to, name)
                                              : tskl_slice_equal(to, name);
}

tskl_status tskl_output_open(const tskl_config_output *spec, tskl_output **out, tskl_error *err) {
    *out = NULL;
    for (size_t i = 0; i < TSKL_COUNT(kinds); i++) {
        tskl_slice name = tskl_slice_of(kinds[i].name);
        if (!is_kind(spec->to, name)) continue;
        tskl_status status =
            kinds[i].open(tskl_slice_from(spec->to, name.len), spec->format, out, err);
        if (status != TSKL_OK)
            return tskl_context(err, status, "output \"" TSKL_FMT "\"", TSKL_ARG(spec->to));
        snprintf((*out)->name, sizeof(*out)->name, TSKL_FMT, TSKL_ARG(spec->to));
        return TSKL_OK;
    }
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "output \"" TSKL_FMT "\": not stderr, stdout, fd:N, file:PATH or har:PATH",
                     TSKL_ARG(spec->to));
}

void tskl_output_close(tskl_output *output) {
    if (output) output->ops->close(output);
}

void tskl_output_count(tskl_output *output, tskl_status status, const tskl_error *err) {
    if (status == TSKL_OK) {
        output->written++;
        output->failing = false;
        return;
    }
    output->failed++;
    // A disk that stays full is worth one line. After CLOSED there is nobody to tell: the log
    // may go to the very descriptor that the program has put to another use.
    if (!output->failing && status != TSKL_ERR_CLOSED)
        tskl_log(TSKL_LOG_WARN, "output %s: records are lost: %s", output->name, err->message);
    output->failing = true;
}
