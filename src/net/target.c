// SPDX-License-Identifier: Apache-2.0
#include "net/target.h"
#include "net/address.h"
#include <stdio.h>

enum { NAME_MAX_BYTES = 253, LABEL_MAX_BYTES = 63, LABEL_SHOWN = 100 };

static tskl_status fail(tskl_error *err, const char *what) {
    return tskl_fail(err, TSKL_ERR_INVALID, "%s", what);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_label_byte(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

static bool is_label(tskl_slice label) {
    for (size_t i = 0; i < label.len; i++)
        if (!is_label_byte(label.ptr[i])) return false;
    return label.len > 0 && label.len <= LABEL_MAX_BYTES;
}

// What ends in a number is an address, in one of the many forms that C libraries read: 127.1,
// 0x7f.0.0.1. Only the usual one is taken.
static bool ends_in_number(tskl_slice label) {
    bool digits = true;
    for (size_t i = 0; i < label.len; i++) digits = digits && is_digit(label.ptr[i]);
    return digits || tskl_slice_starts(label, TSKL_S("0x"));
}

static bool is_name(tskl_slice host) {
    tskl_slice label = {NULL, 0};
    if (host.len > NAME_MAX_BYTES) return false;
    while (host.len) {
        bool more = tskl_slice_contains(host, '.');
        label = tskl_slice_split(&host, '.');
        if (!is_label(label) || (more && host.len == 0)) return false;
    }
    return label.len > 0 && !ends_in_number(label);
}

static bool lower(tskl_arena *arena, tskl_slice *host) {
    char *copy = tskl_arena_cstr(arena, *host);
    if (!copy) return false;
    for (size_t i = 0; i < host->len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] + ('a' - 'A'));
    host->ptr = copy;
    return true;
}

// Cuts ":port" off. An empty one is none, as in "http://host:/".
static bool cut_port(tskl_slice *authority, uint16_t *port) {
    size_t at = authority->len;
    uint64_t number;
    while (at > 0 && is_digit(authority->ptr[at - 1])) at--;
    if (at == 0 || authority->ptr[at - 1] != ':') return true;
    tskl_slice digits = tskl_slice_from(*authority, at);
    *authority = tskl_slice_first(*authority, at - 1);
    if (digits.len == 0) return true;
    if (!tskl_slice_to_u64(digits, &number) || number == 0 || number > UINT16_MAX) return false;
    *port = (uint16_t)number;
    return true;
}

static tskl_status read_authority(tskl_slice authority, tskl_arena *arena, tskl_target *out,
                                  tskl_error *err) {
    out->port = out->secure ? 443 : 80;
    if (tskl_slice_contains(authority, '@')) return fail(err, "it has a user name or a password");
    if (!cut_port(&authority, &out->port)) return fail(err, "its port is none");
    // "api.example.com." is the same host, written from the root.
    if (authority.len > 1 && authority.ptr[authority.len - 1] == '.') authority.len--;
    out->host = authority;
    if (!lower(arena, &out->host)) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a URL");
    if (tskl_address_is_literal(out->host) || is_name(out->host)) return TSKL_OK;
    return fail(err, "its host is neither a name nor an address in its usual form");
}

// Spaces, controls, bytes past ASCII and what some readers take for a slash have to be encoded.
static bool is_plain(tskl_slice text) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        if (byte <= ' ' || byte >= 0x7f || strchr("\\\"<>^`{|}", byte)) return false;
    }
    return true;
}

static tskl_status write_anew(tskl_slice rest, tskl_arena *arena, tskl_target *out,
                              tskl_error *err) {
    const char *scheme = out->secure ? "https" : "http";
    bool usual = out->port == (out->secure ? 443 : 80);
    char port[8] = "";
    if (!usual) snprintf(port, sizeof port, ":%u", (unsigned)out->port);
    out->label = tskl_arena_printf(arena, "%s://" TSKL_FMT "%s", scheme,
                                   TSKL_ARG(tskl_slice_first(out->host, LABEL_SHOWN)), port);
    out->url = tskl_arena_printf(
        arena, "%s://" TSKL_FMT ":%u%s%.*s", scheme, TSKL_ARG(out->host), (unsigned)out->port,
        tskl_slice_starts(rest, TSKL_S("/")) ? "" : "/", (int)rest.len, rest.len ? rest.ptr : "");
    if (out->url && out->label) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a URL");
}

static size_t find_any(tskl_slice text, const char *bytes) {
    size_t at = 0;
    while (at < text.len && !strchr(bytes, text.ptr[at])) at++;
    return at;
}

static tskl_status parse(tskl_slice url, tskl_arena *arena, tskl_target *out, tskl_error *err) {
    if (url.len > TSKL_TARGET_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "it has more than %d bytes", TSKL_TARGET_MAX);
    if (!is_plain(url)) return fail(err, "it has a byte that has to be %-encoded");
    out->secure = tskl_slice_starts_nocase(url, TSKL_S("https://"));
    if (!out->secure && !tskl_slice_starts_nocase(url, TSKL_S("http://")))
        return fail(err, "only http:// and https:// are called");
    tskl_slice rest = tskl_slice_from(url, out->secure ? 8 : 7);
    tskl_slice authority = tskl_slice_first(rest, find_any(rest, "/?#"));
    TSKL_TRY(read_authority(authority, arena, out, err));
    rest = tskl_slice_from(rest, find_any(rest, "/?#"));
    rest = tskl_slice_first(rest, find_any(rest, "#"));
    return write_anew(rest, arena, out, err);
}

tskl_status tskl_target_parse(tskl_slice url, tskl_arena *arena, tskl_target *out,
                              tskl_error *err) {
    *out = (tskl_target){0};
    tskl_status status = parse(url, arena, out, err);
    if (status) *out = (tskl_target){0};
    return status;
}
