// What a name before it says of a value in plain text: `password: x`, PASSWORD=x, `"password": "x"`
// of JSON that is cut or wrong.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask_text.h"

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
    while (document && at > from && tskl_byte_is_blank(text.ptr[at - 1])) at--;
    bool quoted = at > from && is_quote(text.ptr[at - 1]);
    size_t end = at - quoted, start = end;
    while (start > from && (tskl_byte_is(text.ptr[start - 1], TSKL_WORD) ||
                            tskl_byte_among(text.ptr[start - 1], "[]$")))
        start--;
    if (quoted && (start == 0 || text.ptr[start - 1] != text.ptr[end])) start = end;
    return (named){tskl_slice_between(text, start, end), start - (quoted && start < end), quoted};
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
    while (i < text.len && tskl_byte_among(text.ptr[i], "0123456789+-.eE")) i++;
    return i;
}

static size_t before_blanks(tskl_slice text, size_t at) {
    while (at > 0 && tskl_byte_is_blank(text.ptr[at - 1])) at--;
    return at;
}

// A name that begins its line, perhaps as an entry of a list or behind "export". `*flow`: of
// "{a: b, c: d}" instead.
static bool begins_line(tskl_slice text, size_t start, bool *flow) {
    start = before_blanks(text, start);
    *flow = start > 0 && tskl_byte_among(text.ptr[start - 1], "{,");
    if (*flow) return true;
    if (tskl_slice_stands_before(text, start, TSKL_S("-"))) start = before_blanks(text, start - 1);
    if (tskl_slice_stands_before(text, start, TSKL_S("export")))
        start = before_blanks(text, start - 6);
    return start == 0 || tskl_byte_among(text.ptr[start - 1], "\n\r");
}

static tskl_slice up_to(tskl_slice rest, const char *ends) {
    size_t end = 0;
    while (end < rest.len && !tskl_byte_among(rest.ptr[end], ends)) end++;
    return tskl_slice_first(rest, end);
}

// The value behind a ':' or '=' that has no quotes, or empty. `piece`: only up to a '=' in it, so
// that no byte is looked at for each '=' before it.
static tskl_slice bare_value(tskl_slice text, size_t at, const named *n, tskl_slice rest,
                             bool document, bool piece) {
    bool flow = false, line = document && begins_line(text, n->start, &flow);
    if (n->quoted) return tskl_slice_first(rest, text.ptr[at] == ':' ? number_length(rest) : 0);
    if (line && rest.len && tskl_byte_among(rest.ptr[0], "|>{[&*!"))
        return tskl_slice_first(rest, 0);
    if (line) {
        tskl_slice value = up_to(rest, flow ? "\r\n,{}" : "\r\n");
        return tskl_slice_trim(tskl_slice_first(value, tskl_slice_search(value, TSKL_S(" #"))));
    }
    if (text.ptr[at] == ':') return tskl_slice_first(rest, 0);
    return up_to(rest, piece ? "= \t\r\n&;,\"'`<>(){}[]|\\" : " \t\r\n&;,\"'`<>(){}[]|\\");
}

static bool is_number(tskl_slice plain) {
    return plain.len && number_length(plain) == plain.len;
}

// What a text says of the value behind a name: `code` is a reason, and `token` a word unless it
// looks like one. What a user names is a secret whatever it is.
static unsigned places_of(const tskl_masker *masker, tskl_slice name) {
    if (user_names(masker, name)) return TSKL_MASK_MEMBER | TSKL_MASK_NUMBERS;
    unsigned places = tskl_masker_places(masker, name);
    return places & TSKL_MASK_OAUTH ? places & TSKL_MASK_IF_OPAQUE(TSKL_MASK_MEMBER) : places;
}

static bool is_hidden(unsigned places, tskl_slice plain, bool bare) {
    if (tskl_mask_is_no_value(plain)) return false;
    if (bare && is_number(plain) && !(places & TSKL_MASK_NUMBERS)) return false;
    return tskl_mask_judges(places, TSKL_MASK_MEMBER, plain);
}

// What follows a mark, from its value on. Only a quoted name's value may stand in another line.
static tskl_slice behind_mark(tskl_slice text, size_t at, bool quoted) {
    tskl_slice rest = tskl_slice_from(text, at + 1);
    if (text.ptr[at] == '=' && tskl_slice_starts(rest, TSKL_S(">")))
        rest = tskl_slice_from(rest, 1); // Ruby
    size_t blanks = 0;
    while (blanks < rest.len && tskl_byte_among(rest.ptr[blanks], quoted ? " \t\r\n" : " \t"))
        blanks++;
    return tskl_slice_from(rest, blanks);
}

// In a sentence, "password: too short" tells of one; `password: "x"` and "password=x" are ones.
static bool shows_value(tskl_slice text, size_t at, bool document) {
    tskl_slice rest = tskl_slice_from(text, at + 1);
    if (document) return true;
    if (text.ptr[at] == '=') return rest.len && !tskl_byte_is_blank(rest.ptr[0]);
    rest = behind_mark(text, at, false);
    return rest.len && is_quote(rest.ptr[0]);
}

static tskl_find quoted_value(tskl_slice rest, unsigned places) {
    tskl_slice string = take_string(rest), plain = without_quotes(string);
    bool json = rest.ptr[0] == '"'; // whose end may be cut off: then the quotes are written anew
    tskl_find found = {TSKL_FIND_NOTHING, json ? string : plain, plain, json};
    if (is_hidden(places, plain, false)) found.kind = TSKL_FIND_VALUE;
    return found;
}

tskl_find tskl_find_value(const tskl_masker *masker, tskl_slice text, size_t at, size_t from,
                          bool document) {
    tskl_find found = {.kind = TSKL_FIND_NOTHING};
    if (!shows_value(text, at, document)) return found;
    named n = name_before(text, at, from, document);
    unsigned places = n.name.len ? places_of(masker, n.name) : 0;
    if (!places) return found;
    tskl_slice rest = behind_mark(text, at, n.quoted);
    if (tskl_slice_starts(rest, TSKL_S("[")) && n.quoted)
        return (tskl_find){TSKL_FIND_LIST, rest, n.name, false};
    if (rest.len && is_quote(rest.ptr[0])) return quoted_value(rest, places);
    if (!is_hidden(places, bare_value(text, at, &n, rest, document, true), true)) return found;
    found.part = found.plain = bare_value(text, at, &n, rest, document, false);
    found.kind = TSKL_FIND_VALUE;
    found.quoted = n.quoted;
    return found;
}

size_t tskl_masker_list(tskl_masker *masker, tskl_slice list, tskl_slice name) {
    unsigned places = places_of(masker, name);
    size_t at = 1;
    while (at < list.len && !tskl_byte_among(list.ptr[at], "]{}[:")) {
        if (!is_quote(list.ptr[at])) {
            at++;
            continue;
        }
        tskl_slice string = take_string(tskl_slice_from(list, at)), plain = without_quotes(string);
        if (is_hidden(places, plain, false)) tskl_masker_hide(masker, plain, plain, false);
        at += string.len;
    }
    return at;
}
