// codes: how a transfer that failed is called in records.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_CODES_H
#define TSKL_CURL_CODES_H
#include "curl_types.h"
#include <stdbool.h>

/** The word that other clients have for it, such as ECONNREFUSED; else libcurl's own name. `errnum`
 *  and `verify`: CURLINFO_OS_ERRNO and CURLINFO_SSL_VERIFYRESULT. Static. */
const char *tskl_code_name(CURLcode code, long errnum, long verify);
/** The program itself wanted no more. */
bool tskl_code_is_abort(CURLcode code);
/** It may have failed before anything was sent, on the way to the server. */
bool tskl_code_is_of_network(CURLcode code);
#endif
