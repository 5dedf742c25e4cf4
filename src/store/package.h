// package: a Pack as it lies on disk: a folder or a bundle, both giving the same three files, and
// further modules where its manifest names some.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_PACKAGE_H
#define TSKL_STORE_PACKAGE_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/status.h"

enum {
    TSKL_PACKAGE_TEXT_MAX = 1024 * 1024,
    TSKL_PACKAGE_MANIFEST_MAX = 24 * 1024 * 1024, // under `pre1` it may hold the code
    TSKL_PACKAGE_WASM_MAX = 32 * 1024 * 1024,
    TSKL_PACKAGE_BUNDLE_MAX = TSKL_PACKAGE_WASM_MAX + 4 * TSKL_PACKAGE_TEXT_MAX,
    TSKL_PACKAGE_FILES = 3,
    TSKL_PACKAGE_MODULES = 7, // besides its own
};

/** A further module: NAME.wasm. */
typedef struct tskl_package_module {
    tskl_slice name, wasm;
} tskl_package_module;

/** Borrowed from the arena it was read into. */
typedef struct tskl_package {
    tskl_slice manifest, configuration, wasm;          // configuration is empty when there is none
    tskl_sha256 bundle;                                // of the bundle it came in; "" from a folder
    tskl_package_module modules[TSKL_PACKAGE_MODULES]; // that lie in the bundle
    size_t module_count;
    const char *folder; // where further modules lie beside pack.wasm; NULL where they cannot
    const char *shared; // where those of several Packs lie, by their digest; NULL likewise
    bool foreign;       // read by root from another user's folder
} tskl_package;

/** One of the files that make a Pack. */
typedef struct tskl_package_file {
    const char *name;
    size_t offset; // of its slice in tskl_package
    size_t max;    // bytes
} tskl_package_file;

/** All of them, in the order in which a bundle has them. */
extern const tskl_package_file tskl_package_files[TSKL_PACKAGE_FILES];

/** Reads a folder, or a pack.tgz, that others may not write; root reads another user's too, and
 *  sets `foreign`. In a folder other files may lie beside the three; further modules are read by
 *  the function below. NOT_FOUND names the file that is missing; UNTRUSTED; LIMIT; SYNTAX for a
 *  bundle that is damaged or holds anything else; UNAVAILABLE without libarchive; IO; NOMEM. */
tskl_status tskl_package_read(const char *path, tskl_arena *arena, tskl_package *out,
                              tskl_error *err);
/** Reads a bundle from memory; `out` does not borrow from it. */
tskl_status tskl_package_unpack(tskl_slice bundle, tskl_arena *arena, tskl_package *out,
                                tskl_error *err);
/** Finds the module that has this name in the Pack, and this digest: beside pack.wasm, else as
 *  modules/HEX.wasm in the folder that the Pack lies in. `*wasm` is in `arena`, or in that of the
 *  package. NOT_FOUND; MISMATCH; UNTRUSTED, LIMIT, IO, NOMEM. */
tskl_status tskl_package_find_module(const tskl_package *package, tskl_slice name,
                                     const tskl_sha256 *digest, tskl_arena *arena, tskl_slice *wasm,
                                     tskl_error *err);
/** A digest of its manifest, configuration and code, however they came: what consent is given to.
 *  Modules that lie elsewhere are named by their digests in the manifest. */
tskl_sha256 tskl_package_digest(const tskl_package *package);
/** Fails with NOT_FOUND, naming the file, when `package` lacks one that it needs. */
tskl_status tskl_package_check(const tskl_package *package, tskl_error *err);
#endif
