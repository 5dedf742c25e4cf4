// pack: a Pack in use: what it said of itself, what it was granted, and its code.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_PACK_H
#define TSKL_PACK_PACK_H
#include "base/digest.h"
#include "pack/manifest.h"
#include "store/package.h"

/** Wasm that a Pack runs. */
typedef struct tskl_pack_module {
    tskl_slice name; // by which others import from it
    tskl_slice wasm; // empty once forgotten
    tskl_sha256 digest;
} tskl_pack_module;

typedef struct tskl_pack {
    tskl_arena arena; // holds all but the code
    tskl_manifest manifest;
    tskl_hostlist hosts; // the configuration's, else the manifest's
    bool hosts_unnamed;  // neither names any: it is for every host
    bool body_granted;   // and asked for, and among its `reads`
    bool request_body_wanted, response_body_wanted;
    bool errors_only;                 // of responses it sees the bodies of those from 400 on
    bool chunks_streams_only;         // its `chunk` is for streams, not for any body
    bool header_filter;               // `reads` names headers: only those are shown
    tskl_texts environment;           // "NAME=value", as granted
    tskl_texts environment_withheld;  // names that were asked for and not granted
    tskl_slice environment_json;      // what was granted, as an object
    tskl_hostlist calls_asked, calls; // which hosts it may call: those that are on both
    bool vars_granted;
    tskl_slice configuration_json; // merged
    const tskl_json *configuration;
    uint32_t fault_line; // of the configuration's file, while it is opened: where what is wrong
                         // stands, 0: at the entry
    tskl_limits limits;  // all set: default, manifest, configuration, the user's caps
    tskl_slice wasm;     // empty once forgotten
    tskl_arena wasm_arena;
    tskl_sha256 digest;                             // of the wasm
    tskl_pack_module modules[TSKL_PACKAGE_MODULES]; // further ones
    size_t module_count;
} tskl_pack;

/** Makes a Pack of its package, copied, and of what the configuration says of it. `entry` and
 *  `config` may be NULL. INVALID or SYNTAX name the Pack and the field; UNSUPPORTED for a schema
 *  this version does not read; MISMATCH when its name or digest is another; NOMEM. */
tskl_status tskl_pack_open(const tskl_package *package, const tskl_config_pack *entry,
                           const tskl_config *config, tskl_pack **out, tskl_error *err);
/** Reads the package from where `entry` says and makes a Pack of it. As above, and as
 *  tskl_package_read; UNAVAILABLE when it is to be fetched and is not in the store; UNSUPPORTED for
 *  oci:. */
tskl_status tskl_pack_load(const tskl_config_pack *entry, const tskl_config *config,
                           tskl_pack **out, tskl_error *err);
void tskl_pack_close(tskl_pack *pack);
/** What of a call's bodies this Pack is to see: TSKL_WANT_*. */
unsigned tskl_pack_wants(const tskl_pack *pack);
/** True when it is to see the body of a response with that status. */
bool tskl_pack_sees_response(const tskl_pack *pack, int status);
/** True when it may call that host and port: it asked to, and the configuration grants it. */
bool tskl_pack_may_call(const tskl_pack *pack, tskl_slice host, uint16_t port);
/** True when `host` is an address and the configuration names just it and that port: whoever wrote
 *  this means it, even where the address is not public. */
bool tskl_pack_may_call_literally(const tskl_pack *pack, tskl_slice host, uint16_t port);
/** How many modules it has, its own included, and each of them; its own is the last one. */
size_t tskl_pack_module_count(const tskl_pack *pack);
tskl_pack_module tskl_pack_module_at(const tskl_pack *pack, size_t index);
/** Frees the code, once it is compiled. Its digest stays. */
void tskl_pack_forget_wasm(tskl_pack *pack);
#endif
