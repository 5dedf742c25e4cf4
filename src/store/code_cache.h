// code_cache: compiled code on disk, looked for in trusted folders only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_CODE_CACHE_H
#define TSKL_STORE_CODE_CACHE_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"

/** Native code, mapped read-only through the descriptor that was checked. */
typedef struct tskl_code {
    void *map;
    size_t map_size;
    tskl_slice bytes; // inside the map
} tskl_code;

/** Looks in TASKLESS_CACHE, else the user's folder ($XDG_CACHE_HOME/taskless, ~/.cache/taskless),
 *  then the system's (/var/cache/taskless). `key` names engine, settings and processor. A damaged
 *  entry is unlinked and not found; a folder that is not trusted is passed over and logged once.
 *  NOT_FOUND, NOMEM. Unmap with tskl_code_unmap. */
tskl_status tskl_code_find(const tskl_sha256 *wasm, tskl_slice key, tskl_code *out,
                           tskl_error *err);
void tskl_code_unmap(tskl_code *code);
/** Writes an entry to the first folder that takes it, made 0700 where missing: a temporary name,
 *  fsync, rename. UNTRUSTED, IO. `folder` NULL: as tskl_code_find looks. */
tskl_status tskl_code_store(const char *folder, const tskl_sha256 *wasm, tskl_slice key,
                            tskl_slice code, tskl_error *err);
/** The folder tskl_code_store writes to by default, or NULL: for messages and for the helper. In
 *  `arena`. */
const char *tskl_code_folder(tskl_arena *arena);
#endif
