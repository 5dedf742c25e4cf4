// SPDX-License-Identifier: Apache-2.0
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *add_slice(char *end, tskl_slice slice) {
    if (slice.len > 0) memcpy(end, slice.ptr, slice.len);
    return end + slice.len;
}

/** Whether `host` names what `authority` does, which may have a port as well. */
static bool is_host_of(tskl_slice host, tskl_slice authority) {
    if (host.len > authority.len || strncasecmp(host.ptr, authority.ptr, host.len) != 0)
        return false;
    return host.len == authority.len || authority.ptr[host.len] == ':';
}

/** Joins the origin and the head's target. Where the head's host line names another host, that
 *  stands in for the origin's; where it only leaves the port out, the origin's port stays, which is
 *  where the call went. Free the result. */
static char *make_url(tskl_slice origin, const tskl_head *head, tskl_slice *out) {
    const char *scheme_end = memmem(origin.ptr, origin.len, "//", 2);
    tskl_slice host = head->host, path = head->target;
    size_t scheme = scheme_end ? (size_t)(scheme_end + 2 - origin.ptr) : 0;
    tskl_slice authority = {origin.ptr + scheme, origin.len - scheme};
    if (scheme > 0 && host.len > 0 && !is_host_of(host, authority))
        origin.len = scheme;
    else
        host = (tskl_slice){0};
    if (tskl_head_is_absolute(path)) origin = host = (tskl_slice){0};
    // OPTIONS * asks about the server as a whole, which has no path.
    else if (path.ptr[0] != '/')
        path = (tskl_slice){"/", 1};
    char *url = malloc(origin.len + host.len + path.len);
    if (!url) return NULL;
    char *end = add_slice(add_slice(add_slice(url, origin), host), path);
    *out = (tskl_slice){url, (size_t)(end - url)};
    return url;
}

/** Of what is sent first, how much is head. */
static tskl_slice head_part(tskl_slice text) {
    const char *blank = text.len ? memmem(text.ptr, text.len, "\r\n\r\n", 4) : NULL;
    return blank ? (tskl_slice){text.ptr, (size_t)(blank - text.ptr) + 4} : text;
}

bool tskl_sent_request_make(tskl_slice origin, const tskl_head *head, tskl_sent_request *out) {
    *out = (tskl_sent_request){.request = {.size = sizeof out->request}};
    out->url = make_url(origin, head, &out->request.url);
    out->request.method = head->method;
    out->request.headers = head->headers;
    return out->url != NULL;
}

bool tskl_sent_request_read(tskl_slice origin, tskl_slice data, tskl_sent_request *out) {
    tskl_head head;
    tskl_slice text = head_part(data);
    if (!tskl_head_read(text, &head) || !tskl_sent_request_make(origin, &head, out)) return false;
    out->head_length = text.len;
    return true;
}
