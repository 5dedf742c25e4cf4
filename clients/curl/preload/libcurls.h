// libcurls: which libcurl a call is meant for, since a program may have several.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_LIBCURLS_H
#define TSKL_CURL_LIBCURLS_H
#include "curl_types.h"
#include <stdbool.h>

/** The functions of one libcurl. */
typedef struct tskl_libcurl {
    CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
    CURLcode (*easy_perform)(CURL *easy);
    void (*easy_cleanup)(CURL *easy);
    void (*easy_reset)(CURL *easy);
    CURL *(*easy_duphandle)(CURL *easy);
    CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
    CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
    CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
    const char *(*easy_strerror)(CURLcode code);
    curl_version_info_data *(*version_info)(CURLversion age);
} tskl_libcurl;

/** The version that a program's reference to a function of libcurl names, as distributions build
 *  them: it tells which libcurl is meant. X(name in C, version) */
#define TSKL_FLAVOURS(X)                                                                           \
    X(openssl, "CURL_OPENSSL_4")                                                                   \
    X(gnutls, "CURL_GNUTLS_3")                                                                     \
    X(any, NULL)

typedef enum tskl_flavour {
#define TSKL_FLAVOUR_ENUM(name, version) TSKL_FLAVOUR_##name,
    TSKL_FLAVOURS(TSKL_FLAVOUR_ENUM)
#undef TSKL_FLAVOUR_ENUM
} tskl_flavour;

/** Who calls: the libcurl that it means, NULL where there is none, and whether it is that libcurl
 *  itself, which calls its own functions by their names. */
typedef struct tskl_caller {
    const tskl_libcurl *curl;
    bool is_inside;
} tskl_caller;

/** Of the code at `address`. The libcurl that is found stays loaded. Any thread; no lock of ours is
 *  taken, and after the first time none at all. */
tskl_caller tskl_caller_at(tskl_flavour flavour, const void *address);
#endif
