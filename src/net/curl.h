// curl: libcurl, opened when the first request is made, and what every request of ours has in
// common.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_CURL_H
#define TSKL_NET_CURL_H
#include "base/status.h"
#define CURL_DISABLE_TYPECHECK // its macros know no functions behind pointers
#include <curl/curl.h>

#define TSKL_CURL_FUNCTIONS(X)                                                                     \
    X(curl_global_init)                                                                            \
    X(curl_version_info)                                                                           \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_strerror)                                                                          \
    X(curl_easy_cleanup)                                                                           \
    X(curl_multi_init)                                                                             \
    X(curl_multi_add_handle)                                                                       \
    X(curl_multi_perform)                                                                          \
    X(curl_multi_poll)                                                                             \
    X(curl_multi_info_read)                                                                        \
    X(curl_multi_remove_handle)                                                                    \
    X(curl_multi_cleanup)                                                                          \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)

/** Its functions. They come from the library itself, past whatever a program or a preloaded library
 *  has put in their place: nobody who watches a program's calls of libcurl sees ours. */
typedef struct tskl_curl {
#define TSKL_CURL_POINTER(name) __typeof__(&name) name;
    TSKL_CURL_FUNCTIONS(TSKL_CURL_POINTER)
#undef TSKL_CURL_POINTER
} tskl_curl;

/** Opens and starts it, once. UNAVAILABLE, naming what to install. Any thread. */
tskl_status tskl_curl_open(tskl_curl *out, tskl_error *err);
/** Sets on a new handle what is never otherwise: certificates are verified, SSL_CERT_FILE and
 *  SSL_CERT_DIR naming other authorities than the system's; no signals, no cookies, no .netrc, no
 *  names or passwords in URLs, nothing older than HTTP/1.0 and TLS 1.2. False: no memory. */
bool tskl_curl_prepare(const tskl_curl *curl, CURL *easy);
#endif
