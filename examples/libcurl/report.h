// report: tells taskless of the transfers of libcurl's easy interface. Yours to copy.
// SPDX-License-Identifier: Apache-2.0
#ifndef REPORT_H
#define REPORT_H
#include <curl/curl.h>
#include <stdbool.h>
#include <taskless/taskless.h>

/** One transfer and the exchange it is at: a redirect or a retry begins another one. Set
 *  `observer`, leave the rest at zero, and use it for one transfer after the other. */
typedef struct report {
    tskl_observer *observer; // NULL: nothing is reported
    CURL *curl;
    tskl_exchange *exchange; // NULL: none yet, or one that is not to be observed
    unsigned wants;
    int64_t started_us; // 0 as soon as an exchange has begun
    bool answered;
    size_t head_len;
    char head[65536]; // of the response; a line that finds no room is left out
} report;

/** Has the next curl_easy_perform of `curl` reported. Call it when all else is set. */
void report_watch(report *r, CURL *curl);

/**
 * Ends what that curl_easy_perform has begun, with its `result` and, where it failed, what
 * CURLOPT_ERRORBUFFER says. `method` and `headers` count where it failed before anything was sent.
 */
void report_finish(report *r, CURLcode result, const char *message, const char *method,
                   const struct curl_slist *headers);
#endif
