// SPDX-License-Identifier: Apache-2.0
#include "json.h"
#include "lauxlib.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100 };

// ---- Reading ------------------------------------------------------------------------------------

typedef struct reader {
    lua_State *L;
    const char *at;
    int depth;
} reader;

static void read_value(reader *r);

static void skip_space(reader *r) {
    while (*r->at == ' ' || (*r->at >= '\t' && *r->at <= '\r')) r->at++;
}

static void expect(reader *r, char c) {
    skip_space(r);
    if (*r->at != c) luaL_error(r->L, "the input is no JSON: '%c' is missing", c);
    r->at++;
}

static unsigned read_hex(const char *at) {
    unsigned number = 0;
    for (int i = 0; i < 4 && at[i]; i++) {
        char c = at[i];
        number = number << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return number & 0xffff;
}

static char *write_utf8(char *to, unsigned c) {
    if (c < 0x80) return *to++ = (char)c, to;
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}

// Behind a backslash.
static char *read_escape(reader *r, char *to) {
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    char c = *r->at++;
    const char *known = memchr(names, c, sizeof names - 1);
    if (c != 'u') return *to++ = known ? values[known - names] : c, to;
    unsigned letter = read_hex(r->at);
    r->at += strnlen(r->at, 4);
    bool high = letter >= 0xd800 && letter < 0xdc00,
         low_follows = r->at[0] == '\\' && r->at[1] == 'u';
    unsigned low = high && low_follows ? read_hex(r->at + 2) : 0;
    if (low >= 0xdc00 && low < 0xe000) {
        letter = 0x10000 + ((letter - 0xd800) << 10) + (low - 0xdc00);
        r->at += 2 + strnlen(r->at + 2, 4);
    } else if (letter >= 0xd800 && letter < 0xe000) {
        letter = 0xfffd; // half of a pair
    }
    return write_utf8(to, letter);
}

static void read_string(reader *r) {
    const char *end = r->at;
    while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
    luaL_Buffer buffer;
    char *first = luaL_buffinitsize(r->L, &buffer, (size_t)(end - r->at)), *to = first;
    while (r->at < end) {
        if (*r->at != '\\')
            *to++ = *r->at++;
        else
            r->at++, to = read_escape(r, to);
    }
    luaL_pushresultsize(&buffer, (size_t)(to - first));
    expect(r, '"');
}

static void read_number(reader *r) {
    char *end;
    const char *at = r->at + (*r->at == '-');
    int64_t whole = 0;
    for (; *at >= '0' && *at <= '9' && at - r->at < 18; at++) whole = whole * 10 + (*at - '0');
    if (*at != '.' && *at != 'e' && *at != 'E' && !(*at >= '0' && *at <= '9')) {
        lua_pushinteger(r->L, *r->at == '-' ? -whole : whole);
        r->at = at;
        return;
    }
    lua_pushnumber(r->L, strtod(r->at, &end));
    r->at = end;
}

// Of an object or, without names, of an array, whose bracket was read.
static void read_items(reader *r, char close, bool named) {
    if (++r->depth > DEEPEST) luaL_error(r->L, "the input is nested too deep");
    luaL_checkstack(r->L, 4, NULL);
    lua_newtable(r->L);
    skip_space(r);
    for (lua_Integer i = 1; *r->at != close; i++) {
        if (i > 1) expect(r, ',');
        skip_space(r);
        if (named) {
            expect(r, '"');
            read_string(r);
            expect(r, ':');
        }
        read_value(r);
        if (named)
            lua_rawset(r->L, -3);
        else
            lua_rawseti(r->L, -2, i);
        skip_space(r);
    }
    r->at++;
    r->depth--;
}

static void read_word(reader *r) {
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < 3; i++) {
        size_t size = strlen(words[i]);
        if (strncmp(r->at, words[i], size)) continue;
        r->at += size;
        if (i)
            lua_pushboolean(r->L, i == 1);
        else
            lua_pushnil(r->L);
        return;
    }
    luaL_error(r->L, "the input is no JSON");
}

static void read_value(reader *r) {
    skip_space(r);
    char c = *r->at;
    if (c == '{' || c == '[') {
        r->at++;
        read_items(r, c == '{' ? '}' : ']', c == '{');
    } else if (c == '"') {
        r->at++;
        read_string(r);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        read_number(r);
    } else {
        read_word(r);
    }
}

