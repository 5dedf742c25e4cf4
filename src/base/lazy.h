// lazy: libraries that are opened when first needed, so that a program that never needs them
// never loads them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_LAZY_H
#define TSKL_BASE_LAZY_H
#include "base/status.h"

typedef enum tskl_lazy_library {
    TSKL_LAZY_YAML,
    TSKL_LAZY_ARCHIVE,
    TSKL_LAZY_BROTLI,
    TSKL_LAZY_ZSTD,
    TSKL_LAZY_CURL,
    TSKL_LAZY_LIBRARIES,
} tskl_lazy_library;

/** Fills `functions[i]` with the address of `names[i]`. UNAVAILABLE, naming the library and the
 *  Debian package that has it; the first answer is kept. Any thread. */
tskl_status tskl_lazy_load(tskl_lazy_library library, const char *const *names, void **functions,
                           size_t count, tskl_error *err);
#ifdef TSKL_TESTING
/** As on a machine that has none of them. */
extern bool tskl_lazy_none;
#endif
#endif
