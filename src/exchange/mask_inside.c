// Texts that stand in texts: a URL in JSON with "\/" in it, JSON in a string of JSON or in a
// query's value, what XML writes with "&amp;". They are read without their escapes, and what is
// found there is hidden in the text as it was written. SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "exchange/masker.h"

// Behind an escape, where the two texts part by a new distance.
typedef struct jump {
    size_t plain, raw;
} jump;

typedef struct reading {
    tskl_slice raw;
    tskl_slice plain; // in room of raw.len bytes
    jump *jumps;
    size_t count;
} reading;

static const char first_bytes[] = {
    [TSKL_ESCAPES_JSON] = '\\',
    [TSKL_ESCAPES_PERCENT] = '%',
    [TSKL_ESCAPES_HTML] = '&',
    [TSKL_ESCAPES_EVENT] = '\n',
};

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// `count` hex digits at the beginning of `text`, or -1.
static int32_t hex_number(tskl_slice text, size_t count) {
    int32_t value = 0;
    if (text.len < count) return -1;
    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(text.ptr[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

// Each of the following reads one escape at the beginning of `text`: how long it is (0: it is
// none), and the character that it stands for.

static size_t read_unicode(tskl_slice text, uint32_t *character) {
    int32_t value = hex_number(tskl_slice_from(text, 2), 4);
    if (value < 0) return 0;
    *character = (uint32_t)value;
    tskl_slice next = tskl_slice_from(text, 6);
    if (value < 0xd800 || value > 0xdbff || !tskl_slice_starts(next, TSKL_S("\\u"))) return 6;
    int32_t low = hex_number(tskl_slice_from(next, 2), 4);
    if (low < 0xdc00 || low > 0xdfff) return 6;
    *character = 0x10000 + (((uint32_t)value - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
    return 12;
}

static size_t read_json(tskl_slice text, uint32_t *character) {
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (text.len < 2) return 0;
    if (text.ptr[1] == 'u') return read_unicode(text, character);
    const char *letter = text.ptr[1] ? strchr(letters, text.ptr[1]) : NULL;
    if (!letter) return 0;
    *character = (unsigned char)meant[letter - letters];
    return 2;
}

static size_t read_percent(tskl_slice text, uint32_t *character) {
    int32_t value = hex_number(tskl_slice_from(text, 1), 2);
    *character = (uint32_t)value;
    return value < 0 ? 0 : 3;
}

static size_t read_html(tskl_slice text, uint32_t *character) {
    static const struct {
        tskl_slice text;
        char character;
    } rows[] = {
        {TSKL_LIT("&amp;"), '&'},   {TSKL_LIT("&quot;"), '"'},  {TSKL_LIT("&lt;"), '<'},
        {TSKL_LIT("&gt;"), '>'},    {TSKL_LIT("&apos;"), '\''}, {TSKL_LIT("&#39;"), '\''},
        {TSKL_LIT("&#34;"), '"'},   {TSKL_LIT("&#38;"), '&'},   {TSKL_LIT("&#x26;"), '&'},
        {TSKL_LIT("&#x27;"), '\''}, {TSKL_LIT("&#x2F;"), '/'},  {TSKL_LIT("&#x3D;"), '='},
        {TSKL_LIT("&#61;"), '='},   {TSKL_LIT("&#47;"), '/'},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        *character = (unsigned char)rows[i].character;
        if (tskl_slice_starts_nocase(text, rows[i].text)) return rows[i].text.len;
    }
    return 0;
}

// The line end with the "data:" of the next line of data; what stands between them is no data.
static size_t read_event(tskl_slice text, uint32_t *character) {
    tskl_slice rest = tskl_slice_from(text, 1);
    while (rest.len && !tskl_slice_starts(rest, TSKL_S("data:"))) tskl_slice_line(&rest);
    *character = '\n';
    if (rest.len == 0) return text.len;
    rest = tskl_slice_from(rest, 5);
    return text.len - rest.len + tskl_slice_starts(rest, TSKL_S(" "));
}

static size_t read_escape(tskl_mask_escapes escapes, tskl_slice text, uint32_t *character) {
    switch (escapes) {
    case TSKL_ESCAPES_JSON: return read_json(text, character);
    case TSKL_ESCAPES_PERCENT: return read_percent(text, character);
    case TSKL_ESCAPES_HTML: return read_html(text, character);
    default: return read_event(text, character);
    }
}

// What needs no decoding, but that a form writes '+' for a space.
static void add_as_is(tskl_buf *plain, tskl_slice as_is, bool plus_is_space) {
    size_t from = plain->len;
    tskl_buf_add(plain, as_is);
    for (size_t i = from; plus_is_space && i < plain->len; i++)
        if (plain->ptr[i] == '+') plain->ptr[i] = ' ';
}

static bool decode(reading *r, tskl_mask_escapes escapes, tskl_arena *arena, size_t escape_count) {
    bool percent = escapes == TSKL_ESCAPES_PERCENT;
    // No escape is shorter than what it stands for.
    tskl_buf plain = {.ptr = tskl_arena_take(arena, r->raw.len), .room = r->raw.len};
    plain.cap = plain.room;
    r->jumps = tskl_arena_array(arena, jump, escape_count + 1);
    if (!plain.ptr || !r->jumps) return false;
    r->count = 1; // the first goes from beginning to beginning
    for (tskl_slice rest = r->raw; rest.len;) {
        tskl_slice as_is = tskl_slice_first(rest, tskl_slice_find(rest, first_bytes[escapes]));
        add_as_is(&plain, as_is, percent);
        rest = tskl_slice_from(rest, as_is.len);
        if (rest.len == 0) break;
        uint32_t character = (unsigned char)rest.ptr[0];
        size_t used = read_escape(escapes, rest, &character);
        if (percent || used == 0)
            tskl_buf_byte(&plain, used ? (char)character : rest.ptr[0]);
        else
            tskl_utf8_add(&plain, character);
        rest = tskl_slice_from(rest, used ? used : 1);
        if (used) r->jumps[r->count++] = (jump){plain.len, r->raw.len - rest.len};
    }
    r->plain = tskl_buf_slice(&plain);
    return !plain.failed;
}

// Where the byte `at` of the plain text stands in the raw one. `*from` moves on: edits are sorted.
static size_t raw_place(const reading *r, size_t at, size_t *from) {
    while (*from + 1 < r->count && r->jumps[*from + 1].plain <= at) ++*from;
    return r->jumps[*from].raw + (at - r->jumps[*from].plain);
}

// What an edit shows, with the quotes in it escaped as the text around it has them.
static tskl_slice escaped(tskl_arena *arena, tskl_mask_escapes escapes, tskl_slice text) {
    static const char *const quotes[] = {
        [TSKL_ESCAPES_NONE] = "\"",     [TSKL_ESCAPES_JSON] = "\\\"",
        [TSKL_ESCAPES_PERCENT] = "%22", [TSKL_ESCAPES_HTML] = "&quot;",
        [TSKL_ESCAPES_EVENT] = "\"",
    };
    if (!tskl_slice_contains(text, '"') && !tskl_slice_contains(text, '\\')) return text;
    // A quote that is escaped already gets its backslash escaped too.
    size_t longest = strlen(quotes[escapes]) + 1;
    char *room = tskl_arena_take(arena, text.len * longest);
    tskl_slice out = {room, 0};
    for (size_t i = 0; room && i < text.len; i++) {
        bool quote = text.ptr[i] == '"';
        bool slash = text.ptr[i] == '\\' && escapes == TSKL_ESCAPES_JSON;
        tskl_slice part = quote   ? tskl_slice_of(quotes[escapes])
                          : slash ? TSKL_S("\\\\")
                                  : tskl_slice_make(text.ptr + i, 1);
        memcpy(room + out.len, part.ptr, part.len);
        out.len += part.len;
    }
    return out;
}

// The edits of the inner text, made at the same places of the outer one.
static void take_edits(tskl_masker *masker, const tskl_masker *inner, const reading *r,
                       tskl_mask_escapes escapes) {
    size_t from = 0;
    masker->edits.failed = masker->edits.failed || inner->edits.failed;
    for (const tskl_edit *edit = inner->edits.first; edit; edit = edit->next) {
        size_t start = raw_place(r, edit->start, &from), end = raw_place(r, edit->end, &from);
        tskl_slice text = escaped(masker->arena, escapes, edit->text);
        if (!text.ptr) masker->edits.failed = true;
        tskl_edits_add(&masker->edits, masker->source,
                       tskl_slice_make(r->raw.ptr + start, end - start), text);
    }
}

// They are few in most texts, so that looking for the next one is faster than looking at each byte.
static size_t count_escapes(tskl_slice text, char first) {
    size_t count = 0;
    for (size_t at; (at = tskl_slice_find(text, first)) != SIZE_MAX; count++)
        text = tskl_slice_from(text, at + 1);
    return count;
}

void tskl_masker_inside(tskl_masker *masker, tskl_slice text, tskl_mask_escapes escapes,
                        void (*read)(tskl_masker *masker, tskl_slice text)) {
    if (masker->depth == TSKL_MASK_DEPTH) return;
    size_t count = escapes ? count_escapes(text, first_bytes[escapes]) : 0;
    if (count == 0) {
        masker->depth++;
        read(masker, text);
        masker->depth--;
        return;
    }
    reading r = {.raw = text};
    if (!decode(&r, escapes, masker->arena, count)) {
        masker->edits.failed = true;
        return;
    }
    tskl_masker inner = {masker->rules,   r.plain,       {.arena = masker->arena},
                         masker->secrets, masker->arena, masker->depth + 1,
                         masker->memos};
    read(&inner, r.plain);
    take_edits(masker, &inner, &r, escapes);
}
