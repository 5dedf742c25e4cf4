// curl_types: libcurl's types, without the macros that would stand before functions of these names.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_TYPES_H
#define TSKL_CURL_TYPES_H
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt
#undef curl_share_setopt
#endif
