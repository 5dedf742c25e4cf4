// witness: how a Pack of the cases says what it was shown, so that two clients' records can differ
// in nothing that a Pack sees.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WITNESS_H
#define TSKL_WITNESS_H
#include "taskless_pdk.h"

enum { VALUE_MAX = 120, LINES_MAX = 1800 }; // bytes that are repeated; of more there is a digest

/** FNV-1a. */
static inline uint64_t witness_digest(uint64_t hash, const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

static const uint64_t witness_seed = 0xcbf29ce484222325u;

static inline void witness_put_digest(uint64_t hash, size_t count) {
    char hex[16];
    for (int i = 15; i >= 0; i--, hash >>= 4) hex[i] = "0123456789abcdef"[hash & 15];
    tskl_put_count(count);
    tskl_puts(" ");
    tskl_put(hex, sizeof hex);
}

/** Captures how long a value is, as JSON, and a digest of it. Nothing where it is absent. */
static inline void witness_capture_digest(const char *name, tskl_json value) {
    size_t count = (size_t)(tskl_skip(value.at) - value.at);
    if (!*value.at) return;
    tskl_put_name("", name);
    tskl_puts("\"");
    witness_put_digest(witness_digest(witness_seed, value.at, count), count);
    tskl_puts("\"");
}

/** What each client adds as it likes. */
static inline bool witness_is_own(tskl_json name) {
    static const char *const own[] = {"\"user-agent", "\"accept",   "\"connection",
                                      "\"host\"",     "\"x-case\"", "\"sec-fetch-mode\""};
    for (size_t i = 0; i < TSKL_COUNT(own); i++)
        if (tskl_starts(name.at, own[i])) return true;
    return false;
}

static inline void witness_put_string(tskl_json string) {
    size_t count = (size_t)(tskl_skip(string.at) - string.at);
    if (count < 2) return;
    if (count > VALUE_MAX)
        witness_put_digest(witness_digest(witness_seed, string.at, count), count);
    else
        tskl_put(string.at + 1, count - 2);
}

/** Of a body that is not there some clients say so, and some say nothing. */
static inline bool witness_is_nothing(const tskl_walk *header) {
    return tskl_is(header->name, "content-length") && tskl_is(header->value, "0");
}

/** Captures a list of headers as one text, "name: value; name: value". */
static inline void witness_capture_headers(const char *name, tskl_json headers) {
    tskl_put_name("", name);
    tskl_puts("\"");
    char *from = tskl_to;
    for (tskl_walk it = tskl_walk_of(headers); tskl_next(&it);) {
        if (witness_is_own(it.name) || witness_is_nothing(&it)) continue;
        if (tskl_to != from) tskl_puts("; ");
        witness_put_string(it.name);
        tskl_puts(": ");
        witness_put_string(it.value);
    }
    size_t count = (size_t)(tskl_to - from);
    if (count > LINES_MAX) {
        tskl_to = from;
        witness_put_digest(witness_digest(witness_seed, from, count), count);
    }
    tskl_puts("\"");
}

enum { W_REQUEST, W_METHOD, W_URL, W_DOMAIN, W_PATH, W_HEADERS, W_CASE, W_BODY, W_ASKED };
static const char *const witness_asked[W_ASKED] = {
    [W_REQUEST] = "request", [W_METHOD] = " method", [W_URL] = " url",
    [W_DOMAIN] = " domain",  [W_PATH] = " path",     [W_HEADERS] = " headers",
    [W_CASE] = "  x-case",   [W_BODY] = " body",
};

/** All that `pre` is shown. */
static inline void witness_ask(void) {
    tskl_json in[W_ASKED];
    tskl_input(witness_asked, in, W_ASKED);
    tskl_capture("case", in[W_CASE]);
    tskl_capture("asked.method", in[W_METHOD]);
    tskl_capture("asked.url", in[W_URL]);
    tskl_capture("asked.domain", in[W_DOMAIN]);
    tskl_capture("asked.path", in[W_PATH]);
    witness_capture_headers("asked.headers", in[W_HEADERS]);
    witness_capture_digest("asked.body", in[W_BODY]);
}

enum { W_RESPONSE, W_STATUS, W_FIELDS, W_CONTENT, W_ERROR, W_KIND, W_CUT, W_ANSWERED };
static const char *const witness_answered[W_ANSWERED] = {
    [W_RESPONSE] = "response", [W_STATUS] = " status", [W_FIELDS] = " headers",
    [W_CONTENT] = " body",     [W_ERROR] = "error",    [W_KIND] = " kind",
    [W_CUT] = "truncated",
};

/** What `post` is shown in `in`, but for the client's own words of an error. */
static inline void witness_answer(const tskl_json *in) {
    tskl_capture("answered.status", in[W_STATUS]);
    if (*in[W_RESPONSE].at) witness_capture_headers("answered.headers", in[W_FIELDS]);
    witness_capture_digest("answered.body", in[W_CONTENT]);
    tskl_capture("error.kind", in[W_KIND]);
    witness_capture_digest("truncated", in[W_CUT]);
}
#endif
