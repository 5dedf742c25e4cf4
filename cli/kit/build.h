// build: a project of a kit's language made into pack.wasm.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_BUILD_H
#define TSKL_CLI_BUILD_H
#include "kit/kit.h"

/** What is asked for; NULL where nobody said. */
typedef struct tskl_build_options {
    const char *project; // a folder
    const char *out;     // in place of PROJECT/pack.wasm
    const char *work;    // in place of PROJECT/build
    const char *language, *way;
    bool verbose, unoptimized;
    bool quiet; // that there is no wasm-opt is not said
} tskl_build_options;

/** What came of it. */
typedef struct tskl_built {
    const tskl_kit *kit;
    const tskl_kit_way *way;
    char path[4096]; // of pack.wasm
    size_t bytes;
    uint32_t budget_kib;
    bool optimized;
} tskl_built;

/** Which kit a project is for. NOT_FOUND: none knows it, or none has that name; INVALID: several
 * do.
 */
tskl_status tskl_build_kit(const tskl_kits *kits, const tskl_build_options *options,
                           const tskl_kit **out, tskl_error *err);
/** Builds, checks that it is a Pack, compiles it and puts it in its place: a Pack that was there
 *  before is replaced only by a good one. What compilers print goes to standard error; missing
 * tools are complained of there (UNSUPPORTED, with an empty message). INVALID, SYNTAX, NOT_FOUND,
 *  MISMATCH of what the author wrote; IO, NOMEM. */
tskl_status tskl_build(const tskl_kits *kits, const tskl_build_options *options, tskl_built *out,
                       tskl_error *err);
#endif
