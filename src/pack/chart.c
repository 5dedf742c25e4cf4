// SPDX-License-Identifier: Apache-2.0
#include "pack/chart.h"

enum { TITLE_MAX = 256, DESCRIPTION_MAX = 4096 };

// In the order of tskl_chart_type.
static const char *const type_words[] = {"step", "pie", "table", NULL};

static const tskl_shape_row definition_rows[] = {
    {.key = "aggregate", .kind = TSKL_SHAPE_VALUE, .offset = offsetof(tskl_chart, aggregate)},
    {.key = "bucket", .kind = TSKL_SHAPE_VALUE, .offset = offsetof(tskl_chart, bucket)},
    {.key = "series", .kind = TSKL_SHAPE_VALUE, .offset = offsetof(tskl_chart, series)},
};
static const tskl_shape definition = TSKL_SHAPE(definition_rows);

static const tskl_shape_row rows[] = {
    {.key = "title",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_chart, title),
     .min = 1,
     .max = TITLE_MAX,
     .required = true},
    {.key = "description",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_chart, description),
     .max = DESCRIPTION_MAX},
    {.key = "type",
     .kind = TSKL_SHAPE_WORD,
     .offset = offsetof(tskl_chart, type),
     .words = type_words,
     .required = true},
    // Its members land in the chart itself.
    {.key = "definition", .kind = TSKL_SHAPE_OBJECT, .inside = &definition},
};
const tskl_shape tskl_chart_shape = TSKL_SHAPE(rows);

const char *tskl_chart_type_text(tskl_chart_type type) {
    return type_words[type];
}
