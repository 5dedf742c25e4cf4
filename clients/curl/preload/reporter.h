// reporter: libtaskless, which is opened when the program makes its first call.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CURL_REPORTER_H
#define TSKL_CURL_REPORTER_H
#include <stdbool.h>
#include <taskless/observer.h>

/** What calls are told to, all but their beginning. */
typedef struct tskl_reporter {
    __typeof__(tskl_exchange_sent) *sent;
    __typeof__(tskl_exchange_response) *response;
    __typeof__(tskl_exchange_received) *received;
    __typeof__(tskl_exchange_end_take) *end_take;
} tskl_reporter;

/** Opens libtaskless, the first time. NULL: it cannot be had, which was said once, or it is not
 *  wanted. `version` is that of libcurl. Any thread. */
const tskl_reporter *tskl_reporter_open(const char *version);
/** As tskl_exchange_begin; NULL as well once the program ends. Any thread. */
tskl_exchange *tskl_reporter_begin(const tskl_request *request, unsigned *wants);
/** False: nothing will ever be observed in this process. Any thread. */
bool tskl_reporter_is_wanted(void);
#endif
