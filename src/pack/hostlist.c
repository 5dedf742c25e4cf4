// Which hosts a list of patterns takes: reading it, and asking it pattern by pattern.
// SPDX-License-Identifier: Apache-2.0
#include "pack/hostlist.h"

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
    if (!items) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading %zu hosts)", count);
    for (size_t i = 0; i < count; i++) {
        const char *problem = problem_of(patterns[i]);
        if (problem)
            return tskl_fail(err, TSKL_ERR_INVALID, "host %zu, \"" TSKL_FMT "\", %s", i + 1,
                             TSKL_ARG(tskl_slice_first(patterns[i], 80)), problem);
        if (!tskl_arena_copy(arena, patterns[i], &items[i]))
            return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading %zu hosts)", count);
    }
    *out = (tskl_hostlist){.items = items, .count = count};
    return TSKL_OK;
}

tskl_status tskl_hostlist_make_expressions(const tskl_slice *patterns, size_t count,
                                           tskl_arena *arena, tskl_hostlist *out, tskl_error *err) {
    *out = (tskl_hostlist){0};
    tskl_slice *items = tskl_arena_array(arena, tskl_slice, count);
    const tskl_hostpattern **read = tskl_arena_array(arena, const tskl_hostpattern *, count);
    for (size_t i = 0; items && read && i < count; i++) {
        tskl_status status = tskl_hostpattern_make(patterns[i], arena, &read[i], err);
        if (status) return tskl_context(err, status, "host %zu", i + 1);
        items[i] = tskl_slice_of(tskl_arena_printf(arena, "/" TSKL_FMT "/", TSKL_ARG(patterns[i])));
        if (!items[i].ptr) items = NULL;
    }
    if (!items || !read)
        return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading %zu hosts)", count);
    *out = (tskl_hostlist){.items = items, .count = count, .expressions = read};
    return TSKL_OK;
}

// "[::1]" as "::1": an address is the same with and without its brackets.
static tskl_slice without_brackets(tskl_slice host) {
    if (host.len < 2 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']') return host;
    return (tskl_slice){host.ptr + 1, host.len - 2};
}

tskl_slice tskl_hostlist_plain(tskl_slice host) {
    // "api.stripe.com." is the same host, written from the root.
    if (host.len > 1 && host.ptr[host.len - 1] == '.') host.len--;
    return without_brackets(host);
}

bool tskl_hostlist_item(tskl_slice pattern, tskl_hostitem *out) {
    int port = cut_port(&pattern);
    *out = (tskl_hostitem){.form = TSKL_HOSTFORM_BELOW, .port = (uint16_t)port};
    if (port < 0) return false;
    if (tskl_slice_equal(pattern, TSKL_S("*"))) return true;
    if (tskl_slice_starts(pattern, TSKL_S("*."))) {
        out->name = tskl_slice_from(pattern, 2);
        return out->name.len > 0;
    }
    out->form = TSKL_HOSTFORM_NAME;
    out->name = without_brackets(pattern);
    return true;
}

static bool item_takes(const tskl_hostitem *item, tskl_slice host, uint16_t port) {
    tskl_slice name = item->name;
    if (item->port && item->port != port) return false;
    if (item->form == TSKL_HOSTFORM_NAME) return tskl_slice_equal_nocase(name, host);
    if (name.len == 0) return true;
    // The dot counts, or "*.stripe.com" would take "evilstripe.com".
    return host.len > name.len + 1 && host.ptr[host.len - name.len - 1] == '.' &&
           tskl_slice_equal_nocase(tskl_slice_last(host, name.len), name);
}

bool tskl_hostlist_has(const tskl_hostlist *list, tskl_slice host, uint16_t port) {
    host = tskl_hostlist_plain(host);
    for (size_t i = 0; i < list->count; i++) {
        tskl_hostitem item;
        size_t steps = SIZE_MAX;
        bool takes =
            list->expressions
                ? tskl_hostpattern_takes(list->expressions[i], host, &steps) == TSKL_HOSTPATTERN_YES
                : tskl_hostlist_item(list->items[i], &item) && item_takes(&item, host, port);
        if (takes) return true;
    }
    return false;
}

bool tskl_hostlist_names(const tskl_hostlist *list, tskl_slice host, uint16_t port) {
    for (size_t i = 0; i < list->count; i++) {
        tskl_slice pattern = list->items[i];
        if (cut_port(&pattern) == port && tskl_slice_equal_nocase(pattern, host)) return true;
    }
    return false;
}
