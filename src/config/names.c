// SPDX-License-Identifier: Apache-2.0
#include "config/names.h"
#include "base/status.h"

enum { LOWER = 1, UPPER = 2, DIGIT = 4 };

static unsigned class_of(char c) {
    if (c >= 'a' && c <= 'z') return LOWER;
    if (c >= 'A' && c <= 'Z') return UPPER;
    return c >= '0' && c <= '9' ? DIGIT : 0;
}

static bool made_of(tskl_slice name, unsigned classes, const char *marks) {
    if (name.len == 0 || name.len > TSKL_NAME_MAX) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(class_of(c) & classes) && (c == 0 || !strchr(marks, c))) return false;
    }
    return true;
}

bool tskl_name_is_pack(tskl_slice name) {
    return made_of(name, LOWER | DIGIT, "-_") && class_of(name.ptr[0]);
}

bool tskl_name_is_variable(tskl_slice name) {
    return made_of(name, LOWER | UPPER | DIGIT, "_") && class_of(name.ptr[0]) != DIGIT;
}

bool tskl_name_is_header(tskl_slice name) {
    return made_of(name, LOWER | UPPER | DIGIT, "!#$%&'*+-.^_`|~");
}

bool tskl_name_is_field(tskl_slice name) {
    return made_of(name, LOWER | UPPER | DIGIT, "_-.");
}

static bool has_part_nocase(tskl_slice text, tskl_slice part) {
    for (; text.len >= part.len; text = tskl_slice_from(text, 1))
        if (tskl_slice_starts_nocase(text, part)) return true;
    return false;
}

// "scheme://user:password@host": connection strings carry their password inside.
static bool has_password(tskl_slice value) {
    size_t scheme = tskl_slice_search(value, TSKL_S("://"));
    if (scheme == SIZE_MAX) return false;
    tskl_slice rest = tskl_slice_from(value, scheme + 3);
    tskl_slice authority = tskl_slice_split(&rest, '/');
    return tskl_slice_contains(authority, '@');
}

bool tskl_name_looks_secret(tskl_slice name, tskl_slice value) {
    // Parts rather than whole words: a variable held back is asked for by name, a leak is not.
    static const char *const parts[] = {"KEY",     "SECRET", "TOKEN",  "PASS",      "PWD",
                                        "CRED",    "AUTH",   "PRIV",   "SIGNATURE", "COOKIE",
                                        "SESSION", "DSN",    "BEARER", "SALT",      "CERT"};
    for (size_t i = 0; i < TSKL_COUNT(parts); i++)
        if (has_part_nocase(name, tskl_slice_of(parts[i]))) return true;
    return has_password(value);
}

bool tskl_names_lower(tskl_slice *names, size_t count, tskl_arena *arena) {
    for (size_t i = 0; i < count; i++) {
        char *copy = tskl_arena_cstr(arena, names[i]);
        if (!copy) return false;
        for (size_t j = 0; j < names[i].len; j++)
            if (class_of(copy[j]) == UPPER) copy[j] = (char)(copy[j] | 0x20);
        names[i].ptr = copy;
    }
    return true;
}
