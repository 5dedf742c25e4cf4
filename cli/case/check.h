// check: Packs and their cases, read, run and reported.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CHECK_H
#define TSKL_CLI_CHECK_H
#include "case/check_report.h"
#include "config/config.h"

/** What to check. Borrowed. */
typedef struct tskl_check_job {
    char *const *paths;       // of the Packs, ends with NULL; none: all that are configured
    const char *cases;        // a folder in place of the Packs' own; or NULL
    const char *filter;       // only cases with this in their path; or NULL
    tskl_check_report report; // as each check begins it
} tskl_check_job;

/** Checks once, and says what was found. Returns the exit code. */
int tskl_check(const tskl_check_job *job, const tskl_config *config);
/** Checks, building before where a path is a project that can be built, and again whenever
 * something changes there, until SIGINT or SIGTERM. */
int tskl_check_watch(const tskl_check_job *job, const tskl_config *config);
/** Makes cases of calls: `job->paths` are a Pack's folder (or none: this one), then a recording
 * that ends in .har, or a command and its arguments, which is run and watched. */
int tskl_check_record(const tskl_check_job *job);
#endif
