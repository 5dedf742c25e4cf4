// SPDX-License-Identifier: Apache-2.0
#include "exchange/url.h"

// The index of the first byte that is one of `bytes`, or the length.
static size_t find_any(tskl_slice s, const char *bytes) {
    for (; *bytes; bytes++) s = tskl_slice_first(s, tskl_slice_find(s, *bytes));
    return s.len;
}

static bool is_scheme(tskl_slice s) {
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && !(i > 0 && later)) return false;
    }
    return s.len > 0;
}

static uint16_t default_port(tskl_slice scheme) {
    bool secure = tskl_slice_equal_nocase(scheme, TSKL_S("https")) ||
                  tskl_slice_equal_nocase(scheme, TSKL_S("wss"));
    return secure ? 443 : 80;
}

// A password may hold an unescaped '@': the last one ends the userinfo.
static tskl_slice take_userinfo(tskl_slice *authority) {
    size_t at = authority->len;
    while (at > 0 && authority->ptr[at - 1] != '@') at--;
    tskl_slice userinfo = tskl_slice_first(*authority, at ? at - 1 : 0);
    *authority = tskl_slice_from(*authority, at);
    return userinfo;
}

static void read_host_and_port(tskl_slice authority, tskl_url *url) {
    size_t colon = authority.len;
    while (colon > 0 && authority.ptr[colon - 1] != ':' && authority.ptr[colon - 1] != ']') colon--;
    bool has_colon = colon > 0 && authority.ptr[colon - 1] == ':';
    url->host = has_colon ? tskl_slice_first(authority, colon - 1) : authority;
    uint64_t port = 0;
    if (has_colon) tskl_slice_to_u64(tskl_slice_from(authority, colon), &port);
    url->port = port > 0 && port <= UINT16_MAX ? (uint16_t)port : default_port(url->scheme);
    if (url->host.len == 0) url->port = 0;
}

static tskl_slice read_authority(tskl_slice text, tskl_url *url) {
    size_t separator = tskl_slice_search(text, TSKL_S("://"));
    if (separator == SIZE_MAX || !is_scheme(tskl_slice_first(text, separator))) return text;
    url->scheme = tskl_slice_first(text, separator);
    text = tskl_slice_from(text, separator + 3);
    tskl_slice authority = tskl_slice_first(text, find_any(text, "/?#"));
    text = tskl_slice_from(text, authority.len);
    url->userinfo = take_userinfo(&authority);
    read_host_and_port(authority, url);
    return text;
}

tskl_url tskl_url_parse(tskl_slice text) {
    tskl_url url = {.port = 0};
    tskl_slice rest = read_authority(text, &url);
    size_t hash = find_any(rest, "#");
    url.fragment = tskl_slice_from(rest, hash);
    rest = tskl_slice_first(rest, hash);
    size_t mark = find_any(rest, "?");
    url.path = tskl_slice_first(rest, mark);
    url.query = tskl_slice_from(rest, mark + 1);
    return url;
}
