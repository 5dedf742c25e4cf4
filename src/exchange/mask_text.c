// Text of any kind: what is a secret there by its shape or by a name that stands before it. Each
// byte is looked at a few times at most, however hostile the text is.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

enum { KEY_MIN = 20 };

static bool is_among(char c, const char *bytes) {
    return c && strchr(bytes, c);
}

// What a byte may be a part of.
enum { ALNUM = 1, WORD = 2, NO_URL = 4 };
#define AN (ALNUM | WORD)
static const unsigned char classes[256] = {
    // clang-format off
    ['0'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
    ['A'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
            AN, AN, AN, AN,
    ['a'] = AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN, AN,
            AN, AN, AN, AN,
    ['_'] = WORD, ['-'] = WORD, ['.'] = WORD,
    ['"'] = NO_URL, ['<'] = NO_URL, ['>'] = NO_URL, ['\\'] = NO_URL, ['^'] = NO_URL,
    ['`'] = NO_URL, ['{'] = NO_URL, ['|'] = NO_URL, ['}'] = NO_URL, ['\''] = NO_URL,
    // clang-format on
};
#undef AN

static bool is_of(char c, unsigned wanted) {
    return classes[(unsigned char)c] & wanted;
}

static bool is_alnum(char c) {
    return is_of(c, ALNUM);
}

static bool is_word(char c) {
    return is_of(c, WORD);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Compared all at once, by whatever the processor has for that.
typedef signed char block __attribute__((vector_size(16)));

static bool any(block found) {
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return halves[0] | halves[1];
}

// Where the word ends that `at` lies in. Pictures in base64 are very long ones.
static size_t word_end(tskl_slice text, size_t at) {
    for (; text.len - at >= sizeof(block); at += sizeof(block)) {
        block bytes;
        memcpy(&bytes, text.ptr + at, sizeof bytes);
        block small = bytes | 0x20;
        block is = ((small >= 'a') & (small <= 'z')) | ((bytes >= '0') & (bytes <= '9')) |
                   (bytes == '_') | (bytes == '-') | (bytes == '.');
        if (any(~is)) break;
    }
    while (at < text.len && is_word(text.ptr[at])) at++;
    return at;
}

static tskl_slice between(tskl_slice text, size_t start, size_t end) {
    return tskl_slice_from(tskl_slice_first(text, end), start);
}

// How much of a word at `start` belongs to an escape before it: the "n" of "\nAKIA", the "22" of
// "%22AKIA".
static size_t escape_length(tskl_slice text, size_t start) {
    char before = start ? text.ptr[start - 1] : 0;
    if (before == '%') return 2;
    if (before != '\\') return 0;
    return text.ptr[start] == 'u' ? 5 : 1;
}

static bool follows(tskl_slice text, size_t start, tskl_slice wanted) {
    return start >= wanted.len &&
           tskl_slice_starts_nocase(between(text, start - wanted.len, start), wanted);
}

// "123456789:AA...": a bot of Telegram.
static bool is_bot_token(tskl_slice text, size_t start, tskl_slice word) {
    if (word.len != 35 || start < 7 || text.ptr[start - 1] != ':') return false;
    for (size_t i = start - 7; i < start - 1; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    return tskl_mask_is_opaque(word, true);
}

// The secret in the word [start, end), or empty.
static tskl_slice key_in(tskl_slice text, size_t start, size_t end) {
    start += escape_length(text, start);
    while (end > start && text.ptr[end - 1] == '.') end--;
    tskl_slice word = between(text, start, end), key = tskl_mask_key(word);
    if (key.len) return key;
    bool bearer =
        follows(text, start, TSKL_S("bearer ")) || follows(text, start, TSKL_S("bearer%20"));
    if (bearer && tskl_mask_is_opaque(word, false)) return word;
    return is_bot_token(text, start, word) ? word : (tskl_slice){NULL, 0};
}

// A key has 20 bytes, and most words are shorter: what ends before the twentieth byte from here is
// passed by without a look at the bytes before it.
void tskl_masker_keys(tskl_masker *masker, tskl_slice text) {
    for (size_t at = 0; at + KEY_MIN <= text.len;) {
        size_t start = at + KEY_MIN;
        while (start > at && is_word(text.ptr[start - 1])) start--;
        if (start > at) {
            at = start;
            continue;
        }
        size_t end = word_end(text, at + KEY_MIN);
        tskl_slice key = key_in(text, start, end);
        if (key.len) tskl_masker_hide(masker, key, key, false);
        at = end;
    }
}

static bool has_mark(const char *from) {
    block bytes;
    memcpy(&bytes, from, sizeof bytes);
    return any((bytes >= ':') & (bytes <= '?'));
}

// One of the bytes ":;<=>?" that a URL, a query or a name ends with; the length where there is
// none.
static size_t next_mark(tskl_slice text, size_t at) {
    for (; text.len - at >= sizeof(block); at += sizeof(block))
        if (has_mark(text.ptr + at)) break;
    bool none = text.len - at < sizeof(block) && text.len >= sizeof(block) &&
                !has_mark(text.ptr + text.len - sizeof(block));
    if (none) return text.len;
    while (at < text.len && !(text.ptr[at] >= ':' && text.ptr[at] <= '?')) at++;
    return at;
}

/** What stands around a mark, and is hidden or read in its own way. */
typedef struct find {
    enum { NOTHING, URL, PAIRS, VALUE, LIST } kind;
    tskl_slice part, plain;
    bool quoted;
} find;

// Where a URL or query ends that stands in a sentence.
static size_t end_of_url(tskl_slice text, size_t at) {
    while (at < text.len && (unsigned char)text.ptr[at] > ' ' && !is_of(text.ptr[at], NO_URL)) at++;
    while (at > 0 && is_among(text.ptr[at - 1], ".,;:!)]")) at--;
    return at;
}

// "scheme://..." around the ':' at `at`. What stands before `from` is dealt with.
static find url_around(tskl_slice text, size_t at, size_t from) {
    find found = {.kind = NOTHING};
    if (!tskl_slice_starts(tskl_slice_from(text, at), TSKL_S("://"))) return found;
    size_t start = at;
    while (start > from && (is_alnum(text.ptr[start - 1]) || is_among(text.ptr[start - 1], "+-.")))
        start--;
    while (start < at && !is_alnum(text.ptr[start])) start++;
    if (start == at) return found;
    size_t end = end_of_url(text, at + 3);
    return end > at + 3 ? (find){URL, between(text, start, end), {0}, false} : found;
}

// The pairs behind a '?' that is no full URL's: "/path?token=x".
static find query_behind(tskl_slice text, size_t at) {
    size_t start = at + 1, end = start;
    while (end < text.len && (is_word(text.ptr[end]) || is_among(text.ptr[end], "%[]+$"))) end++;
    if (end == start || end == text.len || text.ptr[end] != '=') return (find){.kind = NOTHING};
    return (find){PAIRS, between(text, start, end_of_url(text, end + 1)), {0}, false};
}

/** A name before a ':' or '='. */
typedef struct named {
    tskl_slice name;
    size_t start; // of the name, or of its quote
    bool quoted;
} named;

static bool is_quote(char c) {
    return c == '"' || c == '\'' || c == '`';
}

static named name_before(tskl_slice text, size_t at, size_t from, bool document) {
    while (document && at > from && is_blank(text.ptr[at - 1])) at--;
    bool quoted = at > from && is_quote(text.ptr[at - 1]);
    size_t end = at - quoted, start = end;
    while (start > from && (is_word(text.ptr[start - 1]) || is_among(text.ptr[start - 1], "[]$")))
        start--;
    if (quoted && (start == 0 || text.ptr[start - 1] != text.ptr[end])) start = end;
    return (named){between(text, start, end), start - (quoted && start < end), quoted};
}

static bool user_names(const tskl_masker *masker, tskl_slice name) {
    const tskl_mask_rules *rules = masker->rules;
    for (size_t i = 0; rules && name.len && i < rules->json_count; i++) {
        const tskl_json_path *path = &rules->json[i];
        const tskl_json_step *last = path->count ? &path->steps[path->count - 1] : NULL;
        if (last && last->kind == TSKL_STEP_NAME && tskl_slice_equal(last->name, name)) return true;
    }
    return false;
}

// A string at the beginning of `text` with its quotes, the last of which may be cut off.
static tskl_slice take_string(tskl_slice text) {
    size_t i = 1;
    for (; i < text.len && text.ptr[i] != text.ptr[0]; i++)
        if (text.ptr[i] == '\\') i++;
    return tskl_slice_first(text, i + 1);
}

static tskl_slice without_quotes(tskl_slice string) {
    char quote = string.ptr[0];
    string = tskl_slice_from(string, 1);
    if (string.len && string.ptr[string.len - 1] == quote) string.len--;
    return string;
}

static size_t number_length(tskl_slice text) {
    size_t i = 0;
    while (i < text.len && is_among(text.ptr[i], "0123456789+-.eE")) i++;
    return i;
}

static size_t before_blanks(tskl_slice text, size_t at) {
    while (at > 0 && is_blank(text.ptr[at - 1])) at--;
    return at;
}

// A name that begins its line, perhaps as an entry of a list or behind "export". `*flow`: of
// "{a: b, c: d}" instead.
static bool begins_line(tskl_slice text, size_t start, bool *flow) {
    start = before_blanks(text, start);
    *flow = start > 0 && is_among(text.ptr[start - 1], "{,");
    if (*flow) return true;
    if (follows(text, start, TSKL_S("-"))) start = before_blanks(text, start - 1);
    if (follows(text, start, TSKL_S("export"))) start = before_blanks(text, start - 6);
    return start == 0 || is_among(text.ptr[start - 1], "\n\r");
}

static tskl_slice up_to(tskl_slice rest, const char *ends) {
    size_t end = 0;
    while (end < rest.len && !is_among(rest.ptr[end], ends)) end++;
    return tskl_slice_first(rest, end);
}

// The value behind a ':' or '=' that has no quotes, or empty.
static tskl_slice bare_behind(tskl_slice text, size_t at, const named *n, tskl_slice rest,
                              bool document) {
    bool flow = false, line = document && begins_line(text, n->start, &flow);
    if (n->quoted) return tskl_slice_first(rest, text.ptr[at] == ':' ? number_length(rest) : 0);
    if (line && rest.len && is_among(rest.ptr[0], "|>{[&*!")) return tskl_slice_first(rest, 0);
    if (line) {
        tskl_slice value = up_to(rest, flow ? "\r\n,{}" : "\r\n");
        return tskl_slice_trim(tskl_slice_first(value, tskl_slice_search(value, TSKL_S(" #"))));
    }
    if (text.ptr[at] == ':') return tskl_slice_first(rest, 0);
    return up_to(rest, " \t\r\n&;,\"'`<>(){}[]|\\");
}

// "a=b=c": the first piece is judged, so that no byte is looked at for each '=' before it.
static tskl_slice first_piece(tskl_slice bare) {
    size_t equals = tskl_slice_find(bare, '=');
    return tskl_slice_first(bare, equals);
}

static bool is_number(tskl_slice plain) {
    return plain.len && number_length(plain) == plain.len;
}

// What a text says of the value behind a name: `code` is a reason, and `token` a word unless it
// looks like one.
static unsigned places_of(tskl_slice name) {
    unsigned places = tskl_mask_places(name);
    return places & TSKL_MASK_OAUTH ? places & TSKL_MASK_IF_OPAQUE(TSKL_MASK_MEMBER) : places;
}

static bool is_hidden(const tskl_masker *masker, tskl_slice name, tskl_slice plain, bool bare) {
    if (tskl_mask_is_no_value(plain)) return false;
    if (user_names(masker, name)) return true;
    unsigned places = places_of(name);
    if (bare && is_number(plain) && !(places & TSKL_MASK_NUMBERS)) return false;
    return tskl_mask_judges(places, TSKL_MASK_MEMBER, plain);
}

static bool may_be_hidden(const tskl_masker *masker, tskl_slice name) {
    return tskl_mask_places(name) || user_names(masker, name);
}

// What follows a mark, from its value on. Only a quoted name's value may stand in another line.
static tskl_slice behind_mark(tskl_slice text, size_t at, bool quoted) {
    tskl_slice rest = tskl_slice_from(text, at + 1);
    if (text.ptr[at] == '=' && tskl_slice_starts(rest, TSKL_S(">")))
        rest = tskl_slice_from(rest, 1); // Ruby
    size_t blanks = 0;
    while (blanks < rest.len && is_among(rest.ptr[blanks], quoted ? " \t\r\n" : " \t")) blanks++;
    return tskl_slice_from(rest, blanks);
}

// In a sentence, "password: too short" tells of one; `password: "x"` and "password=x" are ones.
static bool shows_value(tskl_slice text, size_t at, bool document) {
    tskl_slice rest = tskl_slice_from(text, at + 1);
    if (document) return true;
    if (text.ptr[at] == '=') return rest.len && !is_blank(rest.ptr[0]);
    rest = behind_mark(text, at, false);
    return rest.len && is_quote(rest.ptr[0]);
}

// The value of the name that stands before the mark at `at`.
static find value_around(const tskl_masker *masker, tskl_slice text, size_t at, size_t from,
                         bool document) {
    find found = {.kind = NOTHING};
    if (!shows_value(text, at, document)) return found;
    named n = name_before(text, at, from, document);
    if (n.name.len == 0 || !may_be_hidden(masker, n.name)) return found;
    tskl_slice rest = behind_mark(text, at, n.quoted);
    char first = rest.len ? rest.ptr[0] : 0;
    if (first == '[' && n.quoted) return (find){LIST, rest, n.name, false};
    if (!is_quote(first)) {
        found.part = bare_behind(text, at, &n, rest, document);
        found.plain = first_piece(found.part);
        found.quoted = n.quoted;
        if (is_hidden(masker, n.name, found.plain, true)) found.kind = VALUE;
        found.plain = found.part;
        return found;
    }
    found.part = take_string(rest);
    found.plain = without_quotes(found.part);
    found.quoted = first == '"';
    if (!found.quoted) found.part = found.plain;
    if (is_hidden(masker, n.name, found.plain, false)) found.kind = VALUE;
    return found;
}

// `["a", "b"]` behind a name; how long it is.
static size_t hide_list(tskl_masker *masker, tskl_slice list, tskl_slice name) {
    size_t at = 1;
    while (at < list.len && !is_among(list.ptr[at], "]{}[:")) {
        if (!is_quote(list.ptr[at])) {
            at++;
            continue;
        }
        tskl_slice string = take_string(tskl_slice_from(list, at)), plain = without_quotes(string);
        if (is_hidden(masker, name, plain, false)) tskl_masker_hide(masker, plain, plain, false);
        at += string.len;
    }
    return at;
}

// Deals with what was found; where it ends in `text`.
static size_t take(tskl_masker *masker, tskl_slice text, const find *found) {
    size_t end = (size_t)(found->part.ptr - text.ptr) + found->part.len;
    switch (found->kind) {
    case URL: tskl_masker_url(masker, found->part); return end;
    case PAIRS: tskl_masker_pairs(masker, found->part, TSKL_MASK_QUERY); return end;
    case LIST: return end - found->part.len + hide_list(masker, found->part, found->plain);
    default: tskl_masker_hide(masker, found->part, found->plain, found->quoted); return end;
    }
}

static void scan(tskl_masker *masker, tskl_slice text, bool document) {
    size_t done = 0;
    for (size_t at = 0; (at = next_mark(text, at)) < text.len;) {
        char mark = text.ptr[at];
        find found = {.kind = NOTHING};
        if (mark == ':') found = url_around(text, at, done);
        if (mark == '?') found = query_behind(text, at);
        if (found.kind == NOTHING && (mark == ':' || mark == '='))
            found = value_around(masker, text, at, done, document);
        at++;
        if (found.kind == NOTHING) continue;
        tskl_masker_keys(masker, between(text, done, (size_t)(found.part.ptr - text.ptr)));
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
        bool in_word = at > 0 && is_alnum(text.ptr[at - 1]) && !follows(text, at - 1, TSKL_S("\\"));
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
    return inside.len && is_among(inside.ptr[0], text.ptr[0] == '{' ? "\"'" : "{[\"");
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
