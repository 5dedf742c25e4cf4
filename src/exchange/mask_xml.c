// XML and HTML, read only as far as names, attributes and the text behind them: what is neither
// stays.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

enum { LEVELS = 32 }; // deeper elements have no parent: an attacker gains nothing

typedef struct walk {
    tskl_masker *masker;
    bool html;
    size_t depth;
    unsigned places[LEVELS]; // of the open elements' names
    unsigned said;           // by the text of <name> or <key>, for the value that follows
    tskl_slice name;         // of the innermost element, empty behind an end tag
} walk;

static bool is_blank(char c) {
    return c && strchr(" \t\r\n", c);
}

static bool is_among(tskl_slice name, const tskl_slice *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (tskl_slice_equal_nocase(name, words[i])) return true;
    return false;
}

static bool is_name(tskl_slice name) {
    static const tskl_slice words[] = {TSKL_LIT("name"),  TSKL_LIT("key"),      TSKL_LIT("field"),
                                       TSKL_LIT("param"), TSKL_LIT("property"), TSKL_LIT("id")};
    return is_among(name, words, TSKL_COUNT(words));
}

static bool is_value(tskl_slice name) {
    static const tskl_slice words[] = {TSKL_LIT("value"), TSKL_LIT("string"), TSKL_LIT("content"),
                                       TSKL_LIT("text"),  TSKL_LIT("data"),   TSKL_LIT("val")};
    return is_among(name, words, TSKL_COUNT(words));
}

// `code` is a reason here, and `token` a word unless it looks like one.
static unsigned places_of(const walk *w, tskl_slice name) {
    size_t colon = tskl_slice_find(name, ':');
    if (colon != SIZE_MAX) name = tskl_slice_from(name, colon + 1);
    unsigned places = tskl_masker_places(w->masker, name);
    return places & TSKL_MASK_OAUTH ? places & TSKL_MASK_IF_OPAQUE(TSKL_MASK_MEMBER) : places;
}

static void read_value(walk *w, tskl_slice value, unsigned places) {
    tskl_slice plain = tskl_slice_trim(value);
    if (plain.len && tskl_mask_judges(places, TSKL_MASK_MEMBER, plain))
        tskl_masker_hide(w->masker, value.len == plain.len ? value : plain, plain, false);
    else
        tskl_masker_inside(w->masker, value, TSKL_ESCAPES_HTML, tskl_masker_text);
}

// The text of an element, between two tags or in CDATA.
static void read_text(walk *w, tskl_slice text) {
    tskl_slice plain = tskl_slice_trim(text);
    if (plain.len == 0) return;
    size_t level = w->depth < LEVELS ? w->depth : LEVELS - 1;
    unsigned places = w->name.len ? w->places[level] : 0;
    if (w->name.len && w->said && is_value(w->name)) places |= w->said;
    if (is_name(w->name))
        w->said = places_of(w, plain);
    else if (is_value(w->name))
        w->said = 0;
    read_value(w, text, places);
}

typedef struct attribute {
    tskl_slice name, value;
} attribute;

// The next attribute of a tag; false at its end.
static bool take_attribute(tskl_slice *tag, attribute *out) {
    *tag = tskl_slice_trim(*tag);
    size_t len = 0;
    while (len < tag->len && tag->ptr[len] != '=' && !is_blank(tag->ptr[len])) len++;
    *out = (attribute){.name = tskl_slice_first(*tag, len)};
    *tag = tskl_slice_trim(tskl_slice_from(*tag, len));
    if (!tskl_slice_starts(*tag, TSKL_S("="))) return len > 0;
    *tag = tskl_slice_trim(tskl_slice_from(*tag, 1));
    char quote = tag->len ? tag->ptr[0] : 0;
    bool quoted = quote == '"' || quote == '\'';
    if (quoted) *tag = tskl_slice_from(*tag, 1);
    len = 0;
    while (len < tag->len && (quoted ? tag->ptr[len] != quote : !is_blank(tag->ptr[len]))) len++;
    out->value = tskl_slice_first(*tag, len);
    *tag = tskl_slice_from(*tag, len + quoted);
    return true;
}

