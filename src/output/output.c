// SPDX-License-Identifier: Apache-2.0
#include "output/output.h"
#include "base/log.h"
#include "base/noted.h"
#include "output/har.h"
#include "output/text.h"
#include <limits.h>
#include <stdio.h>

// One that the configuration has noted, and never what the number may mean by now.
static tskl_status open_borrowed(const tskl_config_output *spec, TSKL_UNUSED tskl_slice rest,
                                 tskl_output **out, tskl_error *err) {
    tskl_sink sink;
    if (spec->unknown)
        return tskl_fail(err, TSKL_ERR_IO,
                         "that number was not looked at when taskless was loaded: name it in "
                         "TASKLESS_OUTPUT before the program starts, or use one up to %d",
                         TSKL_NOTED_LOW - 1);
    TSKL_TRY(tskl_sink_borrow(&spec->given, &sink, err));
    return tskl_text_output_open(sink, spec->format, out, err);
}

static tskl_status open_fd(const tskl_config_output *spec, tskl_slice number, tskl_output **out,
                           tskl_error *err) {
    uint64_t fd;
    if (!tskl_slice_to_u64(number, &fd) || fd > INT_MAX)
        return tskl_fail(err, TSKL_ERR_INVALID, "not the number of a descriptor");
    return open_borrowed(spec, number, out, err);
}

static tskl_status open_file(const tskl_config_output *spec, tskl_slice path, tskl_output **out,
                             tskl_error *err) {
    tskl_sink sink;
    TSKL_TRY(tskl_sink_open_file(path, &sink, err));
    return tskl_text_output_open(sink, spec->format, out, err);
}

static tskl_status open_har(TSKL_UNUSED const tskl_config_output *spec, tskl_slice path,
                            tskl_output **out, tskl_error *err) {
    return tskl_har_output_open(path, out, err);
}

static const struct {
    const char *name; // with a ":" at its end where something follows
    tskl_status (*open)(const tskl_config_output *spec, tskl_slice rest, tskl_output **out,
                        tskl_error *err);
} kinds[] = {
    {"stderr", open_borrowed}, {"stdout", open_borrowed}, {"fd:", open_fd},
    {"file:", open_file},      {"har:", open_har},
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
        tskl_status status = kinds[i].open(spec, tskl_slice_from(spec->to, name.len), out, err);
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
    if (status == TSKL_ERR_CLOSED) {
        output->unread++;
        return;
    }
    output->failed++;
    // A disk that stays full is worth one line.
    if (!output->failing)
        tskl_log(TSKL_LOG_WARN, "output %s: records are lost: %s", output->name, err->message);
    output->failing = true;
}
