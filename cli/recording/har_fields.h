// har_fields: members of an entry in whatever form a recorder gave them, and what is said of one
// that cannot be read: that member is left out, the call is not.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_HAR_FIELDS_H
#define TSKL_CLI_HAR_FIELDS_H
#include "base/json.h"
#include "recording/call.h"

/** An entry while it is read. */
typedef struct tskl_har_reading {
    uint32_t line; // of the entry in its file
    tskl_arena *arena;
    tskl_call *call;
    tskl_error *err;
} tskl_har_reading;

tskl_status tskl_har_nomem(const tskl_har_reading *r);
/** Notes what is wrong with `at`, whose text is shown where it is short. */
void tskl_har_note(tskl_har_reading *r, const tskl_json *at, const char *what);
/** As tskl_har_note, without the text: it may be long, or a secret. */
void tskl_har_note_only(tskl_har_reading *r, const tskl_json *at, const char *what);

const tskl_json *tskl_har_member(const tskl_json *object, const char *name);
/** The text of a string, number or boolean; empty of all else. */
tskl_slice tskl_har_text(const tskl_json *object, const char *name);
/** True of null, of "" and where there is nothing. */
bool tskl_har_is_empty(const tskl_json *value);
/** Numbers, which some recorders write as text. False: not one. */
bool tskl_har_to_double(const tskl_json *value, double *out);
bool tskl_har_to_i64(const tskl_json *value, int64_t *out);
/** A time in milliseconds, 0 where it is not known: recorders write -1, null or NaN then. `what` is
 *  noted of what is no number. */
double tskl_har_ms(tskl_har_reading *r, const tskl_json *object, const char *name,
                   const char *what);

#define TSKL_HAR_LONGEST_MS (366.0 * 24 * 3600 * 1000)
#endif
