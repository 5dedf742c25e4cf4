// chart: how a manifest declares what a dashboard may draw of its captures.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_CHART_H
#define TSKL_PACK_CHART_H
#include "config/shape.h"

typedef enum tskl_chart_type {
    TSKL_CHART_STEP,
    TSKL_CHART_PIE,
    TSKL_CHART_TABLE,
} tskl_chart_type;

typedef struct tskl_chart {
    tskl_slice title, description;
    tskl_chart_type type;
    const tskl_json *aggregate, *bucket, *series; // as written, or NULL
} tskl_chart;

/** One entry of a manifest's `charts`. */
extern const tskl_shape tskl_chart_shape;

/** "step", "pie" or "table". */
const char *tskl_chart_type_text(tskl_chart_type type);
#endif
