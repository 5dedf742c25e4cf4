// package: a Pack as it lies on disk: a folder or a bundle, both giving the same three files.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_PACKAGE_H
#define TSKL_STORE_PACKAGE_H
#include "base/arena.h"
#include "base/status.h"

enum {
    TSKL_PACKAGE_TEXT_MAX = 1024 * 1024,
    TSKL_PACKAGE_WASM_MAX = 32 * 1024 * 1024,
};

/** Borrowed from the arena it was read into. */
typedef struct tskl_package {
    tskl_slice manifest, configuration, wasm; // configuration is empty when there is none
} tskl_package;

/** Reads a folder, or a pack.tgz, that others may not write. NOT_FOUND names the file that is
 *  missing; UNTRUSTED; LIMIT; SYNTAX for a bundle that is damaged or holds anything else. */
tskl_status tskl_package_read(const char *path, tskl_arena *arena, tskl_package *out,
                              tskl_error *err);
/** Reads a bundle from memory. */
tskl_status tskl_package_unpack(tskl_slice bundle, tskl_arena *arena, tskl_package *out,
                                tskl_error *err);
#endif
