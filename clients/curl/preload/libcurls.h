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

enum { TSKL_LIBCURL_MEMBERS = sizeof(tskl_libcurl) / sizeof(void *) };
/** Which member has a function of that name; TSKL_LIBCURL_MEMBERS: none. */
size_t tskl_libcurl_member(const char *name);
/** True when `address`, of the function in that member, belongs to the libcurl that calls under the
 *  flavour "given" are for: the first one that is asked about, in what `handle` has open. */
bool tskl_libcurl_give(void *handle, size_t member, const void *address);
/** True when the code at that address is taskless's own. */
bool tskl_is_taskless(const void *address);

/** The version that a program's reference to a function of libcurl names, as distributions build
 *  them: it tells which libcurl is meant. What is "given" was looked up by its address. X(name in
 * C, version) */
#define TSKL_FLAVOURS(X)                                                                           \
    X(openssl, "CURL_OPENSSL_4")                                                                   \
    X(gnutls, "CURL_GNUTLS_3")                                                                     \
    X(any, NULL)                                                                                   \
    X(given, NULL)

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
