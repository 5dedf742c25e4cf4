// story: records for the tests of outputs, made by hand so that each member is known.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_OUTPUT_STORY_H
#define TSKL_TESTS_OUTPUT_STORY_H
#include "capture/record.h"
#include "harness.h"

typedef struct story {
    tskl_exchange exchange;
    tskl_view view;
    tskl_captures captures;
    tskl_record record;
    tskl_capture items[256];
    tskl_pack_run runs[64];
    tskl_header headers[2][8];
} story;

/** POST api.stripe.com/v1/charges, 200 after 184.2 ms, nothing captured. NULL: no memory. */
story *story_new(tskl_test *t);
/** The same, declined by stripe. */
story *story_declined(tskl_test *t);
/** The same, refused by nobody but the network. */
story *story_refused(tskl_test *t);
void story_text(story *s, const char *pack, const char *name, const char *text);
/** A number or a boolean, as written. */
void story_value(story *s, const char *pack, const char *name, const char *text);
void story_run(story *s, const char *pack, tskl_result result);
void story_header(story *s, bool of_response, const char *name, const char *value);
void story_body(story *s, bool of_response, tskl_slice body);
void story_place(story *s, const char *host, const char *path);
/** Reads a whole file into the test's arena; empty when it cannot. */
tskl_slice story_file(tskl_test *t, const char *path);
#endif
