// loader: programs that ask the loader for libcurl by themselves.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_LOADER_H
#define TSKL_CURL_LOADER_H
#include "libcurls.h"

/** The C library's own dlsym. Its caller counts for RTLD_NEXT: there is nothing around it. */
typedef void *tskl_dlsym_fn(void *handle, const char *name);
tskl_dlsym_fn *tskl_real_dlsym(void);

/** What they are given, in the order of tskl_libcurl's members; NULL where that is libcurl's own.
 */
typedef void tskl_function(void);
extern tskl_function *const tskl_given_entries[];
#endif
