// package: a Pack as it lies on disk: a folder or a bundle, both giving the same three files.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_PACKAGE_H
#define TSKL_STORE_PACKAGE_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"

enum {
    TSKL_PACKAGE_TEXT_MAX = 1024 * 1024,
    TSKL_PACKAGE_WASM_MAX = 32 * 1024 * 1024,
    TSKL_PACKAGE_BUNDLE_MAX = TSKL_PACKAGE_WASM_MAX + 4 * TSKL_PACKAGE_TEXT_MAX,
    TSKL_PACKAGE_FILES = 3,
};

/** Borrowed from the arena it was read into. */
typedef struct tskl_package {
    tskl_slice manifest, configuration, wasm; // configuration is empty when there is none
    tskl_sha256 bundle;                       // of the bundle it came in; "" from a folder
} tskl_package;

/** One of the files that make a Pack. */
typedef struct tskl_package_file {
    const char *name;
    size_t offset; // of its slice in tskl_package
    size_t max;    // bytes
} tskl_package_file;

/** All of them, in the order in which a bundle has them. */
extern const tskl_package_file tskl_package_files[TSKL_PACKAGE_FILES];

/** Reads a folder, or a pack.tgz, that others may not write. In a folder other files may lie
 *  beside the three. NOT_FOUND names the file that is missing; UNTRUSTED; LIMIT; SYNTAX for a
 *  bundle that is damaged or holds anything else; UNAVAILABLE without libarchive; IO; NOMEM. */
tskl_status tskl_package_read(const char *path, tskl_arena *arena, tskl_package *out,
                              tskl_error *err);
/** Reads a bundle from memory; `out` does not borrow from it. */
tskl_status tskl_package_unpack(tskl_slice bundle, tskl_arena *arena, tskl_package *out,
                                tskl_error *err);
/** Fails with NOT_FOUND, naming the file, when `package` lacks one that it needs. */
tskl_status tskl_package_check(const tskl_package *package, tskl_error *err);
#endif
