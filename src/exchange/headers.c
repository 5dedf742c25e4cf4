// SPDX-License-Identifier: Apache-2.0
#include "exchange/headers.h"

// They concern one connection, not the message: some clients report them and some do not.
static const tskl_slice hop_by_hop[] = {
    TSKL_LIT("connection"), TSKL_LIT("http2-settings"),
    TSKL_LIT("keep-alive"), TSKL_LIT("proxy-connection"),
    TSKL_LIT("te"),         TSKL_LIT("trailer"),
    TSKL_LIT("upgrade"),    TSKL_LIT("transfer-encoding"),
};

static bool is_name_byte(char c) {
    unsigned char byte = (unsigned char)c;
    if ((byte >= 'a' && byte <= 'z') || byte == '-') return true; // nearly all are
    return byte > ' ' && byte != 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", byte);
}

static bool is_name(tskl_slice name) {
    for (size_t i = 0; i < name.len; i++)
        if (!is_name_byte(name.ptr[i])) return false;
    return name.len > 0;
}

static bool begins_with_space(tskl_slice s) {
    return s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t');
}

// The next line together with those folded onto it (RFC 9112 5.2).
static tskl_slice next_line(tskl_slice *rest) {
    tskl_slice line = tskl_slice_line(rest);
    while (line.len && begins_with_space(*rest)) {
        tskl_slice fold = tskl_slice_line(rest);
        line.len = (size_t)(fold.ptr + fold.len - line.ptr);
    }
    return line;
}

// White space before the colon is forgiven: what a server really sent is worth more here than
// what it should have sent. A line that begins with space is a fold with nothing to fold onto.
static bool read_line(tskl_slice line, tskl_header *out) {
    size_t colon = tskl_slice_find(line, ':');
    if (colon == SIZE_MAX || begins_with_space(line)) return false;
    out->name = tskl_slice_trim(tskl_slice_first(line, colon));
    out->value = tskl_slice_trim(tskl_slice_from(line, colon + 1));
    return is_name(out->name);
}

static bool lower_name(tskl_arena *arena, tskl_slice *name) {
    size_t i = 0;
    while (i < name->len && !(name->ptr[i] >= 'A' && name->ptr[i] <= 'Z')) i++;
    if (i == name->len) return true;
    char *copy = tskl_arena_cstr(arena, *name);
    if (!copy) return false;
    for (; i < name->len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] + ('a' - 'A'));
    name->ptr = copy;
    return true;
}

static bool breaks_lines(char c) {
    return c == '\n' || c == '\r' || c == 0;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || breaks_lines(c);
}

// A folded value becomes one line, a space for each fold with the white space around it, as parsers
// do that unfold by themselves; a line end alone or a zero becomes a space (RFC 9110 5.5).
static bool unfold_value(tskl_arena *arena, tskl_slice *value) {
    size_t from = 0;
    while (from < value->len && !breaks_lines(value->ptr[from])) from++;
    if (from == value->len) return true;
    char *copy = tskl_arena_cstr(arena, *value);
    if (!copy) return false;
    size_t to = from;
    while (from < value->len) {
        if (!breaks_lines(copy[from])) {
            copy[to++] = copy[from++];
            continue;
        }
        while (to > 0 && is_space(copy[to - 1])) to--;
        while (from < value->len && is_space(copy[from])) from++;
        copy[to++] = ' ';
    }
    *value = tskl_slice_trim((tskl_slice){copy, to});
    return true;
}

// Where a header of that name goes: behind those of the same name, so that their order stays.
static size_t place_of(const tskl_headers *headers, tskl_slice name) {
    size_t low = 0, high = headers->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tskl_slice_compare(headers->items[middle].name, name) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(tskl_headers *headers, tskl_header header) {
    size_t at = place_of(headers, header.name);
    memmove(headers->items + at + 1, headers->items + at,
            (headers->count - at) * sizeof *headers->items);
    headers->items[at] = header;
    headers->count++;
}

static bool is_hop_by_hop(tskl_slice name) {
    for (size_t i = 0; i < TSKL_COUNT(hop_by_hop); i++)
        if (tskl_slice_equal(name, hop_by_hop[i])) return true;
    return false;
}

// As tskl_slice_compare of the name in lower case, without a copy of it.
static int compare_lower(tskl_slice name, tskl_slice lower) {
    for (size_t i = 0; i < name.len && i < lower.len; i++) {
        char c = name.ptr[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + ('a' - 'A'));
        if (c != lower.ptr[i]) return (unsigned char)c < (unsigned char)lower.ptr[i] ? -1 : 1;
    }
    return (name.len > lower.len) - (name.len < lower.len);
}

// Notes all headers of that name, which stand together, in `named`.
static void note_named(const tskl_headers *all, tskl_slice name, bool *named) {
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_lower(name, all->items[middle].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < all->count && !named[low] && !compare_lower(name, all->items[low].name); low++)
        named[low] = true;
}

// Which headers `connection` names. More names than there may be headers are not looked at.
static void note_connection(const tskl_headers *all, bool *named) {
    size_t looked_at = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (!tskl_slice_equal(all->items[i].name, TSKL_S("connection"))) continue;
        tskl_slice names = all->items[i].value;
        while (names.len && looked_at++ < TSKL_HEADER_COUNT_MAX)
            note_named(all, tskl_slice_trim(tskl_slice_split(&names, ',')), named);
    }
}

static void keep_end_to_end(const tskl_headers *all, const bool *named, tskl_headers *out) {
    for (size_t i = 0; i < all->count; i++)
        if (!named[i] && !is_hop_by_hop(all->items[i].name))
            out->items[out->count++] = all->items[i];
}

tskl_status tskl_headers_parse(tskl_slice lines, tskl_arena *arena, tskl_headers *out,
                               tskl_error *err) {
    *out = (tskl_headers){0};
    size_t most = tskl_slice_count(lines, '\n') + 1;
    if (most > TSKL_HEADER_COUNT_MAX) most = TSKL_HEADER_COUNT_MAX;
    tskl_headers all = {.items = tskl_arena_array(arena, tskl_header, most)};
    tskl_headers kept = {.items = tskl_arena_array(arena, tskl_header, most)};
    bool *named = tskl_arena_array(arena, bool, most); // by `connection`
    bool room = all.items && kept.items && named;
    while (room && lines.len && all.count < most) {
        tskl_header header;
        if (!read_line(next_line(&lines), &header)) continue;
        room = lower_name(arena, &header.name) && unfold_value(arena, &header.value);
        if (room) insert(&all, header);
    }
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu headers", most);
    note_connection(&all, named);
    keep_end_to_end(&all, named, &kept);
    *out = kept;
    return TSKL_OK;
}

tskl_slice tskl_headers_get(const tskl_headers *headers, tskl_slice name) {
    for (size_t i = 0; i < headers->count; i++)
        if (tskl_slice_equal(headers->items[i].name, name)) return headers->items[i].value;
    return (tskl_slice){NULL, 0};
}
