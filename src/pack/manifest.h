// manifest: what a Pack says of itself and asks for.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_MANIFEST_H
#define TSKL_PACK_MANIFEST_H
#include "base/json.h"
#include "config/config.h"
#include "pack/chart.h"
#include "pack/field.h"
#include "pack/hostlist.h"

typedef enum tskl_method {
    TSKL_METHOD_PRE = 1,
    TSKL_METHOD_CHUNK = 2,
    TSKL_METHOD_POST = 4,
} tskl_method;

/** A further module of a Pack, which others import from by its name. */
typedef struct tskl_manifest_module {
    tskl_slice name, digest;
} tskl_manifest_module;

/** Borrowed from the arena it was parsed into. */
typedef struct tskl_manifest {
    tskl_slice name, version, description;
    unsigned methods; // of tskl_method; 0 where it does not say: all that its code exports
    tskl_hostlist hosts;
    bool hosts_unnamed; // it names none, as the manifests of older loaders, which know no such
                        // member: then `hosts` is all
    bool body_asked;
    tskl_texts environment_asked, call_hosts_asked;
    bool vars_asked;
    tskl_texts
        reads; // "request.body", "response.body", ".error" or ".stream", header names in lower case
    bool reads_given; // when not, all that is granted is read
    tskl_texts marks; // "header stripe-version", "body error.type: card_error": how an answer of
                      // its service is known where nothing else says whose it is
    tskl_field *fields;
    size_t field_count;
    tskl_chart *charts;
    size_t chart_count;
    tskl_manifest_module *modules; // digests are valid, names are not given twice
    size_t module_count;
    tskl_limits limits; // 0 where it does not say
    // Of schema `pre1` alone:
    tskl_slice module, source; // its code as base64; where that is to be fetched
    tskl_texts captures;       // only these names are kept, where they are given
    bool captures_given, request_headers_unasked, response_headers_unasked;
} tskl_manifest;

/** Reads schema `pre2`, or the older `pre1`. SYNTAX or INVALID naming the field at fault
 * ("fields[2].type: ..."), NOMEM.
 */
tskl_status tskl_manifest_parse(tskl_slice text, tskl_arena *arena, tskl_manifest *out,
                                tskl_error *err);
/** The configuration a Pack is shown, as one JSON object in `arena`: each field's value from
 *  `given`, else `packaged` (config.json, which may have it as `configuration` beside a `url`),
 *  else its default. INVALID names a field of the wrong
 *  type or one the manifest does not have, of config.json with its line; where it is among `given`,
 *  `*line` is where it stands in its own file, else 0. LIMIT; NOMEM. */
tskl_status tskl_manifest_configure(const tskl_manifest *manifest, const tskl_json *given,
                                    const tskl_json *packaged, tskl_arena *arena, tskl_slice *json,
                                    uint32_t *line, tskl_error *err);
#endif