void json_read(lua_State *L, const char *text) {
    reader r = {L, text, 0};
    read_value(&r);
}

// ---- Writing ------------------------------------------------------------------------------------

void json_put(json_text *to, const char *bytes, size_t size) {
    if (to->size + size > to->room) {
        size_t room = 2 * (to->size + size) + 1024;
        char *moved = realloc(to->bytes, room);
        if (!moved) to->failed = true;
        if (!moved) return;
        to->bytes = moved;
        to->room = room;
    }
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
}

// How many bytes the character at `at` has; 0 when it is none.
static size_t utf8_length(const unsigned char *at, const unsigned char *end) {
    unsigned first = at[0];
    size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || length > (size_t)(end - at)) return 0;
    unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (length > 1 && (at[1] < least || at[1] > most)) return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80) return 0;
    return length;
}

void json_put_string(json_text *to, const char *bytes, size_t size) {
    const unsigned char *at = (const unsigned char *)bytes, *end = at + size;
    json_put(to, "\"", 1);
    while (at < end) {
        size_t length = utf8_length(at, end);
        char escape[8];
        if (!length)
            json_put(to, "\xef\xbf\xbd", 3);
        else if (*at < ' ' || *at == '"' || *at == '\\')
            json_put(to, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", *at));
        else
            json_put(to, (const char *)at, length);
        at += length ? length : 1;
    }
    json_put(to, "\"", 1);
}

static void put_number(lua_State *L, int index, json_text *to) {
    char text[64];
    lua_Number number = lua_tonumber(L, index);
    int length = 0;
    if (lua_isinteger(L, index))
        length = snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, index));
    else if (number - number == 0)
        length = lua_write_number(text, number);
    else
        luaL_error(L, "a number that is none cannot be kept");
    json_put(to, text, (size_t)length);
}

static void put_array(lua_State *L, int table, json_text *to) {
    json_put(to, "[", 1);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, table); i++) {
        if (i > 1) json_put(to, ",", 1);
        lua_rawgeti(L, table, i);
        json_put_value(L, -1, to);
        lua_pop(L, 1);
    }
    json_put(to, "]", 1);
}

// The least name above `name`, nil for the first, takes its place; false when there is none. A
// table has no order, and records are to be the same each time.
static bool next_name(lua_State *L, int table) {
    int name = lua_gettop(L), best = name + 1;
    lua_pushnil(L);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING) continue;
        bool above = lua_isnil(L, name) || lua_compare(L, name, -1, LUA_OPLT);
        if (!above || (!lua_isnil(L, best) && !lua_compare(L, -1, best, LUA_OPLT))) continue;
        lua_pushvalue(L, -1);
        lua_replace(L, best);
    }
    lua_replace(L, name);
    return !lua_isnil(L, name);
}

static void put_object(lua_State *L, int table, json_text *to) {
    json_put(to, "{", 1);
    lua_pushnil(L);
    for (bool first = true; next_name(L, table); first = false) {
        size_t size;
        const char *name = lua_tolstring(L, -1, &size);
        if (!first) json_put(to, ",", 1);
        json_put_string(to, name, size);
        json_put(to, ":", 1);
        lua_pushvalue(L, -1);
        lua_rawget(L, table);
        json_put_value(L, -1, to);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    json_put(to, "}", 1);
}

void json_put_value(lua_State *L, int index, json_text *to) {
    size_t size;
    int table = lua_absindex(L, index);
    luaL_checkstack(L, 8, "a value is nested too deep");
    switch (lua_type(L, table)) {
    case LUA_TNIL: json_put(to, "null", 4); break;
    case LUA_TBOOLEAN:
        json_put(to, lua_toboolean(L, table) ? "true" : "false", lua_toboolean(L, table) ? 4 : 5);
        break;
    case LUA_TNUMBER: put_number(L, table, to); break;
    case LUA_TSTRING: {
        const char *text = lua_tolstring(L, table, &size);
        json_put_string(to, text, size);
        break;
    }
    case LUA_TTABLE:
        if (lua_gettop(L) > DEEPEST * 6) luaL_error(L, "a value is nested too deep");
        if (lua_rawlen(L, table))
            put_array(L, table, to);
        else
            put_object(L, table, to);
        break;
    default: luaL_error(L, "a %s cannot be kept", luaL_typename(L, table));
    }
}
