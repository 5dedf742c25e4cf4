// Text of any kind: what is a secret there by its shape or by a name that stands before it. Each
// byte is looked at a few times at most, however hostile the text is.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask_text.h"

static bool has_mark(const char *from) {
    tskl_block bytes;
    memcpy(&bytes, from, sizeof bytes);
    return tskl_block_any((bytes >= ':') & (bytes <= '?'));
}

// One of the bytes ":;<=>?" that a TSKL_FIND_URL, a query or a name ends with; the length where
// there is none.
static size_t next_mark(tskl_slice text, size_t at) {
    for (; text.len - at >= sizeof(tskl_block); at += sizeof(tskl_block))
        if (has_mark(text.ptr + at)) break;
    bool none = text.len - at < sizeof(tskl_block) && text.len >= sizeof(tskl_block) &&
                !has_mark(text.ptr + text.len - sizeof(tskl_block));
    if (none) return text.len;
    while (at < text.len && !(text.ptr[at] >= ':' && text.ptr[at] <= '?')) at++;
    return at;
}

// Where a TSKL_FIND_URL or query ends that stands in a sentence.
static size_t end_of_url(tskl_slice text, size_t at) {
    while (at < text.len && (unsigned char)text.ptr[at] > ' ' &&
           !tskl_byte_is(text.ptr[at], TSKL_NO_URL))
        at++;
    while (at > 0 && tskl_byte_among(text.ptr[at - 1], ".,;:!)]")) at--;
    return at;
}

// "scheme://..." around the ':' at `at`. What stands before `from` is dealt with.
static tskl_find url_around(tskl_slice text, size_t at, size_t from) {
    tskl_find found = {.kind = TSKL_FIND_NOTHING};
    if (!tskl_slice_starts(tskl_slice_from(text, at), TSKL_S("://"))) return found;
    size_t start = at;
    while (start > from && (tskl_byte_is(text.ptr[start - 1], TSKL_ALNUM) ||
                            tskl_byte_among(text.ptr[start - 1], "+-.")))
        start--;
    while (start < at && !tskl_byte_is(text.ptr[start], TSKL_ALNUM)) start++;
    if (start == at) return found;
    size_t end = end_of_url(text, at + 3);
    return end > at + 3
               ? (tskl_find){TSKL_FIND_URL, tskl_slice_between(text, start, end), {0}, false}
               : found;
}

// The pairs behind a '?' that is no full URL's: "/path?token=x".
static tskl_find query_behind(tskl_slice text, size_t at) {
    size_t start = at + 1, end = start;
    while (end < text.len &&
           (tskl_byte_is(text.ptr[end], TSKL_WORD) || tskl_byte_among(text.ptr[end], "%[]+$")))
        end++;
    if (end == start || end == text.len || text.ptr[end] != '=')
        return (tskl_find){.kind = TSKL_FIND_NOTHING};
    return (tskl_find){
        TSKL_FIND_PAIRS, tskl_slice_between(text, start, end_of_url(text, end + 1)), {0}, false};
}

// Deals with what was found; where it ends in `text`.
static size_t take(tskl_masker *masker, tskl_slice text, const tskl_find *found) {
    size_t end = (size_t)(found->part.ptr - text.ptr) + found->part.len;
    switch (found->kind) {
    case TSKL_FIND_URL: tskl_masker_url(masker, found->part); return end;
    case TSKL_FIND_PAIRS: tskl_masker_pairs(masker, found->part, TSKL_MASK_QUERY); return end;
    case TSKL_FIND_LIST:
        return end - found->part.len + tskl_masker_list(masker, found->part, found->plain);
    default: tskl_masker_hide(masker, found->part, found->plain, found->quoted); return end;
    }
}

static void scan(tskl_masker *masker, tskl_slice text, bool document) {
    size_t done = 0;
    for (size_t at = 0; (at = next_mark(text, at)) < text.len;) {
        char mark = text.ptr[at];
        tskl_find found = {.kind = TSKL_FIND_NOTHING};
        if (mark == ':') found = url_around(text, at, done);
        if (mark == '?') found = query_behind(text, at);
        if (found.kind == TSKL_FIND_NOTHING && (mark == ':' || mark == '='))
            found = tskl_find_value(masker, text, at, done, document);
        at++;
        if (found.kind == TSKL_FIND_NOTHING) continue;
        tskl_masker_keys(masker,
                         tskl_slice_between(text, done, (size_t)(found.part.ptr - text.ptr)));
        done = at = take(masker, text, &found);
    }
    tskl_masker_keys(masker, tskl_slice_from(text, done));
}

