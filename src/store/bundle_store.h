// bundle_store: bundles that were fetched, on disk beside the compiled code: packs/sha256-HEX.tgz.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_BUNDLE_STORE_H
#define TSKL_STORE_BUNDLE_STORE_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"

/** Reads the bundle with this digest, looked for where compiled code is; `folder` NULL: as
 *  tskl_code_find looks. What has another digest by now is unlinked and not found; a folder that
 *  is not trusted is passed over. In `arena`. NOT_FOUND, NOMEM. */
tskl_status tskl_bundle_find(const char *folder, const tskl_sha256 *digest, tskl_arena *arena,
                             tskl_slice *out, tskl_error *err);
/** Keeps it there. MISMATCH, naming both digests, when it is another bundle: nothing is written.
 *  UNTRUSTED, IO, NOMEM. */
tskl_status tskl_bundle_store(const char *folder, const tskl_sha256 *digest, tskl_slice bundle,
                              tskl_error *err);
#endif
