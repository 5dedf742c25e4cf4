// plan: the cases as a client of somebody else's meets them: which calls it is to make, under which
// configuration, and which records have to come of them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_PLAN_H
#define TSKL_CLI_CONFORMANCE_PLAN_H
#include "case/case.h"
#include "case/case_files.h"
#include "inspect/pack_list.h"

/** A case whose call has the URL and the headers that pass over the wire. */
typedef struct tskl_story {
    tskl_case told;
    const char *path;
    tskl_slice name;    // "card_declined", "core/fault"
    tskl_slice mark;    // what the server knows the call by: its name, or that of whom it follows
    bool follows;       // a client comes here by a redirect alone
    size_t then;        // the story that a redirect leads to; SIZE_MAX: none
    size_t group;       // stories of one group go with one configuration
    tskl_slice skipped; // why it is not made here; empty: it is
} tskl_story;

/** One record that has to come, in the order in which they do. */
typedef struct tskl_awaited {
    size_t story, nth; // the nth record with the story's mark
    tskl_slice line;   // the stable record; empty: not known yet
} tskl_awaited;

typedef struct tskl_plan {
    tskl_story *stories;
    size_t count, groups;
    tskl_awaited *awaited;
    size_t awaited_count;
    tskl_pack_list packs;
    tskl_arena arena;
} tskl_plan;

/** Where calls go in place of the services. */
typedef struct tskl_loopback {
    unsigned port, closed_port; // of 127.0.0.1; nobody listens at the second
} tskl_loopback;

/** Reads the cases in `files`; the Packs are there already. Calls go to `to`, or where the cases
 *  say when that is NULL. As tskl_case_read; NOT_FOUND where a Pack or a case is missing. */
tskl_status tskl_plan_read(tskl_plan *plan, const tskl_case_files *files, const tskl_loopback *to,
                           tskl_error *err);
void tskl_plan_deinit(tskl_plan *plan);
/** Appends the configuration of a group, its stable records going to the file `records`. */
tskl_status tskl_plan_configure(const tskl_plan *plan, size_t group, const char *records,
                                tskl_buf *json, tskl_error *err);
/** Appends the calls of a group, a line of JSON each. */
void tskl_plan_add_calls(const tskl_plan *plan, size_t group, tskl_buf *lines);
#endif