// Where a private key in lines begins, as files have it: behind "-----BEGIN ... PRIVATE KEY-----".
static size_t private_key(tskl_slice text) {
    enum { SHORTEST = 64, LABEL_MAX = 64 };
    const tskl_slice begin = TSKL_S("-----BEGIN "), end = TSKL_S("-----");
    for (size_t at = 0; text.len >= SHORTEST && at < text.len; at++) {
        size_t dash = tskl_slice_find(tskl_slice_from(text, at), '-');
        if (dash == SIZE_MAX) break;
        at += dash;
        bool in_word = at > 0 && tskl_byte_is(text.ptr[at - 1], TSKL_ALNUM) &&
                       !tskl_slice_stands_before(text, at - 1, TSKL_S("\\"));
        if (in_word || !tskl_slice_starts(tskl_slice_from(text, at), begin)) continue;
        tskl_slice label = tskl_slice_first(tskl_slice_from(text, at + begin.len), LABEL_MAX);
        size_t length = tskl_slice_search(label, end);
        if (length == SIZE_MAX) continue;
        if (tskl_slice_search(tskl_slice_first(label, length), TSKL_S("PRIVATE KEY")) != SIZE_MAX)
            return at + begin.len + length + end.len;
    }
    return SIZE_MAX;
}

static void read_text(tskl_masker *masker, tskl_slice text, bool document) {
    for (size_t at; (at = private_key(text)) != SIZE_MAX && !masker->edits.failed;) {
        scan(masker, tskl_slice_first(text, at), document);
        text = tskl_slice_from(text, at);
        tskl_slice key = tskl_slice_first(text, tskl_slice_search(text, TSKL_S("-----")));
        text = tskl_slice_from(text, key.len);
        key = tskl_slice_trim(key);
        bool masked = tskl_slice_contains(key, '*');
        if (key.len > TSKL_SECRET_MIN && !masked) tskl_masker_hide(masker, key, key, false);
    }
    if (!masker->edits.failed) scan(masker, text, document);
}

// "{" and "[" begin sentences as well: what follows shows it.
static bool is_json(tskl_slice text) {
    if (!tskl_mask_begins_as_json(text)) return false;
    text = tskl_slice_trim(text);
    tskl_slice inside = tskl_slice_trim(tskl_slice_from(text, 1));
    return inside.len && tskl_byte_among(inside.ptr[0], text.ptr[0] == '{' ? "\"'" : "{[\"");
}

static void read_plain(tskl_masker *masker, tskl_slice text) {
    read_text(masker, text, false);
}

void tskl_masker_text(tskl_masker *masker, tskl_slice text) {
    if (is_json(text))
        tskl_masker_inside(masker, text, TSKL_ESCAPES_NONE, tskl_masker_json);
    else if (tskl_slice_contains(text, '%') && next_mark(text, 0) == text.len)
        tskl_masker_inside(masker, text, TSKL_ESCAPES_PERCENT, read_plain); // encoded twice
    else
        read_plain(masker, text);
}

void tskl_masker_document(tskl_masker *masker, tskl_slice text) {
    read_text(masker, text, true);
}

void tskl_masker_string(tskl_masker *masker, tskl_slice inside) {
    enum { SHORTEST = 6, FILE_MIN = 64 }; // "?key=1"; a private key
    if (inside.len < SHORTEST) return;
    bool json = inside.ptr[0] == '{' || inside.ptr[0] == '[' || inside.ptr[0] <= ' ';
    bool marked = next_mark(inside, 0) < inside.len || json;
    if (!marked && inside.len < FILE_MIN)
        tskl_masker_keys(masker, inside);
    else if (marked && tskl_slice_contains(inside, '\\'))
        tskl_masker_inside(masker, inside, TSKL_ESCAPES_JSON, tskl_masker_text);
    else
        tskl_masker_text(masker, inside);
}
