// SPDX-License-Identifier: Apache-2.0
#include "config/outputs.h"
#include "harness.h"

TEST(outputs, are_read_from_a_list) {
    tskl_config_output *outputs;
    size_t count;
    CHECK_OK(tskl_config_parse_outputs(TSKL_S("stderr, stdout,fd:3,file:a b.ndjson,har:c.har"),
                                       TSKL_S("ndjson"), t->arena, &outputs, &count, &t->err));
    CHECK(count == 5 && outputs[4].format == TSKL_FORMAT_NDJSON);
    CHECK_TEXT(TSKL_S("stdout"), outputs[1].to);
    CHECK_TEXT(TSKL_S("fd:3"), outputs[2].to);
    CHECK_TEXT(TSKL_S("file:a b.ndjson"), outputs[3].to);
}

TEST(outputs, may_be_written_as_people_expect) {
    static const struct {
        const char *written, *meant;
    } rows[] = {
        {"console", "stdout"},
        {"-", "stdout"},
        {"calls.ndjson", "file:calls.ndjson"},
        {"./calls", "file:./calls"},
        {"/var/log/calls", "file:/var/log/calls"},
        {"calls.har", "har:calls.har"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_config_output *outputs;
        size_t count;
        CHECK_OK(tskl_config_parse_outputs(tskl_slice_of(rows[i].written), (tskl_slice){0},
                                           t->arena, &outputs, &count, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].meant), outputs[0].to);
        CHECK(outputs[0].format == TSKL_FORMAT_AUTO);
    }
}

TEST(outputs, that_are_not_known_are_refused) {
    static const struct {
        const char *list, *format, *message;
    } rows[] = {
        {"sterr", "",
         "output \"sterr\" is none of stderr, stdout, fd:N, file:PATH, har:PATH, did "
         "you mean 'stderr'?"},
        {"network", "", "output \"network\" is none of"},
        {"otlp:https://u:secret@h", "", "output \"otlp:\" is none of"},
        {"sqlite:a.db", "", "output \"sqlite:\" is none of"},
        {"fd:", "", "output \"fd:\" is none of"},
        {"fd:0", "", "output \"fd:\" is none of"},
        {"fd:x", "", "output \"fd:\" is none of"},
        {"fd:99999999999999999999", "", "output \"fd:\" is none of"},
        {"file:", "", "output \"file:\" is none of"},
        {"", "", "output 1 is empty"},
        {"stderr,,stdout", "", "output 2 is empty"},
        {"stderr", "json", "format \"json\" is none of auto, pretty, ndjson, taskless, stable"},
        {"stderr", "prety", "did you mean 'pretty'?"},
        {"-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-,-", "", "more than 16 outputs"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_config_output *outputs;
        size_t count;
        CHECK_STATUS(TSKL_ERR_INVALID,
                     tskl_config_parse_outputs(tskl_slice_of(rows[i].list),
                                               tskl_slice_of(rows[i].format), t->arena, &outputs,
                                               &count, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(!strstr(t->err.message, "secret") && !outputs && count == 0);
    }
}
