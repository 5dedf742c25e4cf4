// url: a URL taken apart, as it was written: nothing is resolved or made canonical.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_URL_H
#define TSKL_EXCHANGE_URL_H
#include "base/slice.h"

/** Slices of the text it was read from; each empty where the URL has none. */
typedef struct tskl_url {
    tskl_slice scheme;
    tskl_slice userinfo; // without its '@'
    tskl_slice host;     // without the port; an IPv6 address keeps its brackets
    tskl_slice path;     // from its first '/'
    tskl_slice query;    // without its '?'
    tskl_slice fragment; // with its '#'
    uint16_t port;       // 443 (https, wss) or 80 where none is written; 0 without a host
} tskl_url;

/** Takes any text: what is no "scheme://" URL has a path, a query and a fragment only. */
tskl_url tskl_url_parse(tskl_slice text);
#endif
