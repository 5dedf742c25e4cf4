// manifest: what a Pack says of itself and asks for.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_MANIFEST_H
#define TSKL_PACK_MANIFEST_H
#include "base/json.h"
#include "config/config.h"
#include "pack/hostlist.h"

typedef enum tskl_method {
    TSKL_METHOD_PRE = 1,
    TSKL_METHOD_CHUNK = 2,
    TSKL_METHOD_POST = 4,
} tskl_method;

typedef enum tskl_field_type {
    TSKL_FIELD_STRING,
    TSKL_FIELD_STRINGS,
    TSKL_FIELD_NUMBER,
    TSKL_FIELD_NUMBERS,
    TSKL_FIELD_BOOLEAN,
} tskl_field_type;

typedef struct tskl_field {
    tskl_slice name, description;
    tskl_field_type type;
    const tskl_json *value; // the default; NULL when there is none
} tskl_field;

/** Borrowed from the arena it was parsed into. */
typedef struct tskl_manifest {
    tskl_slice name, version, description;
    unsigned methods; // of tskl_method
    tskl_hostlist hosts;
    bool body_asked;
    tskl_texts environment_asked, call_hosts_asked;
    bool vars_asked;
    tskl_texts reads; // "request.body", "response.body", header names; empty: all that is granted
    bool reads_given;
    tskl_field *fields;
    size_t field_count;
    tskl_limits limits; // 0 where it does not say
} tskl_manifest;

/** Reads schema `pre2`. SYNTAX or INVALID naming the field at fault ("fields[2].type: ..."), NOMEM.
 */
tskl_status tskl_manifest_parse(tskl_slice text, tskl_arena *arena, tskl_manifest *out,
                                tskl_error *err);
/** The configuration a Pack is shown, as one JSON object in `arena`: each field's value from
 *  `given`, else `packaged` (config.json), else its default. INVALID names a field of the wrong
 *  type or one the manifest does not have. */
tskl_status tskl_manifest_configure(const tskl_manifest *manifest, const tskl_json *given,
                                    const tskl_json *packaged, tskl_arena *arena, tskl_slice *json,
                                    tskl_error *err);
#endif
