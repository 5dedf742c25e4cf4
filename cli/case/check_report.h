// check_report: what a check of Packs found, as text, TAP or JSON.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CHECK_REPORT_H
#define TSKL_CLI_CHECK_REPORT_H
#include "case/compare.h"
#include <stdio.h>

typedef struct tskl_check_result {
    tskl_slice pack, name; // "stripe", "card_declined"
    const char *path;
    tskl_slice about;
    tskl_slice problem; // why it could not be run; empty: it ran
    tskl_differences differences;
} tskl_check_result;

/** Counts of a check; the report's own besides. */
typedef struct tskl_check_report {
    const struct tskl_check_format *format;
    FILE *to;
    bool colour, verbose;
    const char *lead; // stands in front of the last line; or NULL
    size_t passed, failed, bad;
} tskl_check_report;

/** One form of report. */
typedef struct tskl_check_format {
    const char *name;
    void (*begin)(tskl_check_report *report, size_t cases);
    void (*result)(tskl_check_report *report, const tskl_check_result *result);
    void (*end)(tskl_check_report *report);
} tskl_check_format;

/** "text", "tap" or "json"; NULL: none of them. */
const tskl_check_format *tskl_check_format_find(const char *name);
void tskl_check_report_add(tskl_check_report *report, const tskl_check_result *result);
#endif
