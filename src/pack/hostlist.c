// SPDX-License-Identifier: Apache-2.0
#include "pack/hostlist.h"
#include "pack/hostpattern.h"

enum { HOST_MAX = 253 };

static bool is_host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

static bool name_is_valid(tskl_slice name) {
    if (name.len == 0 || name.len > HOST_MAX) return false;
    char before = '.';
    for (size_t i = 0; i < name.len; before = name.ptr[i++])
        if (name.ptr[i] == '.' ? before == '.' : !is_host_byte(name.ptr[i])) return false;
    return before != '.';
}

static bool address_is_valid(tskl_slice address) {
    if (address.len < 4 || address.ptr[address.len - 1] != ']') return false;
    for (size_t i = 1; i + 1 < address.len; i++)
        if (!strchr("0123456789abcdefABCDEF:.", address.ptr[i]) || !address.ptr[i]) return false;
    return true;
}

// Cuts ":port" off; 0 where there is none, and -1 where it is no port.
static int cut_port(tskl_slice *pattern) {
    tskl_slice text = *pattern;
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] >= '0' && text.ptr[at - 1] <= '9') at--;
    if (at == 0 || text.ptr[at - 1] != ':' || text.ptr[text.len - 1] == ']') return 0;
    uint64_t port;
    *pattern = tskl_slice_first(text, at - 1);
    if (!tskl_slice_to_u64(tskl_slice_from(text, at), &port) || port == 0 || port > UINT16_MAX)
        return -1;
    return (int)port;
}

static const char *problem_of(tskl_slice pattern) {
    if (tskl_slice_search(pattern, TSKL_S("://")) != SIZE_MAX)
        return "is a URL: only its host is meant";
    if (cut_port(&pattern) < 0) return "has no valid port";
    if (tskl_slice_equal(pattern, TSKL_S("*"))) return NULL;
    if (tskl_slice_starts(pattern, TSKL_S("["))) {
        return address_is_valid(pattern) ? NULL : "is not an address";
    }
    if (tskl_slice_starts(pattern, TSKL_S("*."))) pattern = tskl_slice_from(pattern, 2);
    if (tskl_slice_contains(pattern, '*')) return "has a '*' other than as its first label";
    return name_is_valid(pattern) ? NULL : "is not a host";
}

tskl_status tskl_hostlist_make(const tskl_slice *patterns, size_t count, tskl_arena *arena,
                               tskl_hostlist *out, tskl_error *err) {
    *out = (tskl_hostlist){0};
    tskl_slice *items = tskl_arena_array(arena, tskl_slice, count);
    if (!items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu hosts", count);
    for (size_t i = 0; i < count; i++) {
        const char *problem = problem_of(patterns[i]);
        if (problem)
            return tskl_fail(err, TSKL_ERR_INVALID, "host %zu, \"" TSKL_FMT "\", %s", i + 1,
                             TSKL_ARG(tskl_slice_first(patterns[i], 80)), problem);
        if (!tskl_arena_copy(arena, patterns[i], &items[i]))
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu hosts", count);
    }
    *out = (tskl_hostlist){.items = items, .count = count};
    return TSKL_OK;
}

// "[::1]" as "::1": an address is the same with and without its brackets.
static tskl_slice without_brackets(tskl_slice host) {
    if (host.len < 2 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']') return host;
    return (tskl_slice){host.ptr + 1, host.len - 2};
}

static bool pattern_takes(tskl_slice pattern, tskl_slice host, uint16_t port) {
    if (tskl_slice_starts(pattern, TSKL_S("/")))
        return tskl_hostpattern_takes(tskl_slice_make(pattern.ptr + 1, pattern.len - 2), host);
    int wanted = cut_port(&pattern);
    if (wanted && wanted != port) return false;
    if (tskl_slice_equal(pattern, TSKL_S("*"))) return true;
    if (!tskl_slice_starts(pattern, TSKL_S("*.")))
        return tskl_slice_equal_nocase(without_brackets(pattern), host);
    // The suffix keeps its dot, or "*.stripe.com" would take "evilstripe.com".
    tskl_slice suffix = tskl_slice_from(pattern, 1);
    return host.len > suffix.len &&
           tskl_slice_equal_nocase(tskl_slice_last(host, suffix.len), suffix);
}

bool tskl_hostlist_has(const tskl_hostlist *list, tskl_slice host, uint16_t port) {
    // "api.stripe.com." is the same host, written from the root.
    if (host.len > 1 && host.ptr[host.len - 1] == '.') host.len--;
    host = without_brackets(host);
    for (size_t i = 0; i < list->count; i++)
        if (pattern_takes(list->items[i], host, port)) return true;
    return false;
}

bool tskl_hostlist_names(const tskl_hostlist *list, tskl_slice host, uint16_t port) {
    for (size_t i = 0; i < list->count; i++) {
        tskl_slice pattern = list->items[i];
        if (cut_port(&pattern) == port && tskl_slice_equal_nocase(pattern, host)) return true;
    }
    return false;
}
