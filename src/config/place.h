// place: where in a file a value stands, so that what is wrong with it can be said by name.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_PLACE_H
#define TSKL_CONFIG_PLACE_H
#include "base/json.h"

/** A file that is being read. */
typedef struct tskl_document {
    const char *name;  // "taskless.yaml", "manifest"
    bool by_line;      // messages begin with "taskless.yaml:12: ", else with "manifest: "
    tskl_arena *arena; // holds what is read
} tskl_document;

/** The way from the whole document down to one value. */
typedef struct tskl_place {
    const tskl_document *document;
    const struct tskl_place *outer; // NULL for the whole document
    const tskl_json *value;
    size_t index; // where `outer` is a list
} tskl_place;

/** Where `value`, a child of the value at `outer`, stands. */
static inline tskl_place tskl_place_in(const tskl_place *outer, const tskl_json *value,
                                       size_t index) {
    return (tskl_place){outer->document, outer, value, index};
}

/** Fails with a message that begins with the place: "taskless.yaml:12: packs[0].hosts: ...". */
tskl_status tskl_place_fail(tskl_error *err, tskl_status status, const tskl_place *place,
                            const char *format, ...) __attribute__((format(printf, 4, 5)));
/** Fails with "expected WHAT, not a number". */
tskl_status tskl_place_expected(const tskl_place *place, const char *what, tskl_error *err);
/** Fails with NOMEM. */
tskl_status tskl_place_nomem(const tskl_place *place, tskl_error *err);
/** Fails, naming both lines, when an object anywhere in `root` has one name twice. INVALID, NOMEM.
 */
tskl_status tskl_place_refuse_twice(const tskl_json *root, tskl_arena *arena, tskl_error *err);
/** At most 64 bytes of it, for messages. */
tskl_slice tskl_place_short(tskl_slice text);
#endif
