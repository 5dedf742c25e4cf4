// code_entry: one file of compiled code: its name, its header, its bytes.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_CODE_ENTRY_H
#define TSKL_STORE_CODE_ENTRY_H
#include "base/descriptor.h"
#include "store/code_cache.h"

enum {
    TSKL_CODE_NAME_MAX = 64 + 1 + 100 + 6 + 1, // digest, '-', key, ".cwasm", zero
    TSKL_CODE_OFFSET = 4096,                   // where the code begins: whole pages can be mapped
};

/** Writes "<sha256>-<key>.cwasm". INVALID for a key that cannot stand in a file's name. */
tskl_status tskl_code_entry_name(const tskl_sha256 *wasm, tskl_slice key,
                                 char name[TSKL_CODE_NAME_MAX], tskl_error *err);
/** Opens, checks and maps `name` in the open folder `folder`. NOT_FOUND; UNTRUSTED for
 *  what is no plain file of root or the effective user; SYNTAX for a damaged one; IO. */
tskl_status tskl_code_entry_map(const tskl_descriptor *folder, const char *name, tskl_code *out,
                                tskl_error *err);
/** Writes `name` there under another name, which it gets when all of it is on disk. IO. */
tskl_status tskl_code_entry_write(const tskl_descriptor *folder, const char *name, tskl_slice code,
                                  tskl_error *err);
#endif
