// SPDX-License-Identifier: Apache-2.0
#include "conformance/expected.h"
#include "conformance/files.h"
#include "input.h"
#include "recording/report.h"
#include <unistd.h>

enum { WAIT_MS = 60 * 1000, BETWEEN_CALLS_US = 10 * 1000, RECORDS_MAX = 256 * 1024 * 1024 };

static const int64_t begin_us = 1767225600000000; // 2026-01-01T00:00:00Z

// Calls are made one after the other, whenever their stories are from: a second try is only one
// when it comes soon after the first.
static bool report_after(const tskl_call *told, int64_t later_us, tskl_observer *observer,
                         tskl_arena *arena) {
    tskl_call call = *told;
    later_us += begin_us - told->start_us;
    call.start_us += later_us;
    call.sent_us += later_us;
    call.first_byte_us += later_us;
    call.end_us += later_us;
    call.parts = tskl_arena_array(arena, tskl_call_part, told->part_count + 1);
    for (size_t i = 0; call.parts && i < told->part_count; i++) {
        call.parts[i] = told->parts[i];
        call.parts[i].time_us += later_us;
    }
    if (!call.parts) return false;
    call.id = (tskl_slice){NULL, 0}; // each call has one of its own
    return tskl_call_report(&call, observer);
}

static tskl_status report_group(tskl_plan *plan, size_t group, tskl_observer *observer,
                                tskl_error *err) {
    int64_t later_us = 0;
    for (size_t i = 0; i < plan->awaited_count; i++) {
        const tskl_story *story = &plan->stories[plan->awaited[i].story];
        if (story->group != group) continue;
        if (!report_after(&story->told.call, later_us, observer, &plan->arena))
            return tskl_fail(err, TSKL_ERR_LIMIT, "%s: is not observed", story->path);
        // What is held is bounded, and no part of a case may fall to that.
        TSKL_TRY(tskl_observer_flush(observer, WAIT_MS, NULL, err));
        later_us += BETWEEN_CALLS_US + (story->told.call.end_us - story->told.call.start_us);
    }
    return TSKL_OK;
}

static tskl_status observe(tskl_plan *plan, size_t group, const char *config, tskl_error *err) {
    tskl_observer *observer;
    tskl_observer_options options = TSKL_OBSERVER_OPTIONS_INIT;
    options.config_path = config;
    options.client = "conformance/" TSKL_VERSION;
    TSKL_TRY(tskl_observer_open(&options, &observer, err));
    tskl_status status = report_group(plan, group, observer, err);
    tskl_observer_close(observer, WAIT_MS);
    return status;
}

static tskl_status take_lines(tskl_plan *plan, size_t group, const char *path, tskl_error *err) {
    tskl_slice text;
    TSKL_TRY(tskl_input_file(path, RECORDS_MAX, &plan->arena, &text, err));
    for (size_t i = 0; i < plan->awaited_count; i++) {
        if (plan->stories[plan->awaited[i].story].group != group) continue;
        plan->awaited[i].line = tskl_slice_line(&text);
        if (plan->awaited[i].line.len == 0)
            return tskl_fail(err, TSKL_ERR_BUG, "a case without a record");
    }
    return text.len ? tskl_fail(err, TSKL_ERR_BUG, "more records than cases") : TSKL_OK;
}

tskl_status tskl_expect_group(tskl_plan *plan, size_t group, const char *folder, tskl_error *err) {
    char config[PATH_MAX], records[PATH_MAX];
    if (!tskl_file_in(folder, "taskless.json", config) ||
        !tskl_file_in(folder, "expected.ndjson", records))
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s is too long a path", folder);
    tskl_status status = tskl_write_configuration(plan, group, config, records, err);
    if (status == TSKL_OK) status = observe(plan, group, config, err);
    if (status == TSKL_OK) status = take_lines(plan, group, records, err);
    unlink(config);
    unlink(records);
    return status;
}
