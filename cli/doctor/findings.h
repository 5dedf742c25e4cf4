// findings: what `doctor` found, each with whether it is as it should be, and what to do if not.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_FINDINGS_H
#define TSKL_CLI_FINDINGS_H
#include "base/arena.h"
#include "page.h"

typedef struct tskl_finding {
    const char *group, *name, *text;
    const char *mend; // what to do; NULL: nothing
    tskl_mood mood;   // GOOD, NOTE or BAD: a problem
} tskl_finding;

enum { TSKL_FINDINGS_MAX = 512 };

/** Zeroed, it is empty. The arena holds all of it. */
typedef struct tskl_findings {
    tskl_arena arena;
    tskl_finding items[TSKL_FINDINGS_MAX];
    size_t count, notes, problems;
    const char *group; // of those that are added next
} tskl_findings;

/** Adds one to the current group; `name` and `mend` are copied. What is past the last place is not
 *  kept, but counted. */
void tskl_findings_add(tskl_findings *findings, tskl_mood mood, const char *name, const char *mend,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));
/** For a person: a line each, and a last one that counts. */
void tskl_findings_show(const tskl_findings *findings, FILE *to, bool colour);
/** One JSON object in one line. False: no memory. */
bool tskl_findings_write_json(const tskl_findings *findings, FILE *to);
#endif