// What a tag's own attributes say of its value: name="password", type="password".
static unsigned said_by(const walk *w, tskl_slice tag) {
    unsigned places = 0;
    for (attribute a; take_attribute(&tag, &a);)
        if (is_name(a.name) || tskl_slice_equal_nocase(a.name, TSKL_S("type")))
            places |= places_of(w, a.value);
    return places;
}

static void read_attributes(walk *w, tskl_slice tag, unsigned said) {
    for (attribute a; take_attribute(&tag, &a) && !w->masker->edits.failed;) {
        if (a.value.len == 0) continue;
        // In HTML, accesskey is a key of the keyboard.
        bool keyboard = tskl_slice_equal_nocase(a.name, TSKL_S("accesskey"));
        unsigned places = keyboard ? 0 : places_of(w, a.name);
        read_value(w, a.value, is_value(a.name) ? places | said : places);
    }
}

static void open_element(walk *w, tskl_slice tag) {
    bool empty = tskl_slice_ends(tag, TSKL_S("/"));
    if (empty) tag.len--;
    size_t len = 0;
    while (len < tag.len && !is_blank(tag.ptr[len])) len++;
    tskl_slice name = tskl_slice_first(tag, len), attributes = tskl_slice_from(tag, len);
    unsigned said = said_by(w, attributes), parent = w->depth < LEVELS ? w->places[w->depth] : 0;
    read_attributes(w, attributes, said);
    w->name = empty ? tskl_slice_first(name, 0) : name;
    if (empty) return;
    // The text behind <input name="token"> is not its own.
    unsigned places = places_of(w, name) | (w->html ? 0 : said);
    if (is_value(name)) places |= parent;
    w->depth++;
    if (w->depth < LEVELS) w->places[w->depth] = places;
}

// A tag's text up to its '>', quotes taken into account. `*rest` becomes what follows.
static tskl_slice take_tag(tskl_slice *rest) {
    char quote = 0;
    size_t end = 0;
    for (; end < rest->len; end++) {
        char c = rest->ptr[end];
        if (quote ? c == quote : c == '>') {
            if (!quote) break;
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'') && end && rest->ptr[end - 1] == '=') {
            quote = c;
        }
    }
    tskl_slice tag = tskl_slice_first(*rest, end);
    *rest = tskl_slice_from(*rest, end + 1);
    return tag;
}

static tskl_slice take_until(tskl_slice *rest, tskl_slice mark) {
    size_t at = tskl_slice_search(*rest, mark);
    tskl_slice before = tskl_slice_first(*rest, at);
    *rest = tskl_slice_from(*rest, at == SIZE_MAX ? rest->len : at + mark.len);
    return before;
}

// What begins behind a '<'.
static void read_markup(walk *w, tskl_slice *rest) {
    const tskl_slice cdata = TSKL_S("![CDATA["), comment = TSKL_S("!--");
    if (tskl_slice_starts(*rest, cdata)) {
        *rest = tskl_slice_from(*rest, cdata.len);
        read_text(w, take_until(rest, TSKL_S("]]>")));
    } else if (tskl_slice_starts(*rest, comment)) {
        *rest = tskl_slice_from(*rest, comment.len);
        tskl_masker_text(w->masker, take_until(rest, TSKL_S("-->")));
    } else if (rest->len && strchr("/!?", rest->ptr[0])) {
        if (take_tag(rest).ptr[0] == '/' && w->depth > 0) w->depth--;
        w->name.len = 0;
    } else {
        open_element(w, take_tag(rest));
    }
}

void tskl_masker_xml(tskl_masker *masker, tskl_slice text) {
    walk w = {.masker = masker};
    tskl_slice begin = tskl_slice_first(tskl_slice_trim(text), 9);
    w.html = tskl_slice_starts_nocase(begin, TSKL_S("<!doctype")) ||
             tskl_slice_starts_nocase(begin, TSKL_S("<html"));
    while (text.len && !masker->edits.failed) {
        read_text(&w, tskl_slice_first(text, tskl_slice_find(text, '<')));
        tskl_slice_split(&text, '<');
        if (text.len) read_markup(&w, &text);
    }
}
