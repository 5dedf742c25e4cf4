// Each part of an expression maps the set of places in the host where it may begin to the set of
// those where it may end. Nothing is compiled.
// SPDX-License-Identifier: Apache-2.0
#include "pack/naive_pattern.h"
#include <stdio.h>

typedef uint64_t ends; // a bit for each place in the host, 0 to its length

typedef struct reader {
    tskl_slice text, host;
    size_t at;
} reader;

uint32_t naive_next(uint32_t *seed, uint32_t end) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % end;
}

static void write_choice(uint32_t *seed, char **to, int depth);

static void write_atom(uint32_t *seed, char **to, int depth) {
    static const char *const atoms[] = {"a", "b", ".", "[ab]", "[^a]", "\\.", "b", "a"};
    static const char *const repeats[] = {"",  "",    "",      "*",     "+",
                                          "?", "{2}", "{1,2}", "{0,1}", "{1,}"};
    if (depth > 0 && naive_next(seed, 3) == 0) {
        *(*to)++ = '(';
        write_choice(seed, to, depth - 1);
        *(*to)++ = ')';
    } else {
        *to += sprintf(*to, "%s", atoms[naive_next(seed, 8)]);
    }
    *to += sprintf(*to, "%s", repeats[naive_next(seed, 10)]);
}

static void write_choice(uint32_t *seed, char **to, int depth) {
    uint32_t ways = 1 + naive_next(seed, 2);
    for (uint32_t i = 0; i < ways; i++) {
        if (i > 0) *(*to)++ = '|';
        for (uint32_t parts = 1 + naive_next(seed, 2); parts > 0; parts--)
            write_atom(seed, to, depth);
    }
}

tskl_slice naive_pattern_make(uint32_t *seed, char room[200]) {
    char *end = room;
    write_choice(seed, &end, 2);
    return (tskl_slice){room, (size_t)(end - room)};
}

static char peek(const reader *r) {
    return r->at < r->text.len ? r->text.ptr[r->at] : 0;
}

static ends choice(reader *r, ends from);

static ends take(const reader *r, ends from, const char *bytes, bool other) {
    ends to = 0;
    for (size_t i = 0; i < r->host.len; i++)
        if ((from >> i & 1) && (strchr(bytes, r->host.ptr[i]) != NULL) != other)
            to |= (ends)1 << (i + 1);
    return to;
}

static ends atom(reader *r, ends from) {
    char first = r->text.ptr[r->at++], byte[2] = {first, 0};
    if (first == '(') {
        ends to = choice(r, from);
        r->at++;
        return to;
    }
    if (first == '.') return take(r, from, "", true);
    if (first == '\\') {
        r->at++;
        return take(r, from, ".", false);
    }
    if (first != '[') return take(r, from, byte, false);
    bool other = peek(r) == '^';
    r->at += 3; // "ab]" or "^a]"
    return take(r, from, other ? "a" : "ab", other);
}

static void read_repeat(reader *r, int *least, int *most) {
    *least = *most = 1;
    switch (peek(r)) {
    case '*': *least = 0, *most = 99, r->at++; break;
    case '+': *most = 99, r->at++; break;
    case '?': *least = 0, r->at++; break;
    case '{':
        *least = *most = r->text.ptr[r->at + 1] - '0';
        if (r->text.ptr[r->at + 2] == ',') {
            char end = r->text.ptr[r->at + 3];
            *most = end == '}' ? 99 : end - '0';
        }
        while (r->text.ptr[r->at++] != '}') continue;
    }
}

static ends repeated(reader *r, ends from) {
    size_t start = r->at;
    int least, most;
    atom(r, 0); // to see what follows it
    size_t end_of_atom = r->at;
    read_repeat(r, &least, &most);
    size_t end = r->at;
    ends all = least == 0 ? from : 0;
    for (int i = 1; i <= most && from; i++) {
        r->at = start;
        from = atom(r, from);
        if (i >= least) all |= from;
        if (r->at != end_of_atom) return 0;
    }
    r->at = end;
    return all;
}

static ends choice(reader *r, ends from) {
    ends all = 0, now = from;
    while (peek(r) && peek(r) != ')') {
        if (peek(r) == '|') {
            r->at++;
            all |= now;
            now = from;
        }
        now = repeated(r, now);
    }
    return all | now;
}

bool naive_pattern_takes(tskl_slice pattern, tskl_slice host) {
    reader r = {.text = pattern, .host = host};
    return choice(&r, 1) >> host.len & 1;
}
