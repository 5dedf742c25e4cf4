// pack: a Pack in use: what it said of itself, what it was granted, and where its code is.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_PACK_H
#define TSKL_PACK_PACK_H
#include "base/digest.h"
#include "pack/manifest.h"
#include "store/package.h"

typedef struct tskl_pack {
    tskl_arena arena; // holds all of it
    tskl_manifest manifest;
    tskl_hostlist hosts; // the configuration's, else the manifest's
    bool body_granted;   // and asked for, and among its `reads`
    bool request_body_wanted, response_body_wanted;
    tskl_texts environment;        // "NAME=value", as granted
    tskl_slice environment_json;   // the same as an object
    tskl_slice configuration_json; // merged
    const tskl_json *configuration;
    tskl_limits limits; // all set: default, manifest, configuration, the user's caps
    tskl_slice wasm;
    tskl_sha256 digest; // of the wasm
} tskl_pack;

/** Makes a Pack of its package and what the configuration says of it. `entry` may be NULL. INVALID
 *  or SYNTAX name the Pack and the field; MISMATCH when the digest is another; NOMEM. */
tskl_status tskl_pack_open(const tskl_package *package, const tskl_config_pack *entry,
                           const tskl_config *config, tskl_pack **out, tskl_error *err);
void tskl_pack_close(tskl_pack *pack);
/** What of a call's bodies this Pack is to see: TSKL_WANT_*. */
unsigned tskl_pack_wants(const tskl_pack *pack);
#endif
