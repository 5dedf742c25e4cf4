// target: joins scheme, host, port and path, each from where it is known best.
// SPDX-License-Identifier: Apache-2.0
#include "target.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/** "name:8080" or "[::1]:8080", taken apart; the port keeps its colon and may be empty. */
typedef struct tskl_place {
    tskl_slice name, port;
} tskl_place;

static tskl_slice slice(const char *from, const char *to) {
    return (tskl_slice){from, (size_t)(to - from)};
}

static tskl_place place_of(tskl_slice host) {
    const char *end = host.ptr + host.len, *after = host.ptr;
    const char *bracket = host.len && *host.ptr == '[' ? memchr(host.ptr, ']', host.len) : NULL;
    if (bracket) after = bracket;
    const char *colon = memchr(after, ':', (size_t)(end - after));
    if (!colon) colon = end;
    return (tskl_place){slice(host.ptr, colon), slice(colon, end)};
}

// No top-level domain is a number.
static bool is_address(tskl_slice name) {
    return name.len > 0 && (*name.ptr == '[' || isdigit((unsigned char)name.ptr[name.len - 1]));
}

static bool is_same(tskl_slice a, tskl_slice b) {
    return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static tskl_place choose(tskl_place called, tskl_slice host_line) {
    tskl_place said = place_of(host_line);
    if (said.name.len == 0) return called;
    if (called.port.len == 0 && is_same(called.name, said.name)) return said;
    if (!is_address(called.name) || is_address(said.name)) return called;
    if (said.port.len == 0) said.port = called.port;
    return said;
}

static char *put(char *end, tskl_slice part) {
    if (part.len > 0) memcpy(end, part.ptr, part.len);
    return end + part.len;
}

tskl_slice tskl_target_url(tskl_slice origin, const tskl_head *head, bool named, tskl_text *text) {
    if (tskl_head_is_absolute(head->target)) return head->target;
    const char *end = origin.ptr + origin.len;
    const char *slashes = memmem(origin.ptr, origin.len, "//", 2);
    const char *host = slashes ? slashes + 2 : end;
    tskl_place place = place_of(slice(host, end));
    if (named) place = choose(place, head->host);
    // OPTIONS * asks about the server as a whole, which has no path.
    tskl_slice path = head->target.ptr[0] == '/' ? head->target : (tskl_slice){"/", 1};

    size_t length = (size_t)(host - origin.ptr) + place.name.len + place.port.len + path.len;
    if (length > text->capacity) {
        char *grown = realloc(text->ptr, length);
        if (!grown) return (tskl_slice){0};
        *text = (tskl_text){grown, length};
    }
    put(put(put(put(text->ptr, slice(origin.ptr, host)), place.name), place.port), path);
    return (tskl_slice){text->ptr, length};
}
